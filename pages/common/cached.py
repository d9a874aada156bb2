"""The only caches of the front. What changes a result is a hashed argument; models are named, never hashed.

Models and what is computed with them stand on one shelf for all sessions (model_backend/serving/shelf.py): as many as the memory
holds. What is not there yet is computed in a line (model_backend/serving/queueing.py), where a person sees her place. A function that
computes with a model is `name(name, revision, …)` under `@kept_with_model`; what it returns goes when its model goes. Small
records that know no model may use st.cache_resource, bounded.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

import streamlit as st

import model_backend
from model_backend.base.machine import free_bytes
from model_backend.base.progress import Listener
from model_backend.hub import catalogue
from model_backend.hub.download import is_downloaded
from model_backend.hub.fitting import Fit, fits
from model_backend.serving.shelf import Lent, Shelf
from pages.common.server_settings import check_length, check_offered, settings
from pages.common.waiting import opening, turn

MAX_TEXTS = 256


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf(_open, share=settings().memory_share, limit=settings().queue_limit)


def _open(name: str, revision: str | None, listener: Listener):
    """The one door to models: what a shared run does not offer is not even looked for."""
    check_offered(name)
    if settings().shared and revision is not None and not is_downloaded(name, revision):
        check_offered(f"{name} @ {revision}")
    return model_backend.open_model(name, revision=revision, progress=listener, **settings().loading)


def kept_with_model(compute: Callable) -> Callable:
    """Keep what `compute(name, revision, …)` returns as long as its model is open; the arguments must be hashable."""

    @wraps(compute)
    def ask(name: str, revision: str | None, *rest):
        what = (compute.__qualname__, *rest)
        with turn() as asker:
            return _shelf().result((name, revision), what, lambda: compute(name, revision, *rest), asker)

    return ask


def _lent_result(name: str, revision: str | None, what: tuple, compute: Callable[[], object]) -> Lent:
    """A result that is large, or holds the model: it stays on the shelf."""
    with turn() as asker:
        return _shelf().keep((name, revision), what, compute, asker)


def _open_model(name: str, revision: str | None) -> Lent:
    return _shelf().lend((name, revision))


def info_if_open(name: str):
    """The ModelInfo of a model that is open in this process, else None. Never opens one."""
    return _shelf().info((name, None))


@st.cache_resource(max_entries=MAX_TEXTS, show_spinner=False)
def _tokenize(name: str, revision: str | None, text: str):
    check_length(text)
    return _open_model(name, revision).tokenize(text)


@kept_with_model
def _gap_statistics(name: str, revision: str | None, text: str):
    from model_backend.analysis.filling import gap_statistics as hide_each

    return hide_each(_open_model(name, revision), _tokenize(name, revision, text))


def open_model(name: str, revision: str | None = None):
    """The model of that name, opened once for everybody; a bar shows how far that is."""
    shelf = _shelf()
    if shelf.info((name, revision)) is not None:
        return shelf.lend((name, revision))
    with opening(name) as listener:
        return shelf.lend((name, revision), listener)


def device() -> tuple[str, str]:
    """(device, number format) that models get here."""
    from model_backend.hub import devices  # torch: seconds of import, which the first screen need not wait for

    wanted = settings().loading
    chosen = devices.choose_device(wanted["device"])
    return chosen, devices.choose_dtype(wanted["dtype"], chosen)


def free_memory() -> tuple[int | None, str]:
    """Bytes that a model could take now, those of open models that nobody uses counted as free; and the device."""
    where, _ = device()
    free = free_bytes(where)
    return None if free is None else free + _shelf().idle_bytes(where), where


def fit(entry) -> Fit:
    """Whether a model of the catalogue fits this machine."""
    free, where = free_memory()
    return fits(entry, where, device()[1], free=free, quantization=settings().loading["quantization"])


def is_here(entry) -> bool:
    """Whether a model of the catalogue is on this machine."""
    return entry.source != "hub" or is_downloaded(entry.name)


def catalogue_entries():
    """All that can be chosen by name: what is on this machine, then what can be fetched. In a shared run only what its owner
    listed, all of it on this machine."""
    if settings().shared:
        return [catalogue.describe(name) or _listed(name) for name in settings().offered], []
    everything = (*catalogue.entries(), *catalogue.hub_entries())
    here = [entry for entry in everything if is_here(entry)]
    return here, [entry for entry in everything if entry not in here]


@st.cache_resource(max_entries=32, show_spinner=False)
def _listed(name: str):
    """What a folder, or a model in the cache of the hub, says about itself."""
    from model_backend.engine.loading import find_folder

    return catalogue.of_folder(name, find_folder(name))


def warm_up(name: str, text: str) -> None:
    """Open a model and read a text before anybody asks, from a thread of the server. Errors are left for the screen to show."""
    with suppress(model_backend.BackendError):
        trace(name, text)


def tokenize(name: str, text: str, revision: str | None = None):
    """The prompt cut into tokens."""
    return _tokenize(name, revision, text)


def trace(name: str, text: str, revision: str | None = None, *, masked: tuple[int, ...] = ()):
    """One forward pass over the prompt, the tokens at `masked` hidden, kept for everybody who looks at it."""

    def to_read():
        model, tokens = _open_model(name, revision), _tokenize(name, revision, text)
        return model.to_read(model.masked(tokens, masked) if masked else tokens)

    with turn() as asker:
        return _shelf().read((name, revision), ("trace", text, masked), to_read, asker)


def translation(name: str, text: str, target: str, revision: str | None = None):
    """The trace of a source and a target; an empty target is the model's own, the likeliest token each time."""
    from model_backend.engine.generation import greedy_target

    def to_read():
        return _open_model(name, revision).to_read(_tokenize(name, revision, text), target)

    def written_and_read():
        model, source = _open_model(name, revision), _tokenize(name, revision, text)
        return model.trace(source, greedy_target(model, source))

    check_length(target)
    what = "translation", text, target
    if not target:
        return _lent_result(name, revision, what, written_and_read)
    with turn() as asker:
        return _shelf().read((name, revision), what, to_read, asker)


def path_reader(name: str, text: str, window: int | None, owner: str, revision: str | None = None):
    """What reads the continuations of a text for one person; its keys and values go when the model goes."""
    from model_backend.writing.path_reading import path_reader as read_paths

    def begin():
        return read_paths(_open_model(name, revision), _tokenize(name, revision, text), window=window)

    return _lent_result(name, revision, ("paths", text, window, owner), begin)


def gap_statistics(name: str, text: str, revision: str | None = None):
    """How each token of the prompt fares when it alone is hidden."""
    return _gap_statistics(name, revision, text)
