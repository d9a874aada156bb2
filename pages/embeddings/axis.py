"""Axes that a person defines from pairs of words, and words placed on them."""

import numpy as np
import streamlit as st

from model_backend import BackendError
from model_backend.base.word_lists import AXES, parse_words
from model_backend.serving.questions.vectors import axis, place_on_axis, word_vectors
from pages.common.cards import Card, card
from pages.common.components import component
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import t
from pages.common.words import note, noting_errors
from pages.embeddings.points import say_what_is_missing
from viz import inside_code
from viz.embeddings import axis_rows, signed


@fragment
def show_axis(s: Screen) -> None:
    """An axis from pairs of words, and the points of the list placed on it."""
    with card("embeddings_axis", t("What lies between small and big?")) as c:
        note(
            t(
                "Pairs of words define a direction; other words are placed where they fall on it. Textbooks draw "
                "axes such as “cute”: here you build one from the model’s own vectors."
            )
        )
        st.pills(t("Ready-made"), list(AXES), key="axis_example", on_change=_take_axis)
        st.session_state.setdefault("axis_pairs", _as_text(AXES["small → big"]))
        st.session_state.setdefault(
            "axis_words", "mouse, ant, cat, dog, horse, elephant, whale, house, mountain, crumb"
        )
        left, right = st.columns(2, gap="medium")
        with left:
            pairs = st.text_area(t("Pairs, one a line: low, high"), key="axis_pairs", height=130)
        with right:
            words = st.text_area(t("Words to place"), key="axis_words", height=130)
        noting_errors(show_placed, s, pairs, words, c)


def show_placed(s: Screen, typed: str, words: str, c: Card) -> None:
    """The words on the axis, and whether the axis means something. Raises BackendError for what cannot be read."""
    pairs = pairs_in(typed)
    ends = s.ask(word_vectors, tuple(word for pair in pairs for word in pair))
    lows, highs = ([ends.index(pair[i]) for pair in pairs] for i in (0, 1))
    found = ask(axis, ends.vectors[lows], ends.vectors[highs])
    placed = s.ask(word_vectors, parse_words(words))
    places = ask(place_on_axis, found, placed.vectors)
    order = np.argsort(places)
    names, (low, high) = [placed.labels[i] for i in order], pairs[0]
    label = t("Words along the axis from {low} to {high}", low=low, high=high)
    component("axis", key="axis_picture", data=axis_rows(names, places[order], low, high) | {"label": label})
    say_whether_pairs_agree(found)
    say_what_is_missing(placed)
    c.numbers({t("word"): names, t("place"): [float(p) for p in places[order]]}, file="axis.csv")
    c.formula(
        r"\text{place}(w)=\frac{(w-o)\cdot u}{s}",
        t("u is the mean direction from low to high, o the middle of all pair words, s half the pairs’ distance: −1 "
          "is a typical low end, +1 a typical high end."),
    )  # fmt: skip
    c.code(
        inside_code.axis_code(
            s.model.info.name, s.model.info.dtype, [ends.token_ids[i] for i in lows], [ends.token_ids[i] for i in highs],
            [placed.token_ids[i] for i in order],
        )
    )  # fmt: skip


def pairs_in(typed: str) -> list[tuple[str, str]]:
    """The (low, high) words, one pair a line. Raises BackendError for a line that is no pair."""
    lines = [parse_words(line) for line in typed.splitlines() if line.strip()]
    if not lines or any(len(words) != 2 for words in lines):
        raise BackendError(
            t("A pair is two words with a comma between them."), t("Write one pair a line, such as: small, big.")
        )
    return [(low, high) for low, high in lines]


def say_whether_pairs_agree(found) -> None:
    """How well each pair points along the axis of the others, beside what chance would give."""
    if len(found.leave_one_out) == 1:
        note(
            t("One pair alone is only the difference of two words. Add pairs to see whether they agree on a direction.")
        )
        return
    mean = float(np.nanmean(found.leave_one_out))
    numbers = {"cosine": signed(mean, 2), "chance": f"{found.chance:.2f}"}
    if mean > 3 * found.chance:
        note(
            t(
                "The pairs agree: each points along the axis of the others with cosine {cosine} on average; by "
                "chance it would be about ±{chance}.",
                **numbers,
            )
        )
        return
    note(
        t(
            "The pairs hardly agree, so this axis means little: each points along the axis of the others with cosine "
            "{cosine} on average; chance alone gives about ±{chance}.",
            **numbers,
        )
    )


def _as_text(pairs) -> str:
    return "\n".join(", ".join(pair) for pair in pairs)


def _take_axis() -> None:
    name = st.session_state["axis_example"]
    if name:
        st.session_state["axis_pairs"] = _as_text(AXES[name])
