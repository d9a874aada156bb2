"""The chat template of an assistant: what is typed into two fields, and the one text that the model really reads."""

import streamlit as st

from model_backend.serving.questions.writing import chat_text
from pages.common import state
from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, token
from pages.common.words import note
from pages.generation import running
from pages.tokens.words import columns
from viz.tokens import token_columns


def show(s: Screen) -> None:
    """The card, for models that have a template."""
    if not s.model.has_chat:
        return
    is_written = state.get("prompt") == st.session_state.get("_generation_chat_text")
    marks = [s.tokens.pieces[i] for i in range(len(s.tokens)) if s.tokens.is_special[i]]
    answer = rich("An assistant reads one text, too. A template puts marks around what each side said.")
    if is_written and marks:
        answer = rich(
            "The model reads one text. The template put the marks {marks} around your words; it goes on after the last.",
            marks=Html(" ".join(map(token, dict.fromkeys(marks)))),
        )
    with card("generation_chat", t("How does it know that it is asked something?"), answer) as c:
        with st.form("generation_chat_form", border=False):
            st.text_input(t("System: what the assistant should be like"), key="generation_system")
            st.text_area(t("You"), key="generation_user", height=68, placeholder=t("Ask it something …"))
            st.form_submit_button(t("Put it into the template"), on_click=_submit, args=(s,))
        if is_written:
            st.html(rich('<p class="ts-writing"><bdi>{text}</bdi></p>', text=s.tokens.text))
            note(t("This is the prompt now, on every screen. Marks are single tokens with a meaning of their own."))
            c.numbers(columns(token_columns(s.tokens)), file="template.csv")


def _submit(s: Screen) -> None:
    user = st.session_state["generation_user"]
    if not user.strip():
        return
    with running.shown():
        system = st.session_state["generation_system"]
        text = s.ask(chat_text, user, system)
        state.put("prompt", text)
        st.session_state["_generation_chat_text"] = text
        st.session_state["_generation_asked"] = user, system
