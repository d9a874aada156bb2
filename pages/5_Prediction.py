"""The Prediction screen: the distribution over the next token at any position, and what it makes of the whole prompt."""

import math

import streamlit as st

from pages.common import state
from pages.common.components import card, component
from pages.common.frame import screen
from pages.common.text import rich, t, tn, token
from pages.prediction.find import show_find
from pages.prediction.whole_prompt import show_entropy_curve, show_loss, show_surprisal
from pages.prediction.words import block, facts_html, note, note_html, paragraph
from viz import prediction

LATEX = r"p_i = \frac{e^{z_i}}{\sum_v e^{z_v}} \qquad H = -\sum_v p_v \log_2 p_v \qquad \text{perplexity} = 2^H"


def show_ledger(s, next_token) -> None:
    """Every number of the likeliest tokens, what the rows leave out, and how unsure the model is."""
    writes_on = s.model.info.kind == "decoder"
    at = s.focus + writes_on  # a model that fills gaps predicts the token that stands there
    followed = int(s.tokens.ids[at]) if at < len(s.tokens) else None
    data = prediction.ledger(next_token, s.model.piece, s.model.token_bytes, followed)
    with card("prediction_ledger", t("What comes next?"), best_guess(s, data["rows"][0], writes_on)) as c:
        is_large = state.get("projector")  # large type: one below the other
        picture, words = (st.container(), st.container()) if is_large else st.columns([7, 3], gap="medium")
        with picture:
            component("ledger", key="prediction_rows", data=data | ledger_words(data, len(next_token.ids)))
        with words:
            show_followed(s, data["pinned"])
            show_entropy(next_token)
        names = [t("rank"), t("token"), t("id"), t("logit"), t("probability"), t("ln p"), t("cumulative")]
        c.numbers(prediction.ledger_columns(data, names), file="next_token.csv")
        c.formula(
            LATEX, t("The logits z of all tokens become probabilities that add up to 1. H is the entropy in bits.")
        )


def best_guess(s, top: dict, writes_on: bool) -> str:
    """The answer to the card's question in one sentence."""
    words = {"word": token(s.tokens.pieces[s.focus]), "top": token(s.model.piece(top["id"])), "p": top["p"]}
    if writes_on:
        return rich("After {word} the model's best guess is {top} with <b>{p}</b>.", **words)
    return rich("Where {word} stands the model's best guess is {top} with <b>{p}</b>.", **words)


def ledger_words(data: dict, n_vocab: int) -> dict:
    """What the ledger component says."""
    columns = {"rank": t("rank"), "token": t("token"), "p": t("probability"), "logit": t("logit"), "ln_p": t("ln p")}
    others = [
        other | {"text": tn("the one other token", "all other {count} tokens together", n, count=f"{n:,}") if n else ""}
        for other in data["others"]
        for n in [other["n"]]
    ]
    return {
        "caption": t("The likeliest next tokens, the best first"),
        "columns": columns | {"cumulative": t("cumulative"), "scale": t("probability as a bar")},
        "sizes_label": t("Rows"),
        "mark": t("really followed"),
        "detail_names": [t("id"), t("bytes"), t("probability"), t("one in"), t("logit"), t("ln p"), t("cumulative")],
        "hint": t(
            "Choose a row for its id and bytes. The bars end at the best guess; all {n} tokens add up to 100 %.",
            n=f"{n_vocab:,}",
        ),
        "others": others,
    }


def show_followed(s, row: dict | None) -> None:
    """The token that really came, and how much of a surprise it was."""
    if row is None:
        words = t(
            "Nothing yet: this is the last token. Choose an earlier one above to compare the guess with what came."
        )
        block(t("What really followed?"), note_html(words))
        return
    sentence = rich(
        '<p style="margin:0">{token} was given <b>{p}</b>, rank {rank}. Its surprisal is <b>{bits} bits</b>.</p>',
        token=token(s.model.piece(row["id"])),
        p=row["p"],
        rank=row["rank"],
        bits=row["bits"],
    )
    block(t("What really followed?"), paragraph(sentence))


def show_entropy(next_token) -> None:
    """Entropy and perplexity in plain words."""
    bits, most = next_token.entropy_bits, math.log2(len(next_token.ids))
    n = prediction.choices(bits)
    numbers = [
        (t("entropy"), t("{bits} bits", bits=f"{bits:.2f}")),
        (t("perplexity"), n),
        (t("if it knew nothing"), t("{bits} bits", bits=f"{most:.2f}")),
    ]
    block(
        t("How unsure is the model?"),
        rich('<p style="margin:0">As unsure as a fair choice among <b>{n}</b> equally likely tokens.</p>', n=n),
        facts_html(numbers),
        note_html(t("0 bits would be certainty. Each bit more doubles the number of tokens to choose among.")),
    )


with screen("prediction") as s:
    now = s.trace.next_token(s.focus)
    show_ledger(s, now)
    show_find(s, now)
    if s.model.info.kind != "decoder":
        note(t("This model fills gaps and does not write on: a text has no surprisal and no such loss for it."))
    elif len(s.tokens) < 2:
        note(t("There is only one token so far. Type more to see how surprising each token was and what its loss is."))
    else:
        surprisal = s.trace.surprisal_bits()
        show_surprisal(s, surprisal)
        show_entropy_curve(s)
        show_loss(s, surprisal)
