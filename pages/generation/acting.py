"""What the buttons of the writer do: play, pause, step, go back, take another token, write on oneself."""

import streamlit as st

from model_backend.base.continuation_records import ROOT
from pages.common.screen import Screen
from pages.generation import running
from pages.generation import writing as writings
from pages.generation.writing import Writing


def act(s: Screen, writing: Writing) -> None:
    act = st.session_state["generation_writer_steps"].act
    with running.shown():
        if act == "play":
            writing.play()
            return
        writing.stop()
        if act == "step" and writing.why_stop() is None:
            writing.step()
        elif act == "back":
            writing.at = writing.before
        elif act == "start":
            writing.at = ROOT


def go(writing: Writing) -> None:
    index = st.session_state["generation_writer_steps"].go
    if index is not None:
        writing.stop()
        writing.at = int(index)


def take(writing: Writing) -> None:
    """Another token in the place of the one that is looked at; at the beginning the first one."""
    token_id = st.session_state["generation_writer_steps"].take
    if token_id is not None:
        writing.stop()
        with running.shown():
            writing.force(writing.before, [int(token_id)])


def speed(writing: Writing) -> None:
    pace = st.session_state["generation_writer_steps"].speed
    if pace in writings.PACES:
        writing.pace = pace
        if writing.run is not None:
            writing.run.pace_seconds = writings.PACES[pace]


def force_text(s: Screen, writing: Writing) -> None:
    """Put typed words at the end, token by token, each with the probability that the model gave it."""
    typed = st.session_state["generation_own"]
    st.session_state["generation_own"] = ""
    if not typed.strip():
        return
    writing.stop()
    written = s.model.decode((*writing.tree.begun, *writing.tree.token_ids(writing.at)), skip_special=True)
    space = "" if not written or written[-1].isspace() or typed[0].isspace() else " "
    backend = s.model.target_vocabulary.backend
    room = writing.tree.window.limit - len(writing.tree.begun) - writing.node.depth
    with running.shown():
        writing.force(writing.at, backend.encode(space + typed, add_special_tokens=False).ids[: max(room, 0)])
