"""Open models, shared by everybody, as many as the memory holds; the one that was not used for longest gives way.

A model and what was computed with it (its traces) stand in one place and go together. Outside, `Lent` stands for them: it
holds no memory, marks its model as in use while a call runs, and opens it again if it had to give way meanwhile. What is not
there yet is computed in the line of its device (queueing.py): one for reading texts, and one for all else, so that a text
never waits behind longer work.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import partial
from types import GeneratorType, MethodType
from typing import Any

from model_backend.base import machine
from model_backend.base.errors import ModelUnavailable, OutOfMemory
from model_backend.base.progress import Listener, LoadingProgress
from model_backend.serving.kept import Kept
from model_backend.serving.queueing import MAX_WAITING, NOBODY, Asker, Line, Task, Together, without_frames

Key = tuple[str, str | None]  # name, revision
SHARE = 0.7  # of the memory that is free or held by models
GRACE_SECONDS = 3.0  # a loading that nobody waits for ends after that; a screen that is drawn anew asks again sooner
_POLL_SECONDS = 0.1


class _Place:
    """One open model, what was computed with it, and how many calls use it now."""

    def __init__(self, model) -> None:
        self.model = model
        self.device = model.info.device
        self.n_bytes = model.info.n_bytes
        self.n_users = 0
        self.lent: Lent | None = None
        self.kept = Kept()
        self.lock = threading.Lock()


class _Loading:
    """A model on its way: those who wait for it, the last message, and how it ended."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.n_waiting = 0
        self.left_at = time.monotonic()
        self.latest: LoadingProgress | None = None
        self.error: BaseException | None = None

    def report(self, progress: LoadingProgress) -> None:
        self.latest = progress
        if self.n_waiting == 0 and time.monotonic() - self.left_at > GRACE_SECONDS:
            raise _Abandoned


class _Abandoned(Exception):
    """Nobody waits for this model any more."""


class Shelf:
    """Opens models by `open_model(name, revision, listener)`; `free_bytes(device)` says what the machine has left.

    Two threads that ask for the same model, or for the same result of it, get the one that is made once. A model is never
    given up while a call uses it. When one does not fit, idle ones give way, the longest unused first, and it is tried again.
    At most `limit` different things wait in a line.
    """

    def __init__(
        self,
        open_model: Callable[[str, str | None, Listener], object],
        free_bytes: Callable[[str], int | None] = machine.free_bytes,
        share: float = SHARE,
        limit: int = MAX_WAITING,
    ) -> None:
        self._open_model = open_model
        self._free_bytes = free_bytes
        self._share = share
        self._limit = limit
        self._lines: dict[tuple[str, str], Line] = {}  # (device, "reading" or "all else")
        self._lock = threading.Lock()
        self._places: OrderedDict[Key, _Place] = OrderedDict()  # the last is the one used last
        self._loadings: dict[Key, _Loading] = {}

    def lend(self, key: Key, listener: Listener | None = None) -> "Lent":
        """The model of that name, opened if it is not; `listener` hears in this thread how far that is."""
        with self._in_use(key, listener) as place, place.lock:
            if place.lent is None:
                place.lent = Lent(self, key, lambda place: place.model)
            return place.lent  # always the same, so that it may be a key of a weak dictionary

    def keep(self, key: Key, what: Hashable, compute: Callable[[], object], asker: Asker = NOBODY) -> "Lent":
        """A result that goes with the model, and stays on the shelf: `compute` makes it where it is not there. Raises what
        `compute` raises, Busy and OutOfMemory."""
        return self._lent(key, lambda place, asker=NOBODY: self._made(place, key, what, compute, asker), asker)

    def result(self, key: Key, what: Hashable, compute: Callable[[], object], asker: Asker = NOBODY) -> object:
        """The same, given into the hands: for records, which hold no model."""
        with self._in_use(key) as place:
            return self._made(place, key, what, compute, asker)

    def _made(self, place: _Place, key: Key, what: Hashable, compute: Callable[[], object], asker: Asker) -> object:
        task = partial(Task, (key, what), compute, partial(place.kept.find, what), partial(place.kept.keep, what))
        return self._found(place, what, "all else", task, asker)

    def read(self, key: Key, what: Hashable, text: Callable[[], tuple], asker: Asker = NOBODY) -> "Lent":
        """The Trace of the text that `text` gives, as `Model.to_read` makes it; read in one pass with others that wait."""

        def find(place: _Place, asker: Asker = NOBODY) -> object:
            def task() -> Task:
                model, pair = place.model, text()
                together = None
                if (group := model.group(pair)) is not None:
                    together = Together((key, group), pair, max(len(part) for part in pair if part), model.traces)
                keep = partial(place.kept.keep, what)
                return Task(
                    (key, what), lambda: model.traces([pair])[0], partial(place.kept.find, what), keep, together
                )

            return self._found(place, what, "reading", task, asker)

        return self._lent(key, find, asker)

    def _lent(self, key: Key, find: Callable, asker: Asker) -> "Lent":
        with self._in_use(key) as place:
            find(place, asker)
            return Lent(self, key, find)

    def _found(self, place: _Place, what: Hashable, kind: str, task: Callable[[], Task], asker: Asker) -> object:
        """What is kept, or what comes out of the line."""
        found = place.kept.find(what)
        if found is not None:
            return found
        with self._lock:
            line = self._lines.setdefault((place.device, kind), Line(self._limit, self._relieve))
        return line.ask(task(), asker)

    def _relieve(self) -> bool:
        """Memory ran out: let go of all results and of all models that nobody uses. False if there was nothing."""
        with self._lock:
            gave_way = sum([place.kept.clear() for place in self._places.values()])
        gave_way += self._give_up_all(None)
        machine.give_back()
        return gave_way > 0

    def info(self, key: Key):
        """The ModelInfo of an open model, else None."""
        with self._lock:
            place = self._places.get(key)
            return place.model.info if place else None

    def idle_bytes(self, device: str) -> int:
        """Bytes of weights that could be freed there at once."""
        with self._lock:
            return sum(place.n_bytes for place in self._places.values() if place.device == device and not place.n_users)

    def give_up(self, but: Key | None = None, device: str | None = None) -> bool:
        """Free the idle model that was not used for longest; False if there is none."""
        with self._lock:
            key = self._longest_unused(but, device)
            if key is None:
                return False
            del self._places[key]
        machine.give_back()
        return True

    def _longest_unused(self, but: Key | None, device: str | None) -> Key | None:
        for key, place in self._places.items():
            if not place.n_users and key != but and device in (None, place.device):
                return key
        return None

    @contextmanager
    def _in_use(self, key: Key, listener: Listener | None = None) -> Iterator[_Place]:
        place = self._taken(key, listener)
        try:
            yield place
        finally:
            self._left(place)

    def _left(self, place: _Place) -> None:
        with self._lock:
            place.n_users -= 1

    def _taken(self, key: Key, listener: Listener | None = None) -> _Place:
        """The place of an open model, counted as used."""
        while True:
            with self._lock:
                if key in self._places:
                    self._places.move_to_end(key)
                    self._places[key].n_users += 1
                    return self._places[key]
                loading = self._loadings.get(key)
                if loading is None:
                    loading = self._loadings[key] = _Loading()
                    threading.Thread(target=self._load, args=(key, loading), daemon=True).start()
                loading.n_waiting += 1
            try:
                heard = None
                while not loading.done.wait(_POLL_SECONDS):
                    if listener is not None and loading.latest not in (None, heard):
                        heard = loading.latest
                        listener(heard)
            finally:
                with self._lock:
                    loading.n_waiting -= 1
                    loading.left_at = time.monotonic()
            if loading.error is not None and not isinstance(loading.error, _Abandoned):
                raise loading.error

    def _load(self, key: Key, loading: _Loading) -> None:
        """Open a model in a thread of its own, so that all who wait can watch and any of them may leave."""
        try:
            place = _Place(self._opened(key, loading.report))
            device = place.device
            with self._lock:
                self._places[key] = place
            del place  # this thread must not keep it alive
        except BaseException as error:
            loading.error = error  # raised where it is waited for
        finally:
            with self._lock:
                del self._loadings[key]
            loading.done.set()
        if loading.error is None:
            self._make_room(key, device)

    def _opened(self, key: Key, report: Listener):
        """The model; where it does not fit, idle ones give way first: one after the other, or all if memory ran out."""
        ran_out = False
        while True:
            try:
                return self._open_model(*key, report)
            except (ModelUnavailable, OutOfMemory) as error:
                refusal = without_frames(error)
            if isinstance(refusal, OutOfMemory):
                gave_way = not ran_out and self._give_up_all(key)
                ran_out = True
            else:
                gave_way = refusal.details.get("reason") == "too_big" and self.give_up(but=key)
            if not gave_way:
                raise refusal

    def _give_up_all(self, but: Key | None) -> bool:
        gave_way = False
        while self.give_up(but=but):
            gave_way = True
        return gave_way

    def _make_room(self, newest: Key, device: str) -> None:
        """Let models go until they hold no more than their share of the memory."""
        while (free := self._free_bytes(device)) is not None:
            with self._lock:
                held = sum(place.n_bytes for place in self._places.values() if place.device == device)
            if held <= self._share * (free + held) or not self.give_up(but=newest, device=device):
                return


class Lent:
    """Stands for a model or one of its results: all their names work as usual, and the model counts as used meanwhile."""

    __slots__ = ("__weakref__", "_find", "_key", "_shelf")

    def __init__(self, shelf: Shelf, key: Key, find: Callable[[_Place], Any]) -> None:
        self._shelf = shelf
        self._key = key
        self._find = find

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        shelf, key = self._shelf, self._key
        place = shelf._taken(key)  # tables ask for hundreds of tokens: no context manager here
        try:
            value = getattr(self._find(place), name)
        finally:
            shelf._left(place)
        return partial(self._call, name) if isinstance(value, MethodType) else value

    def __len__(self) -> int:
        with self._shelf._in_use(self._key) as place:
            return len(self._find(place))

    def _call(self, name: str, *args, **options):
        place = self._shelf._taken(self._key)
        try:
            result = getattr(self._find(place), name)(*args, **options)
        finally:
            self._shelf._left(place)
        return self._steps(result) if isinstance(result, GeneratorType) else result

    def _steps(self, steps: GeneratorType) -> Iterator:
        with self._shelf._in_use(self._key):
            yield from steps
