"""Open models, shared by everybody, as many as the memory holds; the one that was not used for longest gives way.

A model and what was computed with it (its traces, its answers) stand in one place and go together. Whoever works with a model
does so inside `using`, which counts it as in use. What is not there yet is computed in the line of its device (queueing.py):
one for reading texts, and one for all else, so that a text never waits behind longer work.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from model_backend.base import machine
from model_backend.base.errors import ModelUnavailable, OutOfMemory
from model_backend.base.progress import Listener, LoadingProgress
from model_backend.serving.kept import Kept
from model_backend.serving.queueing import MAX_WAITING, NOBODY, Asker, Line, Task, Together, without_frames

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
        self.kept = Kept()


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
    """Opens models by `open_model(name, listener)`; `free_bytes(device)` says what the machine has left.

    Two threads that ask for the same model, or for the same result of it, get the one that is made once. A model is never
    given up while a call uses it. When one does not fit, idle ones give way, the longest unused first, and it is tried again.
    At most `limit` different things wait in a line.
    """

    def __init__(
        self,
        open_model: Callable[[str, Listener], object],
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
        self._places: OrderedDict[str, _Place] = OrderedDict()  # the last is the one used last
        self._loadings: dict[str, _Loading] = {}

    @contextmanager
    def using(self, name: str, listener: Listener | None = None) -> Iterator:
        """The model of that name, counted as in use inside the `with`; opened if it is not, while `listener` hears in this
        thread how far that is."""
        with self._in_use(name, listener) as place:
            yield place.model

    def kept(self, name: str, what: Hashable) -> Any | None:
        """The result of that name if it is kept with the model, else None."""
        with self._in_use(name) as place:
            return place.kept.find(what)

    def result(
        self,
        name: str,
        what: Hashable,
        compute: Callable[[Any], Any],
        asker: Asker = NOBODY,
        *,
        in_line: bool = True,
    ) -> Any:
        """What `compute(model)` gives, kept with the model under the name `what`, a tuple. Out of the line it is computed in this
        thread. Raises what `compute` raises, Busy and OutOfMemory."""
        with self._in_use(name) as place:
            found = place.kept.find(what)
            if found is None and not in_line:
                found = compute(place.model)
                place.kept.keep(what, found)
            if found is None:
                found = self._line(place, "all else").ask(
                    Task(
                        (name, what),
                        lambda: compute(place.model),
                        partial(place.kept.find, what),
                        partial(place.kept.keep, what),
                    ),
                    asker,
                )
            return found

    def trace(self, name: str, what: Hashable, text: Callable[[Any], tuple], asker: Asker = NOBODY) -> Any:
        """The Trace of the text that `text(model)` gives, as `Model.to_trace` makes it; read in one pass with others that
        wait."""
        with self._in_use(name) as place:
            found = place.kept.find(what)
            if found is not None:
                return found
            model, pair = place.model, text(place.model)
            together = None
            if (group := model.group(pair)) is not None:
                together = Together((name, group), pair, max(len(part) for part in pair if part), model.traces)
            task = Task(
                (name, what),
                lambda: model.traces([pair])[0],
                partial(place.kept.find, what),
                partial(place.kept.keep, what),
                together,
            )
            return self._line(place, "reading").ask(task, asker)

    def _line(self, place: _Place, kind: str) -> Line:
        with self._lock:
            return self._lines.setdefault((place.device, kind), Line(self._limit, self._relieve))

    def _relieve(self) -> bool:
        """Memory ran out: let go of all results and of all models that nobody uses. False if there was nothing."""
        with self._lock:
            gave_way = sum([place.kept.clear() for place in self._places.values()])
        gave_way += self._give_up_all(None)
        machine.give_back()
        return gave_way > 0

    def info(self, name: str):
        """The ModelInfo of an open model, else None."""
        with self._lock:
            place = self._places.get(name)
            return place.model.info if place else None

    def idle_bytes(self, device: str) -> int:
        """Bytes of weights that could be freed there at once."""
        with self._lock:
            return sum(place.n_bytes for place in self._places.values() if place.device == device and not place.n_users)

    def give_up(self, but: str | None = None, device: str | None = None) -> bool:
        """Free the idle model that was not used for longest; False if there is none."""
        with self._lock:
            name = self._longest_unused(but, device)
            if name is None:
                return False
            del self._places[name]
        machine.give_back()
        return True

    def _longest_unused(self, but: str | None, device: str | None) -> str | None:
        for name, place in self._places.items():
            if not place.n_users and name != but and device in (None, place.device):
                return name
        return None

    @contextmanager
    def _in_use(self, name: str, listener: Listener | None = None) -> Iterator[_Place]:
        place = self._taken(name, listener)
        try:
            yield place
        finally:
            self._left(place)

    def _left(self, place: _Place) -> None:
        with self._lock:
            place.n_users -= 1

    def _taken(self, name: str, listener: Listener | None = None) -> _Place:
        """The place of an open model, counted as used."""
        while True:
            with self._lock:
                if name in self._places:
                    self._places.move_to_end(name)
                    self._places[name].n_users += 1
                    return self._places[name]
                loading = self._loadings.get(name)
                if loading is None:
                    loading = self._loadings[name] = _Loading()
                    threading.Thread(target=self._load, args=(name, loading), daemon=True).start()
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

    def _load(self, name: str, loading: _Loading) -> None:
        """Open a model in a thread of its own, so that all who wait can watch and any of them may leave."""
        try:
            place = _Place(self._opened(name, loading.report))
            device = place.device
            with self._lock:
                self._places[name] = place
            del place  # this thread must not keep it alive
        except BaseException as error:
            loading.error = error  # raised where it is waited for
        finally:
            with self._lock:
                del self._loadings[name]
            loading.done.set()
        if loading.error is None:
            self._make_room(name, device)

    def _opened(self, name: str, report: Listener):
        """The model; where it does not fit, idle ones give way first: one after the other, or all if memory ran out."""
        ran_out = False
        while True:
            try:
                return self._open_model(name, report)
            except (ModelUnavailable, OutOfMemory) as error:
                refusal = without_frames(error)
            if isinstance(refusal, OutOfMemory):
                gave_way = not ran_out and self._give_up_all(name)
                ran_out = True
            else:
                gave_way = refusal.details.get("reason") == "too_big" and self.give_up(but=name)
            if not gave_way:
                raise refusal

    def _give_up_all(self, but: str | None) -> bool:
        gave_way = False
        while self.give_up(but=but):
            gave_way = True
        return gave_way

    def _make_room(self, newest: str, device: str) -> None:
        """Let models go until they hold no more than their share of the memory."""
        while (free := self._free_bytes(device)) is not None:
            with self._lock:
                held = sum(place.n_bytes for place in self._places.values() if place.device == device)
            if held <= self._share * (free + held) or not self.give_up(but=newest, device=device):
                return
