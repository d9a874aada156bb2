"""Results kept for whoever asks for them next, bounded in number of each kind and in bytes; the longest unused go first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import fields, is_dataclass

from model_backend.base import machine

MAX_OF_A_KIND = 64
MIN_BYTES = 256_000_000  # may always be kept
SHARE = 0.25  # of the free memory may be kept beyond that


class Kept:
    """Results by name, a tuple whose first word is the kind ("trace"). None is no result."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, object] = OrderedDict()
        self._bytes: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._results)

    def find(self, what: Hashable) -> object | None:
        """The result of that name, which counts as used now, or None."""
        with self._lock:
            if what in self._results:
                self._results.move_to_end(what)
            return self._results.get(what)

    def keep(self, what: Hashable, result: object) -> None:
        """Add a result; older ones go where there are too many."""
        free = machine.free_bytes() or 0
        with self._lock:
            self._results[what] = result
            self._results.move_to_end(what)
            self._bytes[what] = bytes_of(result)
            alike = [other for other in self._results if kind(other) == kind(what)]
            while len(alike) > MAX_OF_A_KIND:
                self._drop(alike.pop(0))
            limit = max(MIN_BYTES, SHARE * free)
            while sum(self._bytes.values()) > limit and len(self._results) > 1:
                self._drop(next(iter(self._results)))

    def clear(self) -> int:
        """Let go of everything; returns how many there were."""
        with self._lock:
            n = len(self._results)
            self._results.clear()
            self._bytes.clear()
            return n

    def _drop(self, what: Hashable) -> None:
        del self._results[what], self._bytes[what]


def kind(what: Hashable) -> Hashable:
    """The first word of a name."""
    return what[0] if isinstance(what, tuple) else what


def bytes_of(result: object) -> int:
    """Bytes of the arrays in a result: what it says itself (`nbytes`), or those of its parts."""
    n_bytes = getattr(result, "nbytes", None)
    if isinstance(n_bytes, int):
        return n_bytes
    if isinstance(result, list | tuple):
        return sum(map(bytes_of, result))
    if is_dataclass(result):
        return sum(bytes_of(getattr(result, field.name)) for field in fields(result))
    return 0
