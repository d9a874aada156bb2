"""Small pieces of text that the cards of the screens share."""

from collections.abc import Callable

import streamlit as st

from model_backend import BackendError
from pages.common.text import Html, said, to_html


def note(text: str, *, keep: bool = False) -> None:
    """A quiet line of explanation. Below a picture it is left out in projector mode, unless it has to be said: `keep`."""
    st.html(note_html(text, keep=keep))


def noting_errors(draw: Callable, *args) -> None:
    """Draw a part of a card; an error that a person can cause is said in a quiet line there, and the card goes on."""
    try:
        draw(*args)
    except BackendError as error:
        note(said(error))


def note_html(text: str, *, keep: bool = False) -> Html:
    """A quiet line of explanation, to be set among other things."""
    return Html(f'<p class="ts-note{" ts-keep" if keep else ""}">{to_html(text)}</p>')


def paragraph(sentence: Html) -> Html:
    """A sentence to be set among other things."""
    return Html(f'<p style="margin:0">{sentence}</p>')


def facts_html(rows: list[tuple[str, str]]) -> Html:
    """Names and numbers, one pair a line, the numbers aligned at their right."""
    lines = (
        f'<tr><th scope="row">{to_html(name)}</th><td style="text-align:end;white-space:nowrap">{to_html(value)}</td></tr>'
        for name, value in rows
    )
    return Html(f'<table class="ts-facts" style="margin:0.3rem 0 0.6rem">{"".join(lines)}</table>')


def block(title: str, *parts: Html) -> None:
    """A small titled block beside a picture."""
    st.html(f'<h3 style="font-size:1.1rem;margin:0;padding:0.4rem 0 0.3rem">{to_html(title)}</h3>{"".join(parts)}')


def scale(low: str, high: str) -> None:
    """The ends of the sequential scale in words."""
    bar = (
        "flex:0 1 14rem;height:0.9rem;border-radius:5px;border:1px solid var(--ts-line);"
        "background:linear-gradient(to right,var(--ts-raised),var(--ts-probability))"
    )
    st.html(
        '<div class="ts-note" style="display:flex;gap:0.6rem;align-items:center">'
        f'<span>{to_html(low)}</span><span style="{bar}"></span><span>{to_html(high)}</span></div>'
    )
