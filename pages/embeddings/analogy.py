"""a − b + c: can one calculate with meanings?"""

import numpy as np
import streamlit as st

from model_backend.base.word_lists import ANALOGIES
from model_backend.serving.questions.vectors import analogy, common_points, word_vectors
from pages.common.cards import Card, card
from pages.common.components import component
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, t, tn, token
from pages.common.words import note, noting_errors
from viz import inside_code
from viz.embeddings import nearest_rows, signed

N_CANDIDATES = 5000
KEYS = ("analogy_a", "analogy_b", "analogy_c")


@fragment
def show_analogy(s: Screen) -> None:
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
        for key, word in zip(KEYS, ANALOGIES[0], strict=True):
            st.session_state.setdefault(key, word)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            words = [
                st.text_input(t("Take"), key="analogy_a").strip(),
                st.text_input(t("minus"), key="analogy_b").strip(),
                st.text_input(t("plus"), key="analogy_c").strip(),
            ]
        noting_errors(show_answer, s, words, c)


def show_answer(s: Screen, words: list[str], c: Card) -> None:
    """The ranking for three words. Raises BackendError for a word that the model does not know."""
    labels, ids, matrix = compared(s, words)
    taken, minus, plus = (labels.index(word) for word in words)
    found = ask(analogy, matrix, taken, minus, plus, 8)
    st.html(
        rich(
            '<p class="ts-answer">Without the three words themselves {answer} comes nearest, with cosine <b>{cosine}</b>.</p>',
            answer=token(labels[found.answer]),
            cosine=signed(found.answer_cosine),
        )
    )
    shown = [labels[i] for i in found.indices]
    bars = nearest_rows(shown, found.cosines, "cosine")
    for bar, is_input in zip(bars, found.is_input, strict=True):
        if is_input:
            bar |= {"note": t("{cosine} · one of the three", cosine=bar["note"]), "muted": True}
    label = t("The words nearest to the sum, the inputs among them")
    component("bars", key="analogy_bars", data={"rows": bars, "label": label, "clickable": False})
    say_what_it_is_worth(found)
    c.numbers(
        {t("token"): shown, t("cosine"): [float(v) for v in found.cosines], t("one of the three"): [bool(i) for i in found.is_input]},
        file="analogy.csv",
    )  # fmt: skip
    c.formula(
        r"\hat a - \hat b + \hat c \;\rightarrow\; \arg\max_w \cos(w,\ \cdot\ )",
        t("Each vector is first made length 1; compared are {n} words of the vocabulary.", n=f"{found.n_candidates:,}"),
    )
    c.code(
        inside_code.analogy_code(
            s.model.info.name, s.model.info.dtype, [ids[i] for i in found.inputs], [ids[i] for i in found.indices]
        )
    )


def compared(s: Screen, words: list[str]) -> tuple[list[str], list[tuple[int, ...]], np.ndarray]:
    """(labels, ids, vectors) of the three words and of the common words of the vocabulary, each once."""
    asked = s.ask(word_vectors, tuple(words))
    common = s.ask(common_points, N_CANDIDATES, None)
    own = [asked.index(word) for word in dict.fromkeys(words)]
    others = [i for i, label in enumerate(common.labels) if label not in words]
    labels = [*dict.fromkeys(words), *(common.labels[i] for i in others)]
    ids = [*(asked.token_ids[i] for i in own), *(common.token_ids[i] for i in others)]
    return labels, ids, np.concatenate([asked.vectors[own], common.vectors[others]])


def say_what_it_is_worth(found) -> None:
    """Whether one of the inputs wins, and whether the arithmetic has changed anything."""
    if found.best_is_input:
        note(
            t(
                "The honest winner is one of the three words you put in; most demonstrations leave them out in "
                "silence. The answer is number {rank} of all.",
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


def _take_analogy() -> None:
    number = st.session_state["analogy_example"]
    if number is not None:
        for key, word in zip(KEYS, ANALOGIES[number], strict=True):
            st.session_state[key] = word
