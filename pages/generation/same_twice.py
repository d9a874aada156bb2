"""What is the same when it is done twice, what is not, and why."""

import streamlit as st

from model_backend.serving.questions.writing import done_twice
from pages.common import state
from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import Html, rich, t
from pages.common.words import note
from pages.generation.tables import bold, table
from pages.generation.writing import Writing


def show(s: Screen, writing: Writing) -> None:
    """The card: claims, and a button that tries them out on the text above."""
    answer = rich(
        "The model is plain arithmetic and gives the same numbers each time. Chance comes in only with the "
        "<b>dice</b>, and these have a seed."
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
                "Digits differ because computers round each sum, and (a + b) + c is rounded otherwise than a + (b + "
                "c). Services add other people's texts to the same batch, so even at temperature 0 their answers may "
                "change."
            )
        )
        if writing.is_running:
            return
        if st.button(t("Try it on the text above"), key="generation_twice"):
            st.html(_tried(writing))


def _tried(writing: Writing) -> Html:
    """The same distribution asked for twice in the same way, and once with the whole text read at once."""
    seed = state.get("seed")
    found = writing.ask(done_twice, writing.at, seed)
    rows = [
        (
            t("Eight tokens written twice with seed {seed}", seed=seed),
            t("identical") if found.is_text_same else t("different"),
        ),
        (
            t("The logits here, before and after going back to the start"),
            t("identical to the last bit") if found.is_place_same else t("different"),
        ),
    ]
    if found.difference is not None:
        apart = t("up to {d} apart", d=f"{found.difference:.1e}")
        rows.append((t("The logits here, one by one against all at once"), apart))
    return table((what, bold(comes)) for what, comes in rows)
