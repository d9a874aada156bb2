"""The shelf of open models: opened once, given up in order, never under somebody's hands, and really freed."""

import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from model_backend import ModelUnavailable, OutOfMemory
from model_backend.base.machine import give_back
from model_backend.base.progress import LoadingProgress
from model_backend.serving.kept import MAX_OF_A_KIND, Kept
from model_backend.serving.shelf import Shelf
from tests.waiting import HANG_SECONDS, until

MB = 1_000_000


class Fake:
    """Something like a model: a million numbers of four bytes, and a cycle, as the blocks of a network have."""

    def __init__(self, name: str, n: int = MB) -> None:
        self.info = SimpleNamespace(name=name, n_bytes=4 * n, device="cpu")
        self.weights = torch.ones(n)
        self.cycle = self

    def read(self, text: str) -> str:
        return f"{self.info.name} reads {text}"

    def write(self, n: int):
        yield from range(n)


def shelf_of(free=lambda device: 10**12, opened=None, **options) -> Shelf:
    opened = [] if opened is None else opened

    def open_model(name, listener):
        opened.append(name)
        return Fake(name)

    return Shelf(open_model, free, **options)


def opened_on(shelf: Shelf, name: str, listener=None):
    """The ModelInfo of a model that is opened, if it was not, and left at once."""
    with shelf.using(name, listener) as model:
        return model.info


def test_two_threads_open_a_model_once_and_compute_a_result_once():
    opened, computed, found = [], [], []

    def open_slowly(name, listener):
        opened.append(name)
        time.sleep(0.2)
        return Fake(name)

    shelf = Shelf(open_slowly, lambda device: 10**12)

    def compute(model):
        computed.append(1)
        time.sleep(0.1)
        return SimpleNamespace(of=model, size=3)

    def ask():
        with shelf.using("a") as model:
            found.append((model, shelf.result("a", ("trace",), compute)))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == ["a"] and computed == [1]
    assert all(result.of is model is found[0][0] and result.size == 3 for model, result in found)


def test_out_of_the_line_a_result_is_computed_in_the_askers_own_thread_and_kept():
    shelf, threads = shelf_of(), []

    def compute(model):
        threads.append(threading.current_thread())
        return [model.info.name]

    for in_line in (False, True):  # the second finds it
        assert shelf.result("a", ("quick",), compute, in_line=in_line) == ["a"]
    assert threads == [threading.current_thread()]
    shelf.result("a", ("slow",), compute)
    assert threads[1] is not threading.current_thread()


def test_the_longest_unused_gives_way_and_only_as_many_as_must():
    opened = []
    used = 0

    def free(device):  # 10 MB in all
        return 10 * MB - used

    shelf = shelf_of(free, opened, share=0.8)
    for name in "ab":
        opened_on(shelf, name)
        used += 4 * MB
    assert shelf.info("a") and shelf.info("b")  # two fit side by side: nobody is put out
    opened_on(shelf, "a")
    used = 8 * MB
    opened_on(shelf, "c")  # 12 MB held: more than the share of what there is
    until(lambda: shelf.info("b") is None)
    assert shelf.info("c") and opened == ["a", "b", "c"]


def test_a_model_in_use_stays():
    """Catches: a model put away in the middle of a forward pass or while it writes."""
    shelf = shelf_of()

    def steps():
        with shelf.using("a") as model:
            yield from model.write(3)

    writing = steps()
    next(writing)
    assert shelf.idle_bytes("cpu") == 0 and not shelf.give_up()
    assert list(writing) == [1, 2] and shelf.idle_bytes("cpu") == 4 * MB and shelf.give_up()


def test_what_is_given_up_is_freed_with_its_results_and_opens_again():
    opened = []
    shelf = shelf_of(opened=opened)

    def compute(model):
        return SimpleNamespace(big=torch.ones(10), of=model)

    with shelf.using("a") as model:
        dead = [weakref.ref(model), weakref.ref(shelf.result("a", ("trace",), compute).big)]
    del model
    assert shelf.give_up() and [ref() for ref in dead] == [None, None]
    assert shelf.result("a", ("trace",), compute).big.sum() == 10 and opened == ["a", "a"]


def test_memory_goes_back_to_the_system():
    """200 MB in tensors of 1 MB, which the allocator would keep for itself."""

    class Big(Fake):
        def __init__(self, name):
            super().__init__(name, 1)
            self.weights = [torch.ones(250_000) for _ in range(200)]

    shelf = Shelf(lambda name, listener: Big(name), lambda device: 10**12)
    give_back()
    before = _rss()
    opened_on(shelf, "big")
    held = _rss() - before
    assert held > 150 * MB and shelf.give_up()
    assert _rss() - before < 0.2 * held


def test_a_failed_loading_leaves_nothing_and_is_tried_anew():
    answers = [ValueError("our bug"), ModelUnavailable("no", "", reason="broken")]

    def open_model(name, listener):
        if answers:
            raise answers.pop(0)
        return Fake(name)

    shelf = Shelf(open_model, lambda device: 10**12)
    for error in (ValueError, ModelUnavailable):
        with pytest.raises(error):
            opened_on(shelf, "a")
        assert shelf.info("a") is None and not shelf._loadings
    assert opened_on(shelf, "a").name == "a"


@pytest.mark.parametrize("refusal", [ModelUnavailable("no", "", reason="too_big"), OutOfMemory("no")])
def test_where_memory_is_short_the_idle_ones_give_way(refusal):
    """A model that does not fit puts out as many idle ones as it needs; memory that ran out puts out all, and only once."""
    shelf = None
    tries = []

    def open_model(name, listener):
        tries.append(name)
        if name == "big" and shelf.idle_bytes("cpu") > 0:
            raise refusal
        return Fake(name)

    shelf = Shelf(open_model, lambda device: 10**12)
    for name in "ab":
        opened_on(shelf, name)
    assert opened_on(shelf, "big").name == "big" and shelf.info("a") is None
    assert tries.count("big") == (3 if isinstance(refusal, ModelUnavailable) else 2)


def test_what_never_fits_is_refused_with_its_own_words():
    def open_model(name, listener):
        raise OutOfMemory("still too little")

    with pytest.raises(OutOfMemory, match="still too little"):
        opened_on(Shelf(open_model, lambda device: 10**12), "a")


def test_all_who_wait_hear_how_far_it_is_and_who_leaves_stops_nobody_else():
    goes_on = threading.Event()

    def open_model(name, listener):
        listener(LoadingProgress("read", 1, 2))
        goes_on.wait(HANG_SECONDS)
        listener(LoadingProgress("read", 2, 2))
        return Fake(name)

    shelf = Shelf(open_model, lambda device: 10**12)
    heard, has_heard = [], threading.Event()

    def hear(progress):
        heard.append(progress)
        has_heard.set()

    class Left(BaseException):
        pass

    def leave(progress):
        raise Left

    waiting = threading.Thread(target=lambda: opened_on(shelf, "a", hear))
    waiting.start()
    with pytest.raises(Left):
        opened_on(shelf, "a", leave)
    assert has_heard.wait(HANG_SECONDS)
    goes_on.set()
    waiting.join(HANG_SECONDS)
    assert heard[0] == LoadingProgress("read", 1, 2) and shelf.info("a").name == "a"


def test_a_loading_that_nobody_waits_for_ends(monkeypatch):
    monkeypatch.setattr("model_backend.serving.shelf.GRACE_SECONDS", 0.05)
    ended = threading.Event()

    def open_model(name, listener):
        try:
            while True:
                listener(LoadingProgress("download", 0, 100))
                time.sleep(0.02)
        finally:
            ended.set()

    def leave(progress):
        raise KeyboardInterrupt

    shelf = Shelf(open_model, lambda device: 10**12)
    with pytest.raises(KeyboardInterrupt):
        opened_on(shelf, "a", leave)
    assert ended.wait(HANG_SECONDS)
    until(lambda: not shelf._loadings)


def passes_counted(model, monkeypatch, condition) -> list[tuple[int, int]]:
    """The shape [text, pos] of every forward pass from now on; the first lasts until a condition is met."""
    shapes, forward = [], model.network.base_model.forward

    def counted(input_ids, **options):
        shapes.append(tuple(input_ids.shape))
        if len(shapes) == 1:
            until(condition)
        return forward(input_ids, **options)

    monkeypatch.setattr(model.network.base_model, "forward", counted)
    return shapes


def at_once(*calls) -> list:
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda call: call(), calls))


def test_thirty_who_open_the_same_link_cost_one_forward_pass(tiny, monkeypatch):
    model = tiny("gpt2")
    shelf = Shelf(lambda name, listener: model, lambda device: 10**12)

    def all_have_come():
        (job,) = shelf._lines["cpu", "reading"]._running.values()
        return job.people.total() == 30

    shapes = passes_counted(model, monkeypatch, all_have_come)

    def ask():
        return shelf.trace("m", ("trace", "the dog"), lambda model: model.to_trace("the dog")).residual(0)

    found = at_once(*[ask] * 30)
    assert len(shapes) == 1 and shapes[0][0] == 1
    assert all(np.shares_memory(array, found[0]) for array in found)
    ask()
    assert len(shapes) == 1


def test_different_texts_share_a_pass_while_one_runs(tiny, monkeypatch):
    """The first goes at once and waits for no company; whoever comes meanwhile goes together, each with its own numbers."""
    model = tiny("llama")
    prompts = ["the dog", "Hello World!", "barely heard the dog", "12345", "naïve café"]
    alone = {prompt: model.trace(prompt).residual(3) for prompt in prompts}
    shelf = Shelf(lambda name, listener: model, lambda device: 10**12)
    opened_on(shelf, "m")
    first_has_begun = threading.Event()

    def all_have_come():
        first_has_begun.set()
        return len(shelf._lines["cpu", "reading"]._waiting) == 4

    shapes = passes_counted(model, monkeypatch, all_have_come)

    def ask(n):
        if n:
            first_has_begun.wait(HANG_SECONDS)
        text = prompts[n]
        return shelf.trace("m", ("trace", text), lambda model: model.to_trace(text)).residual(3)

    found = at_once(*[partial(ask, n) for n in range(len(prompts))])
    assert [n_texts for n_texts, _ in shapes] == [1, 4]
    for prompt, residual in zip(prompts, found, strict=True):
        np.testing.assert_allclose(residual, alone[prompt], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("failure", [MemoryError(), torch.OutOfMemoryError("CUDA out of memory."), RuntimeError(
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
)], ids=["MemoryError", "cuda", "cpu"])  # fmt: skip
def test_memory_that_runs_out_in_a_pass_hits_nobody_else(tiny, monkeypatch, failure):
    """Catches: a page that dies, a kept half trace, a line that stands still, results that stay when memory is short."""
    model = tiny("gpt2")
    shelf = Shelf(lambda name, listener: model, lambda device: 10**12)

    def ask(prompt):
        return shelf.trace("m", ("trace", prompt), lambda model: model.to_trace(prompt)).residual(0)

    ask("the dog")
    with shelf._in_use("m") as place:
        kept = place.kept
    forward = model.network.transformer.h[1].mlp.forward

    def fail_on_long(hidden):
        if hidden.shape[1] > 4:
            raise failure
        return forward(hidden)

    monkeypatch.setattr(model.network.transformer.h[1].mlp, "forward", fail_on_long)
    with pytest.raises(OutOfMemory) as refused:
        ask("the dog's bark was barely heard")
    assert refused.value.hint and len(kept) == 0
    assert ask("the dog").shape[0] <= 4 and ask("the").shape[0] <= 4


def test_what_is_kept_is_bounded_by_kind_and_by_bytes(monkeypatch):
    """Catches: small results that push out traces, and long texts that fill the memory sixty-four times."""
    monkeypatch.setattr("model_backend.serving.kept.machine.free_bytes", lambda: 4_000)
    monkeypatch.setattr("model_backend.serving.kept.MIN_BYTES", 1_000)
    kept = Kept()
    kept.keep(("trace", "a"), np.zeros(10, np.float32))
    for n in range(MAX_OF_A_KIND + 5):
        kept.keep(("small", n), (1.0, np.zeros(1, np.float32)))
    assert kept.find(("trace", "a")) is not None and len(kept) == MAX_OF_A_KIND + 1
    assert kept.find(("small", 4)) is None and kept.find(("small", 5)) is not None
    kept.keep(("trace", "big"), np.zeros(200, np.float32))  # 800 + 40 + 64 · 4 bytes of 1,000 and 4,000 / 4
    assert kept.find(("trace", "big")) is not None and kept.find(("trace", "a")) is not None
    assert sum(kept._bytes.values()) <= 1_000
    kept.keep(("trace", "huge"), np.zeros(500, np.float32))
    assert len(kept) == 1 and kept.find(("trace", "huge")) is not None


def _rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
