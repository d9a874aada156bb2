"""Context moves words: one word in several sentences, followed through the layers."""

import numpy as np
import streamlit as st

from model_backend.base.embedding_records import SensePaths, Senses
from model_backend.base.word_lists import SENSES
from model_backend.serving.questions.vectors import senses
from pages.common.cards import card
from pages.common.components import chart
from pages.common.fragments import fragment
from pages.common.offer import check_length
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import note, noting_errors
from viz import embeddings, inside_code


@fragment
def show_senses(s: Screen) -> None:
    """The word, its sentences, its ways through the layers, and how far the senses part."""
    with card("embeddings_senses", t("Does a word mean the same everywhere?")) as c:
        st.pills(t("Ready-made"), list(SENSES), key="senses_example", on_change=_take_example)
        st.session_state.setdefault("senses_word", "bark")
        st.session_state.setdefault("senses_sentences", _as_text(SENSES["bark"]))
        left, right = st.columns([1, 3], gap="medium")
        with left:
            word = st.text_input(t("Word"), key="senses_word")
        with right:
            typed = st.text_area(
                t("Sentences, one a line; before the colon the sense you think of"), key="senses_sentences", height=170
            )
        noting_errors(show_found, s, word, _parse(typed), c)


def show_found(s: Screen, word: str, sentences: tuple[tuple[str, str], ...], c) -> None:
    """The two pictures and what they say. Raises BackendError for a word that is nowhere in the sentences."""
    check_length("\n".join(sentence for _, sentence in sentences))
    found, ways = s.ask(senses, word, sentences)
    st.html(f'<p class="ts-answer">{answer(found)}</p>')
    show_pictures(s, found, ways)
    if not found.sees_what_follows:
        note(
            t(
                "This model reads from left to right: only what stands before the word can part its senses. Put the "
                "clue first, or choose a model that fills gaps."
            )
        )
    c.numbers(
        {t("layer"): layer_names(found), t("different senses"): _column(found.between),
         t("same sense"): _column(found.within), t("silhouette"): _column(found.silhouette)},
        file="senses.csv",
    )  # fmt: skip
    c.formula(
        r"d(a,b)=1-\cos(a,b) \qquad s=\frac{b-a}{\max(a,b)}",
        t(
            "The silhouette s of a point compares its mean distance a to its own sense with that to the other, b: 1 "
            "is clearly apart, 0 mixed. It is scikit-learn’s."
        ),
    )
    if (row := farthest(found)) is not None:
        read = [(o.sense, sentences[o.sentence][1], o.positions.tolist()) for o in found.occurrences]
        c.code(inside_code.senses_code(s.model.info.name, read, row))


def layer_names(found: Senses) -> list[str]:
    """Names of the rows of the residual stream."""
    return [t("embedding"), *(t("layer {n}", n=i) for i in range(found.vectors.shape[1] - 1))]


def show_pictures(s: Screen, found: Senses, ways: SensePaths) -> None:
    """The ways through the layers, and how far the senses are apart."""
    names = layer_names(found)
    lines = [" ".join(p.strip() for p in o.pieces) + f" · {o.sense}" for o in found.occurrences]
    left, right = st.columns(2, gap="medium")
    with left:
        figure = embeddings.paths_figure(
            ways.points, [o.sense for o in found.occurrences], lines, names, dark=s.is_dark
        )
        alt = t("The ways of the word through the layers, a line a sentence")
        chart(figure, key="senses_paths", alt=alt)
        note(
            t(
                "Each line is one sentence: from the embedding (small dot) through the layers to the last (large "
                "dot), seen from the direction in which the sentences differ most."
            )
        )
    with right:
        words = {
            "between": t("different senses"),
            "within": t("same sense"),
            "axis": t("cosine distance"),
            "layer": t("layer"),
        }
        figure = embeddings.parting_figure(found.between, found.within, names, words, dark=s.is_dark)
        alt = t("Mean distances between different senses and within one sense, layer by layer")
        chart(figure, key="senses_parting", alt=alt)
        note(
            t(
                "How far apart the word’s vectors are: on average between sentences of different senses, and of the same sense."
            )
        )


def farthest(found: Senses) -> int | None:
    """The row of the residual stream where the senses lie farthest apart; None with fewer than two senses."""
    gap = found.between - found.within
    return None if np.isnan(gap).all() else int(np.nanargmax(gap))


def answer(found: Senses):
    """Where the senses lie farthest apart, in one sentence."""
    best = farthest(found)
    if best is None:
        return rich("{word} has only one sense here; write sentences for a second one.", word=token(found.word))
    words = {
        "word": token(found.word), "layer": best - 1, "between": f"{found.between[best]:.2f}", "within": f"{found.within[best]:.2f}",
        "start": f"{found.between[0]:.2f}",
    }  # fmt: skip
    if best == 0:
        return rich(
            "The senses of {word} do not part in this model: nowhere are they farther apart than at the start.", **words
        )
    return rich(
        "{word} starts with nearly one vector for all senses (distance {start}). After layer {layer} different "
        "senses are <b>{between}</b> apart, the same sense <b>{within}</b>.",
        **words,
    )


def _column(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in values]


def _parse(typed: str) -> tuple[tuple[str, str], ...]:
    """(sense, sentence) a line; a line without a colon has no named sense."""
    lines = (line.partition(":") for line in typed.splitlines() if line.strip())
    return tuple(
        (sense.strip(), sentence.strip()) if colon else ("", sense.strip()) for sense, colon, sentence in lines
    )


def _as_text(sentences) -> str:
    return "\n".join(f"{sense}: {sentence}" for sense, sentence in sentences)


def _take_example() -> None:
    word = st.session_state["senses_example"]
    if word:
        st.session_state["senses_word"] = word
        st.session_state["senses_sentences"] = _as_text(SENSES[word])
