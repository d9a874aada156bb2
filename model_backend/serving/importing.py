"""PyTorch and transformers take seconds to import, and two threads that import transformers at once see half of it: so one
thread imports them, beside the screens, and whoever asks something waits for it here."""

import importlib
import threading

ENGINE = ("model_backend.engine.loading", "model_backend.writing.beam", "model_backend.writing.paths")

_lock = threading.Lock()
_is_done = threading.Event()


def import_engine() -> None:
    """Return when the engine is imported; the first who calls imports it."""
    if _is_done.is_set():
        return
    with _lock:
        for name in ENGINE:
            importlib.import_module(name)
        _is_done.set()
