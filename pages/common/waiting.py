"""What a person sees while a model is opened or others are served first, and how a closed tab leaves the line."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model_backend.base.progress import Listener, LoadingProgress
from model_backend.hub.fitting import size
from model_backend.serving.queueing import NOBODY, Asker
from pages.common.text import t, tn
from viz.labels import no_markdown

_SAY_AGAIN_SECONDS = 3.0
_SHOWN_SECONDS = 6  # if it is not said again, the person has gone on to something else


class _Notice:
    """Hears the place in the line a few times a second; says it in a corner, where it moves nothing on the screen."""

    def __init__(self) -> None:
        self._place: int | None = None
        self._said_at = 0.0
        self._toast = None

    def __call__(self, place: int) -> None:
        _ = "a tab that was closed" in st.session_state  # Streamlit ends the script here if nobody looks at it any more
        if place == 0 and self._toast is None:
            return
        if place == self._place and time.monotonic() - self._said_at < _SAY_AGAIN_SECONDS:
            return
        self._place, self._said_at = place, time.monotonic()
        text = t("It is your turn.")
        if place:
            text = tn("You are next in the line.", "You are number {n} in the line.", place)
        show = st.toast if self._toast is None else self._toast.toast
        self._toast = show(text, icon="spinner", duration=_SHOWN_SECONDS)

    def end(self) -> None:
        """Let the notice go."""
        if self._toast is not None:
            self._toast.toast(t("It is your turn."), duration=1)


@contextmanager
def turn() -> Iterator[Asker]:
    """The person of this screen as somebody who may have to wait: `with turn() as asker: line.ask(task, asker)`."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:  # a thread of the server: nobody looks
        yield NOBODY
        return
    notice = _Notice()
    yield Asker(context.session_id, notice)
    notice.end()


@contextmanager
def opening(name: str) -> Iterator[Listener]:
    """A bar that shows how far the opening of a model is."""
    place = st.empty()
    place.progress(0.0, text=no_markdown(t("Opening the model {name} …", name=name)))

    def show(now: LoadingProgress) -> None:
        place.progress(_share(now), text=no_markdown(progress_words(now)))

    try:
        yield show
    finally:
        place.empty()


def progress_words(now: LoadingProgress) -> str:
    """What is being done, and how far it is."""
    if now.stage == "prepare":
        return t("Trying the model out …")
    if now.stage == "download" and not now.total_bytes:
        return t("Asking the model hub …")
    done, total = size(now.done_bytes), size(now.total_bytes)
    if now.stage == "download":
        return t("Downloading: {done} of {total}", done=done, total=total)
    return t("Reading the weights: {done} of {total}", done=done, total=total)


def _share(now: LoadingProgress) -> float:
    if now.stage == "prepare":
        return 1.0
    return min(now.done_bytes / now.total_bytes, 1.0) if now.total_bytes else 0.0
