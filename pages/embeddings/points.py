"""What is looked at on this screen: which points, by which vectors. Shared by all its cards and held in the address."""

from dataclasses import replace

import streamlit as st

from model_backend.base.embedding_records import VectorSet
from model_backend.base.word_lists import WORD_LISTS, parse_words
from model_backend.serving.questions.vectors import common_points, prompt_points, word_points
from pages.common import door, state
from pages.common.offer import check_length
from pages.common.screen import Screen
from pages.common.text import t, tn
from pages.common.words import note

N_VOCABULARY = 2000


def list_names() -> dict[str, str]:
    """The ready-made lists, in the language of the session."""
    return {
        "animals": t("animals"),
        "countries and capitals": t("countries and capitals"),
        "colours": t("colours"),
        "numbers": t("numbers"),
        "royalty and kin": t("royalty and kin"),
        "verbs": t("verbs"),
    }


def choose_points(s: Screen) -> None:
    """The controls: words, prompt or vocabulary; the list of words; which vectors."""
    sources = {
        "words": t("a list of words"),
        "prompt": t("the prompt’s tokens"),
        "vocabulary": t("common words of the vocabulary"),
    }
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.segmented_control(
            t("Points"), list(sources), default=state.get("points"), format_func=sources.__getitem__, required=True,
            key="embeddings_points", on_change=lambda: state.put("points", st.session_state["embeddings_points"]),
        )  # fmt: skip
    with right:
        choose_vectors(s)
    if state.get("points") == "words":
        choose_words()


def choose_vectors(s: Screen) -> None:
    """The static embedding or one layer's vectors."""
    n = s.model.info.n_layers
    names = {None: t("embedding (before the first layer)")} | {
        layer: t("after layer {n}", n=layer - 1) if layer else t("embedding and position") for layer in range(n + 1)
    }
    now = state.get("vectors")
    if now is not None and now > n:
        state.put("vectors", None)
    st.selectbox(
        t("Vectors"), list(names), index=list(names).index(state.get("vectors")), format_func=names.__getitem__,
        key=f"embeddings_vectors_{n}", on_change=lambda: state.put("vectors", st.session_state[f"embeddings_vectors_{n}"]),
        help=t("The embedding is the same wherever a token stands. After a layer a token’s vector also holds what it has read around it."),
    )  # fmt: skip


def choose_words() -> None:
    """The list of words, typed or ready-made."""
    st.pills(
        t("Ready-made"),
        list(WORD_LISTS),
        format_func=list_names().__getitem__,
        key="embeddings_list",
        on_change=_take_list,
    )
    if "embeddings_words" not in st.session_state:
        st.session_state["embeddings_words"] = state.get("words")
    st.text_area(
        t("Words, with commas between them"), key="embeddings_words", height=80,
        on_change=lambda: state.put("words", st.session_state["embeddings_words"]),
    )  # fmt: skip


def _take_list() -> None:
    name = st.session_state["embeddings_list"]
    if name:
        words = ", ".join(WORD_LISTS[name])
        state.put("words", words)
        st.session_state["embeddings_words"] = words


def points_asked_for() -> tuple[str, str, str]:
    """(source, words, prompt) of the points, which tells them from others; what does not belong to the source is empty."""
    source = state.get("points")
    return source, state.get("words") if source == "words" else "", state.get("prompt") if source == "prompt" else ""


def points_of(s: Screen, layer: int | None) -> VectorSet:
    """The chosen points, by the vectors of that layer (None: the embedding). Raises BackendError for a list without words."""
    source, words, _ = points_asked_for()
    if source == "prompt":  # as it stands there: on this screen no word is hidden
        return door.ask(prompt_points, s.name, replace(s.prompt, masked=()), layer)
    if source == "words":
        check_length(words)
        return s.ask(word_points, parse_words(words), layer)
    return s.ask(common_points, N_VOCABULARY, layer)


def say_what_is_missing(points) -> None:
    """Words without a vector, and how the points were chosen."""
    unknown = [word for word, _ in points.left_out]
    if unknown:
        note(
            tn(
                "This model has no vector for {words}.",
                "This model has no vectors for {words}.",
                len(unknown),
                words=", ".join(unknown),
            )
        )
    several = int((~points.is_single).sum())
    if several:
        note(
            tn(
                "{n} word is cut into several tokens; its point is the mean of their vectors.",
                "{n} words are cut into several tokens; their points are the means of their vectors.",
                several,
            )
        )
    if points.source == "vocabulary":
        note(
            t(
                "The first {n} whole words of the vocabulary, in the order of their ids: earlier ids are commoner "
                "words, though only roughly.",
                n=f"{len(points):,}",
            )
        )
