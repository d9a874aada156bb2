"""Do directions mean something? Analogies, and axes that a person defines."""

import numpy as np
import streamlit as st

from model_backend import BackendError, analogies, embeddings
from model_backend.word_lists import ANALOGIES, AXES
from pages.common import cached_views, state
from pages.common.components import card, component
from pages.common.fragments import fragment
from pages.common.text import rich, t, tn, token
from pages.common.words import note, noting_errors
from viz.embeddings import axis_rows, nearest_rows, signed

N_CANDIDATES = 5000


@fragment
def show_analogy(s) -> None:
    """a − b + c among the words of the vocabulary, the inputs left in the ranking and marked."""
    with card("embeddings_analogy", t("Can one calculate with meanings?")) as c:
        examples = [f"{a} − {b} + {d}" for a, b, d in ANALOGIES]
        st.pills(
            t("Try"),
            range(len(examples)),
            format_func=examples.__getitem__,
            key="analogy_example",
            on_change=_take_analogy,
        )
        for key, word in zip(("analogy_a", "analogy_b", "analogy_c"), ANALOGIES[0], strict=True):
            st.session_state.setdefault(key, word)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            words = [
                st.text_input(t("Take"), key="analogy_a").strip(),
                st.text_input(t("minus"), key="analogy_b").strip(),
                st.text_input(t("plus"), key="analogy_c").strip(),
            ]
        noting_errors(show_answer, s, words, c)


def show_answer(s, words: list[str], c) -> None:
    """The ranking for three words. Raises BackendError for a word that the model does not know."""
    asked = embeddings.word_vectors(s.model, words)
    common = cached_views.points(state.get("model"), "vocabulary", "", "", None, N_CANDIDATES)
    rows = [asked.vectors[analogies.points_of(asked.labels, word)[0]] for word in dict.fromkeys(words)]
    others = [i for i, label in enumerate(common.labels) if label not in words]
    matrix = np.concatenate([np.stack(rows), common.vectors[others]])
    labels = [*dict.fromkeys(words), *(common.labels[i] for i in others)]
    found = analogies.analogy(matrix, *(labels.index(word) for word in words), k=8)
    st.html(
        rich(
            '<p class="ts-answer">Without the three words themselves {answer} comes nearest, with cosine <b>{cosine}</b>.</p>',
            answer=token(labels[found.answer]),
            cosine=signed(found.answer_cosine),
        )
    )
    bars = nearest_rows([labels[i] for i in found.indices], found.cosines, "cosine")
    for bar, is_input in zip(bars, found.is_input, strict=True):
        if is_input:
            bar |= {"note": t("{cosine} · one of the three", cosine=bar["note"]), "muted": True}
    label = t("The words nearest to the sum, the inputs among them")
    component("bars", key="analogy_bars", data={"rows": bars, "label": label, "clickable": False})
    if found.best_is_input:
        note(
            t(
                "The honest winner is one of the three words you put in; most demonstrations leave them out in silence. The answer is number {rank} of all.",
                rank=found.answer_rank,
            )
        )
    if found.answer_rank_from_c == 1:
        note(t("It is also what lies nearest to the last word alone: here the arithmetic has changed nothing."))
    else:
        note(
            tn(
                "Nearest to the last word alone it would be number {n}: the arithmetic has moved it up.",
                "Nearest to the last word alone it would be number {n}: the arithmetic has moved it up.",
                found.answer_rank_from_c,
            )
        )
    c.numbers(
        {t("token"): [labels[i] for i in found.indices], t("cosine"): [float(v) for v in found.cosines], t("one of the three"): [bool(i) for i in found.is_input]},
        file="analogy.csv",
    )  # fmt: skip
    c.formula(
        r"\hat a - \hat b + \hat c \;\rightarrow\; \arg\max_w \cos(w,\ \cdot\ )",
        t("Each vector is first made length 1; compared are {n} words of the vocabulary.", n=f"{found.n_candidates:,}"),
    )


def _take_analogy() -> None:
    number = st.session_state["analogy_example"]
    if number is not None:
        for key, word in zip(("analogy_a", "analogy_b", "analogy_c"), ANALOGIES[number], strict=True):
            st.session_state[key] = word


@fragment
def show_axis(s) -> None:
    """An axis from pairs of words, and the points of the list placed on it."""
    with card("embeddings_axis", t("What lies between small and big?")) as c:
        note(
            t(
                "Pairs of words define a direction; other words are placed where they fall on it. Textbooks draw axes such as “cute”: here you build one from the model’s own vectors."
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


def show_placed(s, pairs: str, words: str, c) -> None:
    """The words on the axis, and whether the axis means something. Raises BackendError for what cannot be read."""
    couples = [embeddings.parse_words(line) for line in pairs.splitlines() if line.strip()]
    wrong = next((couple for couple in couples if len(couple) != 2), None)
    if wrong is not None:
        raise BackendError(
            t("A pair is two words with a comma between them."), t("Write one pair a line, such as: small, big.")
        )
    ends = embeddings.word_vectors(s.model, [word for couple in couples for word in couple])
    places_of = [analogies.points_of(ends.labels, *couple) for couple in couples]
    low, high = (np.stack([ends.vectors[places[i]] for places in places_of]) for i in (0, 1))
    found = analogies.axis(low, high)
    placed = embeddings.word_vectors(s.model, embeddings.parse_words(words))
    places = analogies.place_on_axis(found, placed.vectors)
    order = np.argsort(places)
    component(
        "axis", key="axis_picture",
        data=axis_rows([placed.labels[i] for i in order], places[order], couples[0][0], couples[0][1])
        | {"label": t("Words along the axis from {low} to {high}", low=couples[0][0], high=couples[0][1])},
    )  # fmt: skip
    if len(couples) > 1:
        mean = float(np.nanmean(found.leave_one_out))
        numbers = {"cosine": signed(mean, 2), "chance": f"{found.chance:.2f}"}
        if mean > 3 * found.chance:
            note(
                t(
                    "The pairs agree: each points along the axis of the others with cosine {cosine} on average; by chance it would be about ±{chance}.",
                    **numbers,
                )
            )
        else:
            note(
                t(
                    "The pairs hardly agree, so this axis means little: each points along the axis of the others with cosine {cosine} on average; chance alone gives about ±{chance}.",
                    **numbers,
                )
            )
    else:
        note(
            t("One pair alone is only the difference of two words. Add pairs to see whether they agree on a direction.")
        )
    c.numbers(
        {t("word"): [placed.labels[i] for i in order], t("place"): [float(p) for p in places[order]]}, file="axis.csv"
    )
    c.formula(
        r"\text{place}(w)=\frac{(w-o)\cdot u}{s}",
        t("u is the mean direction from low to high, o the middle of all pair words, s half the pairs’ distance: −1 is a typical low end, +1 a typical high end."),
    )  # fmt: skip


def _as_text(pairs) -> str:
    return "\n".join(", ".join(pair) for pair in pairs)


def _take_axis() -> None:
    name = st.session_state["axis_example"]
    if name:
        st.session_state["axis_pairs"] = _as_text(AXES[name])
