"""One head: which token looks where, as a matrix or as lines."""

import numpy as np
import streamlit as st

from model_backend.base.inside_records import Measure
from pages.attention.looking import Look
from pages.common import state
from pages.common.cards import Card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, token
from pages.common.words import note
from viz import attention, inside_code
from viz.labels import percent

MAX_NUMBERS = 64 * 64  # of a longer text the table holds the row in focus: half a million lines help nobody
MAX_ALIGNED = 60


def answer(look: Look) -> Html:
    """Where the token in focus looks most, in one sentence."""
    key, weight = attention.strongest(look.weights[look.row])
    words = {
        "layer": look.layer,
        "head": look.head,
        "query": token(look.row_pieces[look.row]),
        "share": percent(weight),
        "length": f"{weight:.2f}",
        "key": token(look.column_pieces[key]),
    }
    return {
        "weight": rich("In layer {layer}, head {head}, {query} gives <b>{share}</b> of its attention to {key}.", **words),
        "value": rich(
            "In layer {layer}, head {head}, what {query} takes over is mostly from {key}: a vector of length <b>{length}</b>.", **words),
        "layer_mean": rich("On average over the heads of layer {layer}, {query} gives <b>{share}</b> of its attention to {key}.", **words),
        "layer_max": rich(
            "The head of layer {layer} that looks hardest gives <b>{share}</b> of the attention of {query} to {key}.", **words),
        "all_mean": rich("On average over all heads of all layers, {query} gives <b>{share}</b> of its attention to {key}.", **words),
        "all_max": rich("The head of all layers that looks hardest gives <b>{share}</b> of the attention of {query} to {key}.", **words),
        "rollout": rich("Up to layer {layer}, if attention were all, <b>{share}</b> of what {query} holds came from {key}.", **words),
    }[look.measure]  # fmt: skip


def caveat(measure: Measure) -> str:
    """What the numbers are not."""
    if measure == "value":
        return t(
            "Attention weighs values, and values have lengths: a large weight on a short value moves little. Shown "
            "is the length of weight × value, as the head writes it (‖αv‖)."
        )
    if measure == "rollout":
        return t(
            "Rollout multiplies the mean attention of all layers, half of it passing straight on. It knows nothing "
            "of values and of the layers’ other half, the MLP: a rough map of where information could come from."
        )
    if measure in ("layer_max", "all_max"):
        return t("A maximum over heads is no distribution: a row may add up to more than 100 %.")
    return t(
        "Attention shows from where a head takes information, not why the model decides as it does. A head may look "
        "somewhere and take almost nothing."
    )


def words(look: Look) -> dict:
    """What the picture says."""
    return {
        "view": t("Picture"),
        "matrix": t("Matrix"),
        "arcs": t("Lines"),
        "scale": t("Colour scale"),
        "by_row": t("each row to its own largest"),
        "by_all": t("all rows alike"),
        "by_log": t("logarithmic"),
        "row_most": t("largest of its row"),
        "hide": t("leave out the first token"),
        "hidden": t(
            "Left out, not redistributed: “{from}” gives {share} to the first token, “{first}”. The other numbers stay as they are."
        ),
        "map": t("The whole text; move the frame"),
        "from": t("this token looks"),
        "to": t("is looked at"),
        "says": t("“{from}” gives {share} of its attention to “{to}”.")
        if look.is_share
        else t("What “{from}” takes over from “{to}” has length {share}."),
        "masked": t("“{from}” cannot look at “{to}”: it comes later in the text."),
        "outside": t("“{from}” cannot look at “{to}”: it lies outside the window through which this model looks."),
        "is_causal": look.kind == "decoder",
    }


def show_one_head(s: Screen, look: Look, c: Card) -> None:
    """The picture of the chosen head; a click on a row moves the focus."""
    label = t(
        "Attention of layer {layer}, head {head}: rows look, columns are looked at", layer=look.layer, head=look.head
    )
    data = attention.matrix(
        look.weights, look.row_labels, look.column_labels, look.row, label, words(look), is_share=look.is_share
    )
    component("attention", key=f"attention_{look.kind}", data=data, on_focus_change=lambda: _focus_from_picture(look))
    note(caveat(look.measure))
    if attention.is_windowed(look.weights, look.kind):
        note(
            t(
                "Here a token sees at most {n} tokens, itself among them; what lies outside this window is left open.",
                n=int((~np.isnan(look.weights)).sum(1).max()),
            )
        )
    if look.kind == "cross":
        st.html(alignment(look))
    c.numbers(numbers_of(look), file="attention.csv")
    c.formula(
        r"A = \text{softmax}\!\left(\frac{QK^\top}{\sqrt{d_{head}}} + M\right)",
        t(
            "Each row adds up to 1. Q are the questions that tokens ask (queries), K the labels they carry (keys), M "
            "hides what may not be seen."
        ),
    )
    if look.measure == "weight":
        c.code(code_of(s, look))


def numbers_of(look: Look) -> dict[str, list]:
    """The weights as columns; of a long text those of the row in focus."""
    names = (t("looks"), t("is looked at"), t("weight") if look.is_share else t("length"))
    rows = slice(None) if look.weights.size <= MAX_NUMBERS else slice(look.row, look.row + 1)
    return attention.table(look.weights[rows], look.row_labels[rows], look.column_labels, names)


def alignment(look: Look) -> Html:
    """Each token of the translation with the source token that was looked at most as it was written: by the row before it."""
    written = zip(look.row_pieces[1:], look.weights, strict=False)
    pairs = [(piece, *attention.strongest(row)) for piece, row in written]
    lines = (
        rich(
            '<span style="white-space:nowrap">{target} ← {source} <small>{share}</small></span>',
            target=token(piece), source=token(look.column_pieces[key]), share=percent(weight) if look.is_share else f"{weight:.2f}",
        )
        for piece, key, weight in pairs[:MAX_ALIGNED]
    )  # fmt: skip
    words = t("Where the decoder looks most as it writes each token of the translation (the row of the token before):")
    return rich(
        '<p class="ts-note">{words}</p><p style="display:flex;flex-wrap:wrap;gap:0.4rem 1.2rem;margin:0.3rem 0 0">{lines}</p>',
        words=words, lines=Html("".join(lines)),
    )  # fmt: skip


def code_of(s: Screen, look: Look) -> str:
    """Lines of Python for the row in focus."""
    return inside_code.attention_code(
        s.model.info.name, s.model.info.dtype, s.tokens.ids.tolist(), s.target_ids,
        look.kind, look.layer, look.head, look.row,
    )  # fmt: skip


def _focus_from_picture(look: Look) -> None:
    row = st.session_state[f"attention_{look.kind}"].focus
    if row is not None:
        state.put(look.focus_field, int(row))
        st.session_state["_attention_moved"] = True
