"""How much the readers of all people keep between two steps: keys and values, bounded in bytes, forgotten when idle.

What is forgotten is read again when it is wanted, in the same portions, so no number changes by it; it only takes longer once.
"""

import threading
import time
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

MAX_BYTES = 2_000_000_000
IDLE_SECONDS = 600.0


class Keeper(Protocol):
    """Who keeps something that can be had again."""

    def forget(self) -> bool:
        """Give it up; False, and nothing is done, while it is in use."""
        ...


@dataclass(slots=True)
class _Held:
    n_bytes: int
    used_at: float


class HeldCaches:
    """Counts what keepers hold. Those that were not used for longest give way when it is more than `max_bytes` together, and
    each does after `idle_seconds`. A keeper that is dropped elsewhere is no longer counted. Thread-safe."""

    def __init__(self, max_bytes: int = MAX_BYTES, idle_seconds: float = IDLE_SECONDS) -> None:
        self._max_bytes, self._idle_seconds = max_bytes, idle_seconds
        self._held: OrderedDict[weakref.ref[Keeper], _Held] = OrderedDict()  # the last is the one used last
        self._lock = threading.RLock()  # a keeper may be collected, and its callback called, while it is held
        self._timer: threading.Timer | None = None

    def used(self, keeper: Keeper, n_bytes: int) -> None:
        """Say that a keeper was used just now and holds so much. Others may have to give way; it does not itself."""
        with self._lock:
            link = weakref.ref(keeper, self._dropped)
            self._held.pop(link, None)
            self._held[link] = _Held(n_bytes, time.monotonic())
            self._arm()
        self._give_way(but=keeper)

    def count(self) -> tuple[int, int]:
        """(keepers that hold something, bytes of all of them)."""
        with self._lock:
            return len(self._held), sum(held.n_bytes for held in self._held.values())

    def _give_way(self, but: Keeper | None = None) -> None:
        long_ago = time.monotonic() - self._idle_seconds
        with self._lock:
            others = [(link, held.used_at) for link, held in self._held.items() if link() is not but]
        for link, used_at in others:
            is_due = used_at <= long_ago or self.count()[1] > self._max_bytes
            if is_due and (keeper := link()) is not None and keeper.forget():  # it may be busy
                self._dropped(link)

    def _dropped(self, link: "weakref.ref[Keeper]") -> None:
        with self._lock:
            self._held.pop(link, None)

    def _arm(self) -> None:
        """Look again when the first of them may have become idle; nothing runs while nothing is held."""
        if self._timer is None and self._held:
            self._timer = threading.Timer(self._idle_seconds, self._look_again)
            self._timer.daemon = True
            self._timer.start()

    def _look_again(self) -> None:
        self._give_way()
        with self._lock:
            self._timer = None
            self._arm()


held_caches = HeldCaches()
