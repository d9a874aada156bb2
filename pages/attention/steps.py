"""The arithmetic of one head for one token, with this prompt's real numbers."""

from model_backend import UnsupportedArchitecture
from model_backend.serving.questions.inside import head_steps
from pages.attention.looking import Look
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import rich, said, t, token
from pages.common.words import note
from viz import attention
from viz.labels import percent


def show_steps(s: Screen, look: Look) -> None:
    """Query times keys, scaled, softmaxed, and the values mixed."""
    query = token(look.row_pieces[look.row])
    title = t("How does the head work that out?")
    try:
        record = s.ask(head_steps, look.layer, look.head, look.row, look.kind)
    except UnsupportedArchitecture as error:
        with card("attention_steps", title):
            note(said(error))
        return
    best = int(record.weights.argmax())
    answer = rich(
        "{query} asks with its query; every token it may see answers with its key. The largest share, "
        "<b>{share}</b>, goes to {key}, whose dot product is {product}.",
        query=query,
        key=token(look.column_pieces[best]),
        share=percent(float(record.weights[best])),
        product=f"{record.dots[best]:.2f}".replace("-", "−"),
    )
    with card("attention_steps", title, answer) as c:
        component(
            "head_steps",
            key="attention_steps_table",
            data=attention.steps(record, look.row_labels[look.row], look.column_labels, words(record)),
        )
        if record.n_sharing > 1:
            note(
                t(
                    "This model lets {n} heads share one set of keys and values (grouped-query attention); here it is set {kv}.",
                    n=record.n_sharing,
                    kv=record.kv_head,
                )
            )
        c.numbers(numbers_of(record, look), file="head_steps.csv")
        c.formula(
            r"\alpha_j=\frac{e^{s_j}}{\sum_i e^{s_i}} \qquad s_j=\frac{q\cdot k_j}{\sqrt{d_{head}}} \qquad \text{out}=\sum_j \alpha_j v_j",
            t("q is the query of this token, k the keys and v the values of the tokens it may see. Dividing by √d "
              "keeps the scores from growing with the number of dimensions."),
        )  # fmt: skip


def words(record) -> dict:
    """What the table says; a model with a scale of its own says its scale."""
    d = record.key.shape[1]
    is_usual = abs(record.scale - d**-0.5) < 1e-6
    scaled = t("÷ √{d}", d=d) if is_usual else t("× {scale}", scale=f"{record.scale:.3g}")
    return {
        "label": t("Attention worked out, one row a token that is looked at"),
        "stages": [
            t("a query and a key for each token"),
            t("dot product: how well they match"),
            t("scaled, so that it does not grow with the dimensions"),
            t("softmax: shares that add up to 100 %"),
            t("values, mixed by these shares"),
        ],
        "key_token": t("token"),
        "key": t("its key"),
        "product": t("query · key"),
        "scaled": scaled,
        "score": t("with position") if record.position_bias.any() else t("capped"),
        "weight": t("share"),
        "value": t("its value"),
        "query": t("the query of this token: {d} numbers, blue below zero", d=d),
        "rest": t("{n} others together"),
        "sum": t("sum: what this head takes along"),
        "says": t(
            "“{key}”: {n} products of query and key add up to {product} (the largest: {terms}). Scaled: {scaled}. e "
            "to the power of its score, against the highest: {power}; as a share of all: {weight}."
        ),
    }


def numbers_of(record, look: Look) -> dict[str, list]:
    """The table's columns for all keys that can be seen."""
    seen = record.visible.nonzero()[0]
    return {
        t("token"): [look.column_labels[i] for i in seen],
        t("query · key"): [float(x) for x in record.dots[seen]],
        t("scaled"): [float(x) for x in record.scaled[seen]],
        t("score"): [float(x) for x in record.scores[seen]],
        t("share"): [float(x) for x in record.weights[seen]],
    }
