"""Work that a person watches: in a thread of its own, a few at a time, over as soon as nobody watches any more.

run = start(steps)      # an iterator; each item is kept in run.items
run.watch()             # "I am still here", and a look: raises what the work raised
run.stop()
"""

import threading
import time
from collections.abc import Iterable, Iterator

from model_backend.base.errors import Busy
from model_backend.serving.queueing import give_way

MAX_RUNNING = 6
PATIENCE_SECONDS = 15.0  # a browser tab that is hidden looks only once in a while
MAX_STEPS_AT_ONCE = 1  # more would share the same cores and hold up the screens
GIVE_WAY_SECONDS = 0.25

_places = threading.Semaphore(MAX_RUNNING)
_pens = threading.Semaphore(MAX_STEPS_AT_ONCE)


class Run:
    """One piece of work. Made by `start`. `pace_seconds` is the least time between two items, and may be changed."""

    def __init__(self, steps: Iterable, pace_seconds: float, patience_seconds: float) -> None:
        self.items: list = []
        self.pace_seconds = pace_seconds
        self.error: BaseException | None = None
        self.was_left = False
        self._steps, self._patience = steps, patience_seconds
        self._watched_at = time.monotonic()
        self._stop, self._done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="background work")

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return not self._done.is_set()

    def watch(self) -> None:
        """Say that somebody is there. Raises the error that ended the work, once."""
        self._watched_at = time.monotonic()
        if not self.is_running and self.error is not None:
            error, self.error = self.error, None
            raise error

    def stop(self) -> None:
        """Ask it to end; it does after the item that it is at."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False if it has not come by then."""
        return self._done.wait(timeout)

    def _work(self) -> None:
        try:
            for item in self._steps:
                began = time.monotonic()
                self.items.append(item)
                while (left := began + self.pace_seconds - time.monotonic()) > 0 and not self._stop.wait(
                    min(left, 0.1)
                ):
                    pass
                self.was_left = time.monotonic() - self._watched_at > self._patience
                if self._stop.is_set() or self.was_left:
                    return
        except BaseException as error:
            self.error = error  # raised where it is watched
        finally:
            self._steps = ()
            _places.release()
            self._done.set()


def in_turns(steps: Iterable) -> Iterator:
    """The steps, a few people's at a time, each after those who wait for a screen; for them a moment at most, so that the
    writing goes on."""
    steps = iter(steps)
    done = object()
    while True:
        give_way(GIVE_WAY_SECONDS)
        with _pens:
            item = next(steps, done)
        if item is done:
            return
        yield item


def start(steps: Iterable, pace_seconds: float = 0.0, patience_seconds: float = PATIENCE_SECONDS) -> Run:
    """Begin to take the items of `steps`. Raises Busy if too much is going on already."""
    if not _places.acquire(blocking=False):
        raise Busy(
            "{n} people are having something written right now.", "Wait a few seconds, then try again.", n=MAX_RUNNING
        )
    run = Run(steps, pace_seconds, patience_seconds)
    run._thread.start()
    return run
