"""What a process does before the first session: import what the screens are made of, then, beside the first visitor, PyTorch,
the default model and the default text.

The screens need no torch, so a session waits only for the first part, while a browser fetches the page, which takes it as long.
"""

import asyncio
import importlib
import pkgutil
import threading
from contextlib import suppress

import pages
from model_backend.serving.importing import import_engine, importing

FRONT = ("pandas", "plotly.graph_objects")

is_imported = threading.Event()


def begin() -> None:
    """Prepare in the background."""
    threading.Thread(target=_prepare, daemon=True).start()


def _prepare() -> None:
    try:
        with importing():
            _import_screens()
    finally:  # what cannot be imported shows on the screen that imports it
        is_imported.set()
    import_engine()
    _warm_up()


def _import_screens() -> None:
    for name in FRONT:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(pages.__path__, "pages."):
        if module.name.count(".") > 1:  # what a screen consists of; the screen itself runs for a visitor
            importlib.import_module(module.name)


def _warm_up() -> None:
    """What the first visitor will ask for."""
    from model_backend import BackendError
    from model_backend.base.records import Prompt
    from model_backend.serving.questions.reading import read
    from pages.common import door, state

    with suppress(BackendError):  # left for the screen to show
        name, text = str(state.FIELDS["model"].default), str(state.FIELDS["prompt"].default)
        door.desk().open(name)  # no screen, no bar
        door.ask(read, name, Prompt(text))


class SessionsWait:
    """ASGI middleware: a session, which is a websocket, begins when all is imported; files are served at once."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "websocket":
            while not is_imported.is_set():
                await asyncio.sleep(0.02)
        await self.app(scope, receive, send)
