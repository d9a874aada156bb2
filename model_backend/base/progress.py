"""How far the loading of a model is, counted where the bytes pass: at the download and at the weights.

Counting happens in many threads; whoever listens hears one at a time, and a count never falls. An exception of the listener
ends the loading; that is how a person stops it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from tqdm.auto import tqdm

Stage = Literal["download", "read", "prepare"]


@dataclass(frozen=True, slots=True)
class LoadingProgress:
    """One message: bytes done of those in this stage. A total of 0 means that it is not known (yet)."""

    stage: Stage
    done_bytes: int
    total_bytes: int


Listener = Callable[[LoadingProgress], None]


class Meter:
    """Counts the bytes of the present stage and tells the listener."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._now = LoadingProgress("prepare", 0, 0)

    def begin(self, stage: Stage, total: int = 0) -> None:
        """Start a stage of so many bytes."""
        self._say(stage, 0, total)

    def add(self, n: int) -> None:
        """So many bytes more are done."""
        with self._lock:
            done, total = self._now.done_bytes + n, self._now.total_bytes
            self._tell(LoadingProgress(self._now.stage, min(done, total) if total else done, total))

    def set_total(self, total: int) -> None:
        """The bytes of this stage, as they become known."""
        with self._lock:
            if total > self._now.total_bytes:
                self._tell(LoadingProgress(self._now.stage, self._now.done_bytes, total))

    def end(self) -> None:
        """The stage is over; what it skipped (weights the model has no use for) needed no time."""
        self._say(self._now.stage, self._now.total_bytes, self._now.total_bytes)

    def _say(self, stage: Stage, done: int, total: int) -> None:
        with self._lock:
            self._tell(LoadingProgress(stage, done, total))

    def _tell(self, progress: LoadingProgress) -> None:
        if progress != self._now:
            self._now = progress
            if self._listener is not None:
                self._listener(progress)


def download_bar(meter: Meter) -> type[tqdm]:
    """A progress bar class for huggingface_hub that draws nothing and counts the bytes written to disk.

    snapshot_download makes three bars: one of files, and two of bytes, of which "Downloading bytes" counts what came over the
    network and the other what the files hold; the latter ends at its total.
    """

    class Bar(tqdm):
        def __init__(self, *args, **options) -> None:
            self._counts = options.get("unit") == "B" and not str(options.get("desc", "")).startswith("Downloading")
            options.pop("name", None)
            super().__init__(*args, **{**options, "disable": True})
            self.total = options.get("total") or 0
            self.n = 0

        def refresh(self, *args, **options) -> None:
            if self._counts:
                meter.set_total(int(self.total or 0))

        def update(self, n: float | None = 1) -> None:
            if self._counts:
                self.n += n or 0
                meter.set_total(int(self.total or 0))
                meter.add(int(n or 0))

        def set_description(self, *args, **options) -> None:
            """Nothing is drawn."""

        set_description_str = set_postfix_str = set_description

    return Bar


@contextmanager
def weights_counted(meter: Meter) -> Iterator[None]:
    """Inside the `with`, transformers reads safetensors files through a counter. Only one thread may be inside.

    transformers has no hook for this: it opens the files with its module's `safe_open` and takes each tensor out of a slice.
    """
    from transformers import modeling_utils  # here, so that whoever only listens does not import torch

    module: Any = modeling_utils  # which only imports the name
    opened = module.safe_open
    module.safe_open = lambda *args, **options: _CountedFile(opened(*args, **options), meter)
    try:
        yield
    finally:
        module.safe_open = opened


class _CountedFile:
    """A safetensors file whose slices count what is read of them."""

    def __init__(self, file, meter: Meter) -> None:
        self._file = file
        self._meter = meter

    def get_slice(self, name: str) -> "_CountedSlice":
        return _CountedSlice(self._file.get_slice(name), self._meter)

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> "_CountedFile":
        self._file.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self._file.__exit__(*error)


class _CountedSlice:
    """A tensor that is still in its file."""

    def __init__(self, part, meter: Meter) -> None:
        self._part = part
        self._meter = meter

    def __getitem__(self, index):
        tensor = self._part[index].clone()  # else only mapped: read in the first forward pass, and no memory of ours
        self._meter.add(tensor.nbytes)
        return tensor

    def __getattr__(self, name: str) -> object:
        return getattr(self._part, name)
