"""No session begins before everything is imported, while files are served at once."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from model_backend.serving.importing import importing
from scripts import preparing


@pytest.fixture
def not_imported(monkeypatch):
    """A process that still imports; setting the event ends that."""
    event = preparing.threading.Event()
    monkeypatch.setattr(preparing, "is_imported", event)
    return event


def test_a_session_waits_for_the_imports_and_a_file_does_not(not_imported):
    served = []

    async def app(scope, receive, send):
        served.append(scope["type"])

    async def visit():
        gate = preparing.SessionsWait(app)
        session = asyncio.create_task(gate({"type": "websocket"}, None, None))
        await gate({"type": "http"}, None, None)
        await asyncio.sleep(0.1)
        assert served == ["http"]
        not_imported.set()
        await session
        assert served == ["http", "websocket"]

    with (
        ThreadPoolExecutor() as thread
    ):  # in this one the browser tests of the same process may have a loop of their own
        thread.submit(asyncio.run, visit()).result()


def test_an_import_that_fails_keeps_nobody_waiting(not_imported, monkeypatch):
    def fail(name):
        raise ImportError(name)

    monkeypatch.setattr(preparing.importlib, "import_module", fail)
    with pytest.raises(ImportError):
        preparing._prepare()
    assert not_imported.is_set()


def test_what_was_imported_is_not_searched_for_garbage_and_what_comes_later_is():
    before = gc.get_freeze_count()
    with importing():
        assert not gc.isenabled()
        imported = [[] for _ in range(1000)]
    later = [[]]
    assert gc.isenabled() and gc.get_freeze_count() >= before + len(imported)
    searched = {id(found) for found in gc.get_objects()}
    assert id(later) in searched and id(imported) not in searched
