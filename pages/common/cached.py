"""The only caches of the front. What changes a result is a hashed argument; models are named, never hashed.

Models and traces are shared by all sessions (read-only records); both caches are bounded.
"""

from contextlib import suppress

import streamlit as st

import model_backend
from pages.common.text import t

MAX_MODELS = 3
MAX_TRACES = 64


_open_names: dict[str, object] = {}


@st.cache_resource(max_entries=MAX_MODELS, show_spinner=False)
def _open_model(name: str, revision: str | None):
    model = model_backend.open_model(name, revision=revision)
    _open_names[name] = model.info
    return model


def info_if_open(name: str):
    """The ModelInfo of a model that somebody has opened in this process, else None. Never opens one."""
    return _open_names.get(name)


@st.cache_resource(max_entries=MAX_TRACES, show_spinner=False)
def _tokenize(name: str, revision: str | None, text: str):
    return _open_model(name, revision).tokenize(text)


@st.cache_resource(max_entries=MAX_TRACES, show_spinner=False)
def _trace(name: str, revision: str | None, text: str):
    return _open_model(name, revision).trace(_tokenize(name, revision, text))


def open_model(name: str, revision: str | None = None):
    """The model of that name, opened once for everybody."""
    with st.spinner(t("Opening the model {name} …", name=name), show_time=True):
        return _open_model(name, revision)


def warm_up(name: str, text: str) -> None:
    """Open a model and read a text before anybody asks, from a thread of the server. Errors are left for the screen to show."""
    with suppress(model_backend.BackendError):
        _trace(name, None, text)


def tokenize(name: str, text: str, revision: str | None = None):
    """The prompt cut into tokens."""
    return _tokenize(name, revision, text)


def trace(name: str, text: str, revision: str | None = None):
    """One forward pass over the prompt, kept for everybody who looks at it."""
    return _trace(name, revision, text)
