"""What is the same when it is done twice, what is not, and why."""

import numpy as np
import streamlit as st

from model_backend import SamplingSettings
from model_backend.writing.continuations import ROOT
from pages.common import state
from pages.common.components import card
from pages.common.text import Html, rich, t
from pages.common.words import note
from pages.generation.tables import bold, table
from pages.generation.writing import Writing


def show(s, writing: Writing) -> None:
    """The card: claims, and a button that tries them out on the text above."""
    answer = rich(
        "The model is plain arithmetic and gives the same numbers each time. Chance comes in only with the <b>dice</b>, and these have a seed."
    )
    with card("generation_same", t("The same input twice: is the text the same?"), answer):
        st.html(
            table(
                [
                    (t("Same prompt, same settings, same seed"), bold(t("the same text"))),
                    (t("Temperature 0 or beam search, any seed"), bold(t("the same text: no dice are thrown"))),
                    (t("Another seed"), bold(t("another text, as soon as a throw falls on another token"))),
                    (
                        t("Going back and drawing again with the same seed"),
                        bold(t("the same token: its throw belongs to its place")),
                    ),
                    (t("All tokens read at once, or one by one"), bold(t("the last digits differ"))),
                    (
                        t("Another computer, GPU, or many people in one batch"),
                        bold(t("the last digits differ; rarely a token")),
                    ),
                ]
            )
        )
        note(
            t(
                "Digits differ because computers round each sum, and (a + b) + c is rounded otherwise than a + (b + c). Services add other people's texts to the same batch, so even at temperature 0 their answers may change."
            )
        )
        if writing.is_running:
            return
        if st.button(t("Try it on the text above"), key="generation_twice"):
            st.html(_tried(s, writing))


def _tried(s, writing: Writing) -> Html:
    """The same distribution asked for twice in the same way, and once with the whole text read at once."""
    plain, path = SamplingSettings(), writing.tree.token_ids(writing.at)
    seed = state.get("seed")
    first, second = (
        [step.token_id for step in s.model.generate(s.tokens, plain, max_new_tokens=8, seed=seed)] for _ in range(2)
    )
    once = writing.tree.look(writing.at, plain)
    writing.tree.look(ROOT, plain)
    again = writing.tree.look(writing.at, plain)
    rows = [
        (
            t("Eight tokens written twice with seed {seed}", seed=seed),
            t("identical") if first == second else t("different"),
        ),
        (
            t("The logits here, before and after going back to the start"),
            t("identical to the last bit") if once.logits.tobytes() == again.logits.tobytes() else t("different"),
        ),
    ]
    if not writing.tree.n_out(writing.at):
        if s.model.info.kind == "encoder-decoder":
            whole = s.model.next_token(s.tokens, plain, [*writing.tree.begun, *path])
        else:
            whole = s.model.next_token([*writing.tree.begun, *path], plain)
        difference = np.abs(once.logits[np.argsort(once.ids)] - whole.logits[np.argsort(whole.ids)]).max()
        rows.append((t("The logits here, one by one against all at once"), t("up to {d} apart", d=f"{difference:.1e}")))
    return table((what, bold(comes)) for what, comes in rows)
