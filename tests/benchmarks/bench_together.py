"""Traces a second when many ask at once: one thread, eight threads side by side, and eight people in the line, who share passes.
And how long a screen waits for its trace while six people have something written.

`python -m tests.benchmarks.bench_together [--seconds 5]`. The ways take turns, so that a busy machine slows all; medians.
"""

import argparse
import itertools
import random
import statistics
import threading
import time
from collections.abc import Callable

from model_backend import SamplingSettings, open_model
from model_backend.serving import background
from model_backend.serving.shelf import Shelf
from tests.benchmarks.bench_classroom import WORDS

NAME, N_PEOPLE, ROUNDS = "bundled/storyteller", 8, 3
_dice = random.Random(0)
_numbers = itertools.count()


def prompt() -> str:
    """Some twenty tokens that nobody has read before."""
    return f"{next(_numbers)} " + " ".join(_dice.choices(WORDS, k=18))


def rate(read: Callable[[str], object], n_threads: int, seconds: float) -> float:
    """Calls a second of `n_threads` threads, each of which asks anew as soon as it has its answer."""
    done, end = [], time.perf_counter() + seconds

    def ask() -> None:
        while time.perf_counter() < end:
            read(prompt())
            done.append(1)

    start = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / (time.perf_counter() - start)


def waits(read: Callable[[str], object], n_writers: int, write: Callable, seconds: float) -> float:
    """Median seconds of a trace while others write."""
    runs = [background.start(background.in_turns(write())) for _ in range(n_writers)]
    try:
        time.sleep(0.5)
        taken, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            read(prompt())
            taken.append(time.perf_counter() - start)
            time.sleep(0.05)
        return statistics.median(taken)
    finally:
        for run in runs:
            run.stop()
        for run in runs:
            run.wait(10)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    seconds = parser.parse_args().seconds
    model = open_model(NAME, device="cpu")
    model.end_ids = frozenset()
    shelf = Shelf(lambda name, listener: model)
    with shelf.using(NAME):
        pass

    def in_line(text: str) -> object:
        return shelf.trace(NAME, ("trace", text), lambda model: model.to_trace(text))

    def write():
        return model.generate("One day", SamplingSettings(), 400, seed=1)

    ways = {
        "one thread": (model.trace, 1), f"{N_PEOPLE} threads": (model.trace, N_PEOPLE), "in line, alone": (in_line, 1),
        f"in line, {N_PEOPLE} people": (in_line, N_PEOPLE),
    }  # fmt: skip
    found = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, (read, n) in ways.items():
            found[way].append(rate(read, n, seconds))
    for way, rates in found.items():
        print(f"{way:<20} {statistics.median(rates):>7.0f} traces a second")
    for n_writers in (0, background.MAX_RUNNING):
        print(f"a trace while {n_writers} write: {1000 * waits(in_line, n_writers, write, seconds):.0f} ms")


if __name__ == "__main__":
    main()
