"""The control that says which words a model that fills gaps may not see (hiding.py), and a sentence on what that means."""

import streamlit as st

from pages.common import state
from pages.common.screen import Screen
from pages.common.text import rich, t, token


def draw(s: Screen) -> None:
    """The control: what is hidden, and a sentence on what that means."""
    masked = state.get("masked")
    if s.model.mask_id is None or (masked is None and not s.page.guesses):
        return
    rules = {"word": t("the word you look at"), "several": t("several words"), "nothing": t("nothing")}
    st.session_state["frame_hidden"] = "word" if masked is None else "several" if masked else "nothing"
    with st.container(key="frame_hiding", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            t("Hidden from the model"),
            list(rules),
            format_func=rules.__getitem__,
            key="frame_hidden",
            required=True,
            on_change=_choose,
            args=(s.focus,),
            width="content",
        )
        st.html(rich('<p class="ts-note">{rule}</p>', rule=_rule(s)))


def _choose(focus: int) -> None:
    rule = st.session_state["frame_hidden"]
    state.put("masked", {"word": None, "several": state.get("masked") or (focus,), "nothing": ()}[rule])


def _rule(s: Screen) -> str:
    """What a click does now."""
    masked = state.get("masked")
    if masked is None and not s.hidden:
        what = token(s.prompt_tokens.pieces[s.focus])
        if s.prompt_tokens.ids[s.focus] == s.model.mask_id:
            return rich("You typed the gap {what} yourself. Click any word to hide it instead.", what=what)
        return rich("{what} stands for no word and is not hidden. Click a word to hide it.", what=what)
    if masked is None:
        return rich("Click a word: it is hidden, and the model guesses it from all the others.")
    if masked:
        return rich("Each word you click is hidden too; click the one you look at to show it again.")
    return rich("The model reads every word, also the one it is asked for. That makes it easy.")
