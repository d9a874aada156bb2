"""Beam search as a tree: the likeliest beginnings side by side, those that were kept and those that were dropped."""

import math

import streamlit as st

from model_backend.base.writing_records import repeated_share
from model_backend.serving.background import Run
from model_backend.serving.questions.writing import beam_search
from pages.common import door
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn, token
from pages.common.words import note
from pages.generation import running
from pages.generation.tables import bold, table, written
from viz import generation as pictures
from viz.labels import percent
from viz.prediction import decimal


def show(s: Screen) -> None:
    """The card, which draws itself anew while the search goes on."""
    running.live_run("beam", lambda run: _card(s, run))


def _card(s: Screen, run: Run | None) -> None:
    beams = run.items[-1] if run is not None and run.items else None
    if run is not None:
        run.watch()
    with card(
        "generation_beam", t("Is the likeliest next token on the way to the likeliest text?"), _answer(s, beams)
    ) as c:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(t("Beam width"), 1, 6, 3, key="generation_width", width=130)
            st.number_input(t("Tokens"), 2, 30, 10, key="generation_beam_length", width=130)
            st.number_input(
                t("Length penalty"),
                -1.0,
                3.0,
                1.0,
                0.25,
                key="generation_penalty",
                width=150,
                help=t("The sum of ln p is divided by length to this power. 0: short texts win; above 1: long ones."),
            )
            running = run is not None and run.is_running
            st.button(t("Search"), key="generation_search", on_click=_begin, args=(s,), disabled=running)
            if run is not None and running:
                st.button(t("Stop"), key="generation_beam_stop", on_click=run.stop)
        if beams is None:
            note(
                t(
                    "Greedy writing takes the likeliest token each time. Beam search follows several beginnings at "
                    "once, and sometimes finds a likelier text behind an unlikelier first token. No dice are thrown."
                )
            )
            return
        component(
            "tree",
            key="generation_beam_tree",
            data=pictures.beam_tree(beams, s.model.piece, t("your text"))
            | {
                "label": t("The tree of the beam search"),
                "legend": t(
                    "Struck through: dropped, with the sum of ln p it had. ■ marks a text that competes, with its "
                    "score after the length penalty. The coloured way is the best one. Less likely tokens were not "
                    "looked at."
                ),
                "clickable": False,
            },
        )
        _show_texts(s, beams, c)


def _begin(s: Screen) -> None:
    chosen = (st.session_state[f"generation_{name}"] for name in ("width", "beam_length", "penalty"))
    width, n, penalty = chosen
    with running.shown():
        running.begin("beam", door.steps(beam_search, s.name, s.tokens.text, int(width), int(n), float(penalty)))


def _answer(s: Screen, beams) -> Html | str:
    if beams is None or not beams.finished:
        return ""
    best = beams.finished[0]
    first = [node for node in beams.hypotheses if node.depth == 1]
    favourite = max(first, key=lambda node: node.logprob_nats)
    own = next(node for node in first if node.index == _first_of(beams, best.index))
    values = {
        "first": token(s.model.piece(own.token_id)),
        "p": percent(math.exp(own.logprob_nats)),
        "favourite": token(s.model.piece(favourite.token_id)),
        "q": percent(math.exp(favourite.logprob_nats)),
        "sum": decimal(best.joint_nats),
    }
    if own.index != favourite.index:
        return rich(
            "Not here: the best text begins with {first} (<b>{p}</b>), though {favourite} had {q}. Its ln p is {sum}.",
            **values,
        )
    return rich(
        "Here it is: the best text begins with {first} (<b>{p}</b>), the favourite. Its ln p is {sum}.", **values
    )


def _first_of(beams, at: int) -> int:
    while beams.hypotheses[at].parent is not None:
        at = beams.hypotheses[at].parent
    return at


def _show_texts(s: Screen, beams, c) -> None:
    """The texts that compete, the best first."""
    if not beams.finished:
        return
    texts = [s.model.decode(text.ids, skip_special=True) for text in beams.finished]
    facts = [
        t(
            "{n}; ln p {joint}; {repeated} of its pairs repeat",
            n=tn("{n} token", "{n} tokens", len(text.ids)),
            joint=decimal(text.joint_nats),
            repeated=percent(repeated_share(text.ids)),
        )
        for text in beams.finished
    ]
    scores = [bold(decimal(text.score, 3)) for text in beams.finished]
    st.html(table(zip(scores, map(written, texts, facts), strict=True), numbers=True))
    c.numbers(
        {
            t("text"): texts,
            t("score"): [text.score for text in beams.finished],
            t("ln p"): [text.joint_nats for text in beams.finished],
            t("tokens"): [len(text.ids) for text in beams.finished],
        },
        file="beams.csv",
    )
    c.formula(
        r"\text{score} = \frac{\sum_t \ln p(x_t \mid x_{<t})}{n^{\,\alpha}}",
        t("The sum over the written tokens, divided by their number n to the power of the length penalty α."),
    )
