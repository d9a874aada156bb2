"""Reading any path below a beginning, so that the same path gives the same bits however one came there.

Floating-point sums depend on their order, and a model that reads ten tokens at once adds up in another order than one that
reads them one by one. So every path is read in the same portions: the beginning in one pass (prefill), then each token alone
(decode). What two paths share is read once; the rest of the cache is given back. What is idle or too much is forgotten
(held_caches.py) and read again, in the same portions.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model_backend.base.continuation_records import Window
from model_backend.engine.incremental import Reader
from model_backend.engine.model import Model
from model_backend.writing.held_caches import held_caches


@dataclass(frozen=True, slots=True, eq=False)
class PathLogits:
    """The logits [vocab] float32 after a path, and what it took when it was read: tokens, seconds, bytes kept for the next step."""

    logits: np.ndarray
    n_read: int
    seconds: float
    cache_bytes: int


class PathReader:
    """Reads a beginning `ids` [pos] and what may follow it; for an encoder-decoder the target of `source`. Thread-safe.

    `window` is how many tokens the model sees at most, None is all that it can.
    """

    def __init__(self, model: Model, source: np.ndarray | None, ids: np.ndarray, window: int | None = None) -> None:
        self._network, self._source = model.network, source
        self.ids = tuple(ids.tolist())
        self.window = Window(min(window or model.info.max_positions, model.info.max_positions))
        self._lock = threading.Lock()
        self._start_afresh(0)

    def after(self, path: Sequence[int] = ()) -> PathLogits:
        """What the model predicts after the beginning and the token ids of `path`."""
        text = (*self.ids, *path)
        first = self.window.first_seen(len(text))
        at_once = self.window.read_at_once(len(text), len(self.ids))
        with self._lock:
            start = time.perf_counter()
            n_read = 0
            self._go_back(text, first, at_once)
            if not self._seen:
                self._read(text[first:at_once])
                self._logits_at_once = self._logits
                n_read = at_once - first
                self._cost_at_once = n_read, time.perf_counter() - start
            for token_id in text[first + len(self._seen) :]:
                self._read((token_id,))
                n_read += 1
            if n_read:  # else it was read before, and cost what it cost then
                self._cost = n_read, time.perf_counter() - start
            found = PathLogits(self._logits, *self._cost, self._reader.cache_bytes)
        held_caches.used(self, found.cache_bytes)
        return found

    def forget(self) -> bool:
        """Give the keys and values up, to be read again when they are wanted. False while something is being read."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._start_afresh(0)
        finally:
            self._lock.release()
        return True

    def _go_back(self, text: tuple[int, ...], first: int, at_once: int) -> None:
        """Forget what is not a beginning of `text`, and one token more where its logits are wanted again."""
        wanted = text[first:]
        shared = next((i for i, (a, b) in enumerate(zip(self._seen, wanted, strict=False)) if a != b), None)
        shared = min(len(self._seen), len(wanted)) if shared is None else shared
        if first != self._first or shared < at_once - first:
            return self._start_afresh(first)
        if shared == len(self._seen):  # nothing to forget
            return None
        keep = shared if shared < len(wanted) or shared == at_once - first else shared - 1
        if not self._reader.rewind(len(self._seen) - keep):
            return self._start_afresh(first)
        self._seen = self._seen[:keep]
        if keep == at_once - first:
            self._logits, self._cost = self._logits_at_once, self._cost_at_once
        return None

    def _start_afresh(self, first: int) -> None:
        self._reader = Reader(self._network, self._source)
        self._first, self._seen = first, ()
        self._logits = self._logits_at_once = None
        self._cost = self._cost_at_once = 0, 0.0

    def _read(self, ids: tuple[int, ...]) -> None:
        self._logits = self._reader.logits_after(ids)
        self._logits.setflags(write=False)
        self._seen += ids
