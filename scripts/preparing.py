"""What a process does before the first session: import everything, then open the default model and read the default text.

Two threads that import transformers at once see half of it, so no session begins before the imports are done. A browser may fetch
the page meanwhile, which takes it as long.
"""

import asyncio
import gc
import importlib
import pkgutil
import threading

import pages

BACKEND = (
    "model_backend.engine.loading",
    "model_backend.writing.beam",
    "model_backend.writing.path_reading",
    "pandas",
    "plotly.graph_objects",
)

is_imported = threading.Event()


def begin() -> None:
    """Prepare in the background."""
    threading.Thread(target=_prepare, daemon=True).start()


def _prepare() -> None:
    gc.disable()  # an import frees nothing, and looking for garbage meanwhile costs a second
    try:
        _import_all()
    finally:  # what cannot be imported shows on the screen that imports it
        is_imported.set()
    try:
        _warm_up()
    finally:
        gc.freeze()  # what was imported stays: the collector need not look at it again
        gc.enable()


def _import_all() -> None:
    for name in BACKEND:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(pages.__path__, "pages."):
        if module.name.count(".") > 1:  # what a screen consists of; the screen itself runs for a visitor
            importlib.import_module(module.name)


def _warm_up() -> None:
    """What the first visitor will ask for."""
    from pages.common import cached, state

    cached.warm_up(str(state.FIELDS["model"].default), str(state.FIELDS["prompt"].default))


class SessionsWait:
    """ASGI middleware: a session, which is a websocket, begins when all is imported; files are served at once."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "websocket":
            while not is_imported.is_set():
                await asyncio.sleep(0.02)
        await self.app(scope, receive, send)
