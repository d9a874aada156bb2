"""The only caches of the front. What changes a result is a hashed argument; models are named, never hashed.

Models and what is computed with them stand on one shelf for all sessions (model_backend/shelf.py): as many as the memory
holds. A function that computes with a model is `_name(name, revision, …)` under `@_kept_with_model`; what it returns goes
when its model goes. Small records that know no model may use st.cache_resource, bounded.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

import streamlit as st

import model_backend
from model_backend import catalogue
from model_backend.fitting import Fit, fits, size
from model_backend.hub import is_downloaded
from model_backend.machine import free_bytes
from model_backend.progress import LoadingProgress
from model_backend.shelf import Lent, Shelf
from pages.common.text import t

MAX_TEXTS = 256


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf(lambda name, revision, listener: model_backend.open_model(name, revision=revision, progress=listener))


def _kept_with_model(compute: Callable) -> Callable[..., Lent]:
    """Keep what `compute(name, revision, …)` returns as long as its model is open; the arguments must be hashable."""

    @wraps(compute)
    def ask(name: str, revision: str | None, *rest) -> Lent:
        what = (compute.__name__, *rest)
        return _shelf().keep((name, revision), what, lambda: compute(name, revision, *rest))

    return ask


def _open_model(name: str, revision: str | None) -> Lent:
    return _shelf().lend((name, revision))


def info_if_open(name: str):
    """The ModelInfo of a model that is open in this process, else None. Never opens one."""
    return _shelf().info((name, None))


@st.cache_resource(max_entries=MAX_TEXTS, show_spinner=False)
def _tokenize(name: str, revision: str | None, text: str):
    return _open_model(name, revision).tokenize(text)


@_kept_with_model
def _trace(name: str, revision: str | None, text: str):
    return _open_model(name, revision).trace(_tokenize(name, revision, text))


@_kept_with_model
def _masked_trace(name: str, revision: str | None, text: str, masked: tuple[int, ...]):
    model = _open_model(name, revision)
    return model.trace(model.masked(_tokenize(name, revision, text), masked))


@_kept_with_model
def _gap_statistics(name: str, revision: str | None, text: str):
    from model_backend.filling import gap_statistics as hide_each

    return hide_each(_open_model(name, revision), _tokenize(name, revision, text))


@_kept_with_model
def _translation(name: str, revision: str | None, text: str, target: str):
    from model_backend.generation import greedy_target

    model, source = _open_model(name, revision), _tokenize(name, revision, text)
    return model.trace(source, target or greedy_target(model, source))


@_kept_with_model
def _path_reader(name: str, revision: str | None, text: str, window: int | None, owner: str):
    from model_backend.path_reading import path_reader as read_paths

    return read_paths(_open_model(name, revision), _tokenize(name, revision, text), window=window)


def open_model(name: str, revision: str | None = None):
    """The model of that name, opened once for everybody; a bar shows how far that is."""
    shelf = _shelf()
    if shelf.info((name, revision)) is not None:
        return shelf.lend((name, revision))
    place = st.empty()
    title = t("Opening the model {name} …", name=name)
    place.progress(0.0, text=_label(title))
    try:
        return shelf.lend((name, revision), lambda now: place.progress(_share(now), text=_label(progress_words(now))))
    finally:
        place.empty()


def progress_words(now: LoadingProgress) -> str:
    """What is being done, and how far it is."""
    if now.stage == "prepare" or (now.stage == "download" and not now.total_bytes):
        return t("Asking the model hub …") if now.stage == "download" else t("Trying the model out …")
    sentence = (
        t("Downloading: {done} of {total}") if now.stage == "download" else t("Reading the weights: {done} of {total}")
    )
    return sentence.format(done=size(now.done_bytes), total=size(now.total_bytes))


def _share(now: LoadingProgress) -> float:
    if now.stage == "prepare":
        return 1.0
    return min(now.done_bytes / now.total_bytes, 1.0) if now.total_bytes else 0.0


def _label(text: str) -> str:
    """Text for a widget label, where Streamlit would read Markdown."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+-.!$:~|" else c for c in text)


def free_memory() -> tuple[int | None, str]:
    """Bytes that a model could take now, those of open models that nobody uses counted as free; and the device."""
    from model_backend.loading import (
        choose_device,
    )  # torch: seconds of import, which the first screen need not wait for

    device = choose_device(None)
    free = free_bytes(device)
    return None if free is None else free + _shelf().idle_bytes(device), device


def fit(entry) -> Fit:
    """Whether a model of the catalogue fits this machine."""
    free, device = free_memory()
    return fits(entry, device, free=free)


def is_here(entry) -> bool:
    """Whether a model of the catalogue is on this machine."""
    return entry.source != "hub" or is_downloaded(entry.name)


def catalogue_entries():
    """All that can be chosen by name: what is on this machine, then what can be fetched."""
    everything = (*catalogue.entries(), *catalogue.hub_entries())
    here = [entry for entry in everything if is_here(entry)]
    return here, [entry for entry in everything if entry not in here]


def warm_up(name: str, text: str) -> None:
    """Open a model and read a text before anybody asks, from a thread of the server. Errors are left for the screen to show."""
    with suppress(model_backend.BackendError):
        _trace(name, None, text)


def tokenize(name: str, text: str, revision: str | None = None):
    """The prompt cut into tokens."""
    return _tokenize(name, revision, text)


def trace(name: str, text: str, revision: str | None = None, *, masked: tuple[int, ...] = ()):
    """One forward pass over the prompt, the tokens at `masked` hidden, kept for everybody who looks at it."""
    return _masked_trace(name, revision, text, masked) if masked else _trace(name, revision, text)


def translation(name: str, text: str, target: str, revision: str | None = None):
    """The trace of a source and a target; an empty target is the model's own, the likeliest token each time."""
    return _translation(name, revision, text, target)


def path_reader(name: str, text: str, window: int | None, owner: str, revision: str | None = None):
    """What reads the continuations of a text for one person; its keys and values go when the model goes."""
    return _path_reader(name, revision, text, window, owner)


def gap_statistics(name: str, text: str, revision: str | None = None):
    """How each token of the prompt fares when it alone is hidden."""
    return _gap_statistics(name, revision, text)
