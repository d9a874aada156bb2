"""Errors in the words of the person who sees them: what is wrong, and what to do next."""

import re

import streamlit as st
from markupsafe import escape

from model_backend import BackendError
from model_backend.base.memory import no_room, ran_out
from model_backend.base.sentences import Sentence
from model_backend.serving.questions.reading import tokenized
from pages.common import door, state
from pages.common.text import t

PASSING = ("busy", "out_of_memory")  # codes of what may be over when it is asked for again


def _title(error: BackendError) -> str:
    if error.details.get("reason") == "too_big":
        return t("This model is too big for the memory that is free")
    if error.details.get("reason") == "not_offered":
        return t("This model is not offered here")
    titles = {
        "empty_prompt": t("There is nothing to read yet"),
        "invalid_text": t("This text holds a character that cannot be written down"),
        "prompt_too_long": t("The text is longer than this model can read at once"),
        "text_too_long": t("The text is longer than this server reads"),
        "model_unavailable": t("This model cannot be opened"),
        "unsupported_architecture": t("This kind of model cannot be looked into yet"),
        "no_attention": t("This model has no attention to look at"),
        "out_of_memory": t("There is not enough memory for this"),
        "busy": t("Many people are asking at once"),
        "invalid_settings": t("These settings do not go together"),
    }
    return titles.get(error.code, t("This did not work"))


def told(error: BaseException | None) -> BackendError | None:
    """An error as it is told to the person who caused it, memory that ran out among them; None for everything else."""
    if ran_out(error):
        return no_room(Sentence("this screen"))
    return error if isinstance(error, BackendError) else None


def show(error: BackendError) -> None:
    """Draw an error as a calm box: title, what happened, the next step. Nothing of the person's input is lost."""
    st.html(
        f'<section class="ts-error" role="alert"><h3>{escape(_title(error))}</h3>'
        f"<p>{_html(t(error.message))}</p><p><b>{_html(t(error.hint))}</b></p></section>"
    )
    if error.code == "prompt_too_long":
        _offer_shorter_text(error)
    if error.code in PASSING:
        st.button(t("Try again"), key="error_again")  # a click runs the screen anew, which is all it takes
    if error.code == "model_unavailable":
        st.button(
            t("Back to the bundled model"),
            key="error_bundled",
            on_click=state.put,
            args=("model", state.FIELDS["model"].default),
        )


def _html(text: str) -> str:
    """Escaped; what stands in backticks is something to type."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _offer_shorter_text(error: BackendError) -> None:
    limit = error.details.get("max_positions")
    if not isinstance(limit, int) or not limit:
        return
    first, last = t("Keep the first {n} tokens", n=limit), t("Keep the last {n} tokens", n=limit)
    with st.container(horizontal=True):
        st.button(first, key="error_keep_first", on_click=_shorten, args=(limit, False))
        st.button(last, key="error_keep_last", on_click=_shorten, args=(limit, True))


def _shorten(limit: int, from_end: bool) -> None:
    tokens = door.ask(tokenized, state.get("model"), state.get("prompt"))
    state.put("prompt", shortened(tokens, limit, from_end))


def shortened(tokens, limit: int, from_end: bool) -> str:
    """The part of the text that its first or last `limit` tokens cover (special tokens count, as they do for the model)."""
    inside = [span for span, special in zip(tokens.spans, tokens.is_special, strict=True) if not special]
    room = max(limit - (len(tokens) - len(inside)), 1)
    kept = inside[-room:] if from_end else inside[:room]
    return tokens.text[kept[0][0] : kept[-1][1]]
