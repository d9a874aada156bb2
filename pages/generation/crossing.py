"""Where a translator looks while it writes: one head of its cross-attention, at the step that is looked at."""

import numpy as np

from model_backend.serving.questions.writing import crossing
from pages.attention.looking import chosen_head
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, token
from pages.common.words import note
from pages.generation.writing import Writing
from viz.chips import ribbon
from viz.labels import percent, visible


def show(s: Screen, writing: Writing) -> None:
    """The card, for models that read one text and write another."""
    if s.model.info.kind != "encoder-decoder":
        return
    layer, head = chosen_head(s, "cross")
    steps = looked_at(s, writing, layer, head)
    weights, most = steps[-1], int(steps[-1].argmax())
    with card("generation_crossing", t("Where does it look while it writes?"), _answer(s, writing, weights, most)) as c:
        data = ribbon(s.tokens, focus=most, amounts=weights, note=percent)
        words = {
            "label": t("The source, each token with its share of this step's attention"),
            "special": t("special token"),
        }
        component("chips", key="generation_crossing_chips", data=data | words)
        note(
            t(
                "The source stays as it is, the target grows, and each step may look at all of the source. Shown is "
                "one head of the cross-attention, layer {layer}, head {head}: unless you chose another on the "
                "Attention screen, the one that keeps step with the source best. Other heads look elsewhere.",
                layer=layer,
                head=head,
            )
        )
        path = writing.tree.path(writing.at)
        if path:
            c.numbers(
                {
                    t("token"): [visible(node.piece) for node in path],
                    t("looked most at"): [visible(s.tokens.pieces[int(row.argmax())]) for row in steps],
                    t("share"): [percent(row.max()) for row in steps],
                },
                file="crossing.csv",
            )


def looked_at(s: Screen, writing: Writing, layer: int, head: int) -> np.ndarray:
    """[step, source] how that head shares its attention out at each step up to the one that chose the node; before the first
    token at the step that will choose it."""
    begun = writing.tree.begun
    before = begun + writing.tree.token_ids(writing.at)[:-1]
    return s.ask(crossing, s.tokens.text, before, layer, head)[len(begun) - 1 :]


def _answer(s: Screen, writing: Writing, weights: np.ndarray, most: int) -> Html:
    values = {"source": token(s.tokens.pieces[most]), "share": percent(weights[most])}
    if not writing.node.depth:
        return rich(
            "To begin it will look most at {source}, with <b>{share}</b> of the attention of this head.", **values
        )
    return rich(
        "To write {word} it looked most at {source}, with <b>{share}</b> of the attention of this head.",
        word=token(writing.node.piece),
        **values,
    )
