"""What a person sees while others are served first, past the bound, and when memory runs out."""

import threading
import time

import pytest
import torch
from streamlit.testing.v1 import AppTest

from model_backend.base.records import Prompt
from model_backend.serving.questions.reading import read
from model_backend.serving.queueing import Task
from pages.common import door, waiting


def line_of_readings():
    """The line in which texts are read, and the network of the model that reads them."""
    shelf = door.desk()._shelf
    door.ask(read, "bundled/storyteller", Prompt("The cat"))
    with shelf._in_use("bundled/storyteller") as place:
        return shelf._lines[place.device, "reading"], place.model.network


@pytest.fixture
def held():
    """The line, while somebody else's work is being done, until the event is set."""
    line, _ = line_of_readings()
    goes_on = threading.Event()
    worker = threading.Thread(target=lambda: line.ask(Task("somebody else's", lambda: goes_on.wait(20))))
    worker.start()
    while not line._running:
        time.sleep(0.01)
    yield line, goes_on
    goes_on.set()
    worker.join()


def test_who_waits_is_told_her_place_and_not_what_the_others_read(open_screen, held, monkeypatch, shown):
    _, goes_on = held
    said = []

    def toast(words, **options):
        said.append(words)
        goes_on.set()
        return type("Handle", (), {"toast": staticmethod(lambda words, **options: said.append(words))})

    monkeypatch.setattr(waiting.st, "toast", toast)
    at = open_screen("prediction", prompt="One day a little fox")
    assert not at.exception and said[0] == "You are next in the line." and said[-1] == "It is your turn."
    assert "somebody else" not in shown(at)


def test_past_the_bound_the_screen_says_so_and_works_again_later(open_screen, held, monkeypatch, shown):
    line, goes_on = held
    monkeypatch.setattr(line, "_limit", 0)
    at = open_screen("prediction", prompt="One day a little bear")
    assert "Many people are asking at once" in shown(at) and "again" in shown(at) and not at.exception
    goes_on.set()
    monkeypatch.undo()
    assert "Many people are asking at once" not in shown(at.run())


def test_memory_that_runs_out_is_said_and_the_next_request_works(open_screen, monkeypatch, shown):
    _, network = line_of_readings()
    block = network.base_model.layers[1] if hasattr(network.base_model, "layers") else network.base_model.h[1]

    def fail(*args, **kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    with monkeypatch.context() as patch:
        patch.setattr(block.mlp, "forward", fail)
        at = open_screen("prediction", prompt="One day a little cow came")
        assert "There is not enough memory for this" in shown(at) and not at.exception
    assert "There is not enough memory for this" not in shown(at.run())


def test_memory_that_runs_out_while_a_picture_is_drawn_is_said_too(open_screen, monkeypatch, shown):
    """Catches: a red box of Python for what is no mistake of ours."""
    import viz.prediction

    def fail(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr(viz.prediction, "ledger", fail)
    at = open_screen("prediction", prompt="The cat")
    assert "There is not enough memory for this" in shown(at) and not at.exception


def script_of_a_tab_that_is_closed():
    """Waits in a line; meanwhile the tab is closed, as Streamlit tells the script of it."""
    import threading

    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from model_backend.serving.queueing import Task
    from pages.common.waiting import turn
    from tests.app.test_classroom_screens import closing

    st.write("begun")
    threading.Timer(0.3, get_script_run_ctx().script_requests.request_stop).start()
    with turn() as asker:
        closing["line"].ask(Task("hers", lambda: closing["done"].append("hers")), asker)
    closing["done"].append("the script went on")


closing: dict = {}


def test_a_closed_tab_leaves_the_line(held):
    """Catches: a queue full of people who have gone home."""
    line, goes_on = held
    closing.update(line=line, done=[])
    AppTest.from_function(script_of_a_tab_that_is_closed, default_timeout=30).run()
    assert not line._waiting and line._running
    goes_on.set()
    assert line.ask(Task("the next", lambda: 1)) == 1 and closing["done"] == []
