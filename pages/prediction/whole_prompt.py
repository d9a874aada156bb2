"""What the model makes of a whole text: how surprising each token was, and how unsure the model is place by place."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from model_backend.base.records import Tokenization
from model_backend.serving.questions.reading import entropy_bits, ranks
from pages.common import state
from pages.common.cards import card
from pages.common.components import chart, component
from pages.common.text import rich, t, tn, token
from pages.common.words import facts_html, note, scale
from pages.prediction.passage import Passage
from viz import prediction, prediction_figures
from viz.chips import ribbon
from viz.labels import visible

TRANSLATION_LATEX = (
    r"\text{surprisal}(y_t) = -\log_2 p(y_t \mid y_{<t},\, x) \qquad \text{perplexity} = 2^{\,\text{mean surprisal}}"
)
SURPRISAL_LATEX = (
    r"\text{surprisal}(x_t) = -\log_2 p(x_t \mid x_{<t}) \qquad \text{perplexity} = 2^{\,\text{mean surprisal}}"
)


def show_surprisal(passage: Passage, bits: np.ndarray) -> None:
    """The text coloured by how surprising each token was, bits [pos]; a click focuses a token everywhere."""
    whole = prediction.surprisal_summary(bits)
    words = {
        "total": f"{whole['total_bits']:,.1f}",
        "mean": f"{whole['mean_bits']:.2f}",
        "n": prediction.choices(whole["mean_bits"]),
    }
    if passage.is_translation:
        answer = rich(
            "Given the source, the target has a surprisal of <b>{total} bits</b>: {mean} bits a token, as if each "
            "had to be guessed among {n} equally likely ones.",
            **words,
        )
    else:
        answer = rich(
            "The text has a surprisal of <b>{total} bits</b>: {mean} bits a token, as if each had to be guessed "
            "among {n} equally likely ones.",
            **words,
        )
    with card("prediction_surprisal", t("Which tokens surprised the model?"), answer) as c:
        draw_surprisal(passage.tokens, passage.focus, bits, lambda position: state.put(passage.field, position))
        facts = [
            (t("tokens that were predicted"), f"{whole['n']:,}"),
            (t("total surprisal"), t("{bits} bits", bits=f"{whole['total_bits']:,.2f}")),
            (t("mean per token"), t("{bits} bits", bits=f"{whole['mean_bits']:.3f}")),
            (t("perplexity of the text"), prediction.choices(whole["mean_bits"])),
        ]
        st.html(facts_html(facts))
        note(t("On each token: its id, then its surprisal in bits."))
        note(convention(passage))
        c.numbers(columns(passage.tokens, bits, passage.ask(ranks)), file="surprisal.csv")
        c.formula(
            TRANSLATION_LATEX if passage.is_translation else SURPRISAL_LATEX,
            t("A token of probability one half surprises by 1 bit, one of a quarter by 2 bits, and so on."),
        )


def draw_surprisal(
    tokens: Tokenization,
    focus: int,
    bits: np.ndarray,
    look_at: Callable[[int], None],
) -> None:
    """The tokens as chips, shaded by bits [pos], and the scale; a click calls `look_at` with the position."""

    def clicked() -> None:
        position = st.session_state["prediction_chips"].focus
        if position is not None:
            look_at(int(position))

    end = prediction.surprisal_end(bits)
    data = ribbon(tokens, focus=focus, amounts=bits.tolist(), full=end, note=prediction.surprisal_note)
    words = {
        "label": t("The tokens, each with its surprisal in bits; choose one to look at"),
        "special": t("special token"),
        "more": tn("… and {n} more token", "… and {n} more tokens", data["hidden"]) if data["hidden"] else "",
    }
    component("chips", key="prediction_chips", data=data | words, on_focus_change=clicked)
    scale(t("0 bits: expected"), t("{n} bits or more: surprising", n=f"{end:g}"))


def columns(tokens: Tokenization, bits: np.ndarray, ranks: np.ndarray) -> dict[str, list]:
    """The table behind the chips."""
    return {
        t("token"): [visible(piece) for piece in tokens.pieces],
        t("bits"): bits.tolist(),
        t("rank"): ranks.tolist(),
    }


def convention(passage: Passage) -> str:
    """What counts: whether something stands before the first token of the text."""
    if passage.is_translation:
        return t(
            "The decoder predicts the first word from its start token, which itself (–) does not count. The token "
            "that ends the translation is predicted too and counts."
        )
    if passage.tokens.is_special[0]:
        return t(
            "This model starts every text with a special token. It predicts the first word from that, and only the "
            "special token itself (–) does not count."
        )
    return t("Nothing stands before the first token, so nothing predicted it (–) and it does not count.")


def show_entropy_curve(passage: Passage) -> None:
    """How unsure the model is of what follows, place by place."""
    bits, pieces = passage.ask(entropy_bits)[: passage.n_open], passage.tokens.pieces[: passage.n_open]
    sure, unsure = int(bits.argmin()), int(bits.argmax())
    answer = rich(
        "It is surest of what follows {sure} ({low} bits) and least sure of what follows {unsure} ({high} bits).",
        sure=token(pieces[sure]),
        unsure=token(pieces[unsure]),
        low=f"{bits[sure]:.2f}",
        high=f"{bits[unsure]:.2f}",
    )
    explained = t(
        "Across: the tokens of your text. Upwards: the entropy of the guess that follows each, and how many equally "
        "likely tokens that is like. The large dot is the focused token."
    )
    if passage.is_translation:
        explained = t(
            "Across: the tokens of the target. Upwards: the entropy of the guess that follows each, and how many "
            "equally likely tokens that is like. The large dot is the focused token."
        )
    alt = t("Entropy of the next-token distribution after each token of the text")
    curve_card(bits, pieces, passage.focus, answer, explained, alt, is_dark=passage.is_dark)


def curve_card(
    bits: np.ndarray, pieces: Sequence[str], focus: int, answer: str, explained: str, alt: str, *, is_dark: bool
) -> None:
    """The card with the curve of bits [pos] over the pieces; `focus` is the place in them that is marked."""
    with card("prediction_curve", t("Where is the model sure of itself?"), answer) as c:
        labels = [visible(piece) for piece in pieces]
        figure = prediction_figures.entropy_curve(bits, labels, focus, tick, t("bits"), dark=is_dark)
        chart(figure, key="prediction_entropy", alt=alt)
        note(explained)
        c.numbers({t("token"): labels, t("bits"): bits.tolist()}, file="entropy.csv")


def tick(bits: int) -> str:
    """A mark on the axis of entropy."""
    return tn("{bits} bits<br>{count} token", "{bits} bits<br>{count} tokens", 2**bits, bits=bits, count=f"{2**bits:,}")
