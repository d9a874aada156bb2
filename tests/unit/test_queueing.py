"""The line before a device: fair, bounded, shared where it is the same, and left by whoever goes."""

import threading
import time
import weakref

import pytest
import torch

from model_backend import Busy, OutOfMemory
from model_backend.base.wanted import Abandoned, check_wanted
from model_backend.serving import queueing
from model_backend.serving.queueing import MAX_WAITING_OF_ONE, Asker, Line, Task, Together, give_way
from tests.waiting import HANG_SECONDS, until


class Desk:
    """A line whose first work is held up until `open` is set, and what was done in which order."""

    def __init__(self, **options) -> None:
        self.line, self.done, self.open = Line(**options), [], threading.Event()
        self.threads: list[threading.Thread] = []
        self.answers: dict = {}
        self.ask("held", "first", lambda: self.open.wait(HANG_SECONDS))
        until(lambda: self.line._running)

    def work(self, what, compute=None) -> Task:
        return Task(what, lambda: (self.done.append(what), compute() if compute else what)[1])

    def ask(self, person, what, compute=None, listener=None, task=None) -> None:
        def run() -> None:
            try:
                self.answers[person, what] = self.line.ask(task or self.work(what, compute), Asker(person, listener))
            except BaseException as error:
                self.answers[person, what] = error

        n = len(self.line._waiting)
        thread = threading.Thread(target=run)
        self.threads.append(thread)
        thread.start()
        if what != "first":
            until(lambda: len(self.line._waiting) > n or not thread.is_alive() or self.is_shared(what))

    def is_shared(self, what) -> bool:
        job = self.line._waiting.get(what)
        return job is not None and job.people.total() > 1

    def finish(self) -> None:
        self.open.set()
        for thread in self.threads:
            thread.join(HANG_SECONDS)
            assert not thread.is_alive()


def test_who_asks_for_much_does_not_hold_up_the_others():
    """One asks for four things, then two ask for one each: the first of everybody comes first."""
    desk = Desk()
    for what in ("a1", "a2", "a3", "a4"):
        desk.ask("ann", what)
    desk.ask("ben", "b1")
    desk.ask("cem", "c1")
    desk.ask("ben", "b2")
    desk.finish()
    assert desk.done == ["first", "a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_those_who_wait_hear_their_own_place_and_nothing_else():
    desk, heard = Desk(), []
    desk.ask("ann", "secret")
    desk.ask("ben", "other", listener=heard.append)
    until(lambda: heard)
    desk.finish()
    assert heard[0] == 2 and all(isinstance(place, int) for place in heard)


def test_past_the_bound_the_line_is_busy_and_says_how_many_wait():
    desk = Desk(limit=2)
    for person in ("ann", "ben", "cem"):
        desk.ask(person, person)
    desk.finish()
    busy = desk.answers["cem", "cem"]
    assert isinstance(busy, Busy) and "2" in busy.message and "again" in busy.hint
    assert desk.line.ask(desk.work("later"), Asker("cem")) == "later"  # the next request works


def test_nobody_fills_the_line_alone():
    desk = Desk()
    for n in range(MAX_WAITING_OF_ONE + 2):
        desk.ask("ann", n)
    desk.ask("ben", "b")
    desk.finish()
    assert isinstance(desk.answers["ann", MAX_WAITING_OF_ONE + 1], Busy) and desk.answers["ben", "b"] == "b"


def test_the_same_thing_is_done_once_for_all_who_ask():
    desk = Desk()
    for person in range(30):
        desk.ask(person, "link")
    desk.finish()
    assert desk.done == ["first", "link"]
    assert [desk.answers[person, "link"] for person in range(30)] == ["link"] * 30


class Left(BaseException):
    """As Streamlit ends the script of a closed tab."""


def leave(place):
    raise Left


def test_who_leaves_the_line_is_forgotten_and_who_stays_is_served():
    desk = Desk()
    desk.ask("ann", "hers", listener=leave)
    desk.ask("ann", "both", listener=leave)
    desk.ask("ben", "both")
    until(lambda: isinstance(desk.answers.get(("ann", "both")), Left) and ("ann", "hers") in desk.answers)
    desk.finish()
    assert desk.done == ["first", "both"] and desk.answers["ben", "both"] == "both"


def passes(steps: list, gate: threading.Event, n_blocks: int):
    """Like a forward pass: a check between its blocks."""
    for n in range(n_blocks):
        check_wanted()
        steps.append(n)
        gate.wait(0.01)
    return "whole"


def test_running_work_ends_when_the_last_has_left():
    line, steps, gate = Line(), [], threading.Event()
    with pytest.raises(Left):
        line.ask(Task("x", lambda: passes(steps, gate, 100_000)), Asker("ann", leave))
    until(lambda: not line.is_busy)
    assert 0 < len(steps) < 100_000
    assert line.ask(Task("y", lambda: "next"), Asker("ben")) == "next"


def test_running_work_goes_on_while_somebody_waits():
    desk, steps, gate = Desk(), [], threading.Event()
    desk.ask("ann", "x", lambda: passes(steps, gate, 400), listener=leave)
    desk.ask("ben", "x", listener=lambda place: gate.set())
    desk.finish()
    assert desk.answers["ben", "x"] == "whole" and len(steps) == 400


def test_nothing_is_checked_outside_a_line():
    check_wanted()
    assert issubclass(Abandoned, BaseException) and not issubclass(Abandoned, Exception)


def together(item, group="g", calls=None, size=1, compute_all=None) -> Task:
    def all_of(items):
        calls.append(list(items))
        return [item * 10 for item in items]

    return Task(("t", item), lambda: item * 10, together=Together(group, item, size, compute_all or all_of))


def test_what_waits_is_done_together_up_to_eight_and_only_in_its_group():
    desk, calls = Desk(), []
    for n in range(10):
        desk.ask(n, n, task=together(n, calls=calls))
    desk.ask("other", 99, task=together(99, "h", calls))
    desk.finish()
    assert calls == [list(range(8)), [8, 9]]
    assert [desk.answers[n, n] for n in range(10)] == [n * 10 for n in range(10)] and desk.answers["other", 99] == 990


def test_a_pass_holds_a_bounded_number_of_tokens_padding_counted(monkeypatch):
    """Catches: short texts counted by their own length although they are padded to the longest."""
    monkeypatch.setattr("model_backend.serving.queueing.MAX_TOGETHER_TOKENS", 100)
    desk, calls = Desk(), []
    for n, size in enumerate((10, 10, 50, 40, 10)):
        desk.ask(n, n, task=together(n, calls=calls, size=size))
    desk.finish()
    assert calls == [[0, 1, 4], [2, 3]]


def test_one_who_fails_takes_nobody_along():
    """A pass for several that runs out of memory: each alone, and only the one that fails alone hears of it."""

    def all_of(items):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    def fail():
        raise MemoryError

    desk = Desk()
    desk.ask("ann", 1, task=together(1, compute_all=all_of))
    bad = together(2, compute_all=all_of)
    desk.ask("ben", 2, task=Task(bad.what, fail, together=bad.together))
    desk.finish()
    assert desk.answers["ann", 1] == 10 and isinstance(desk.answers["ben", 2], OutOfMemory)


ALLOCATION_FAILURES = (
    MemoryError(),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried"),
)


@pytest.mark.parametrize("failure", ALLOCATION_FAILURES, ids=lambda failure: type(failure).__name__)
def test_memory_that_runs_out_is_freed_and_tried_again_once(failure):
    tries, freed = [], []

    def compute():
        tries.append(1)
        if not freed or len(tries) > 2:
            raise failure
        return "read"

    line = Line(relieve=lambda: not freed.append(1))
    assert line.ask(Task("x", compute)) == "read" and len(tries) == 2
    with pytest.raises(OutOfMemory) as refused:
        line.ask(Task("y", compute))
    assert len(tries) == 4 and refused.value.hint
    assert line.ask(Task("z", lambda: "next")) == "next"


def test_our_own_mistakes_surface_and_the_line_goes_on():
    line = Line()
    with pytest.raises(ZeroDivisionError):
        line.ask(Task("x", lambda: 1 / 0))
    assert line.ask(Task("y", lambda: 2)) == 2


def test_who_is_answered_may_free_the_result_at_once(monkeypatch):
    """Catches: a result that the worker's thread still holds when it stands still after its answer, as on a busy machine."""

    class Slow(threading.Event):
        def set(self):
            super().set()
            time.sleep(0.2)

    class Result:
        pass

    job = queueing._Job
    monkeypatch.setattr(queueing, "_Job", lambda task, turn: job(task, turn, done=Slow()))
    result = weakref.ref(Line().ask(Task("x", Result)))
    assert result() is None


def test_work_may_ask_its_own_line():
    """Catches: a worker that waits for itself."""
    line = Line()
    assert line.ask(Task("outer", lambda: line.ask(Task("inner", lambda: 3)) + 1)) == 4


def test_writing_stands_back_while_somebody_waits_but_not_for_ever():
    give_way(HANG_SECONDS)  # nobody is there
    desk = Desk()
    start = time.monotonic()
    give_way(0.1)
    assert time.monotonic() - start > 0.09 and desk.line.is_busy
    desk.finish()
    until(lambda: not desk.line.is_busy)
    start = time.monotonic()
    give_way(HANG_SECONDS)
    assert time.monotonic() - start < HANG_SECONDS / 2
