"""PyTorch and transformers take seconds to import, and two threads that import transformers at once see half of it: so one
thread imports them, beside the screens, and whoever asks something waits for it here."""

import gc
import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENGINE = ("model_backend.engine.loading", "model_backend.writing.beam", "model_backend.writing.paths")

_lock = threading.Lock()
_is_done = threading.Event()


@contextmanager
def importing() -> Iterator[None]:
    """Imports free nothing, and what they leave stays: the search for garbage pauses, and passes over it ever after."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def import_engine() -> None:
    """Return when the engine is imported; the first who calls imports it."""
    with _lock:
        if _is_done.is_set():
            return
        with importing():
            for name in ENGINE:
                importlib.import_module(name)
        _is_done.set()
