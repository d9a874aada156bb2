"""The line before a device: the work of many people, in a fair order, once where it is the same, together where it can be.

A line has one worker thread, which does one thing after the other; more threads would share the same cores, hardly gain
(measured in docs/benchmarks.md) and keep each other waiting. Who asks waits at `Line.ask`, hears its place, and may leave at
any time: work that nobody waits for is dropped, before it begins or between two blocks of the model.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from model_backend.base.errors import BackendError, Busy, OutOfMemory
from model_backend.base.memory import memory_guard
from model_backend.base.sentences import Sentence
from model_backend.base.wanted import Abandoned, check_wanted, is_wanted

MAX_WAITING = 32  # different things in one line
MAX_WAITING_OF_ONE = 8  # of them by one person
MAX_TOGETHER = 8  # texts in one pass
MAX_TOGETHER_TOKENS = 2048  # in one pass, the padding counted
POLL_SECONDS = 0.2
_IDLE_SECONDS = 30.0  # a worker with nothing to do ends after that

Person = Hashable
Listener = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: `person` tells people apart, None is nobody in particular; `listener` hears the place in the line, 0 once the
    work has begun, a few times a second in the asker's own thread; it may raise to leave."""

    person: Person = None
    listener: Listener | None = None


NOBODY = Asker()


@dataclass(frozen=True, slots=True)
class Together:
    """Things of one `group` may be done in one go: `compute_all` takes their items and returns the results in that order.
    `size` is what `MAX_TOGETHER_TOKENS` counts."""

    group: Hashable
    item: object
    size: int
    compute_all: Callable[[Sequence], Sequence]


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for. `what` names the result; `find` looks whether it is there already, `keep` puts it where it is found."""

    what: Hashable
    compute: Callable[[], object]
    find: Callable[[], object | None] = lambda: None
    keep: Callable[[object], None] = lambda result: None
    together: Together | None = None


@dataclass(eq=False, slots=True)
class _Job:
    """A task in the line, its round, and how many times each person waits for it."""

    task: Task
    round: int
    people: Counter = field(default_factory=Counter)
    done: threading.Event = field(default_factory=threading.Event)
    result: object = None
    error: BaseException | None = None


_lines: set["Line"] = set()  # those with a worker


def give_way(seconds: float) -> None:
    """For work that nobody waits for with an empty screen: stand back while a line has work, at most that long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and any(line.is_busy for line in tuple(_lines)):
        time.sleep(min(left, 0.01))


class Line:
    """People who wait for one device. At most `limit` different things wait; past that, and for one who asks for more than
    MAX_WAITING_OF_ONE at once, `ask` raises Busy.

    The order is fair between people, in rounds: whatever a person asks for while another of her things waits or is being done
    comes a round later than that; in a round, who came first comes first. When memory runs out, `relieve` may free some; if it
    did (True), the work is tried once more.
    """

    def __init__(self, limit: int = MAX_WAITING, relieve: Callable[[], bool] = lambda: False) -> None:
        self._limit, self._relieve = limit, relieve
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._waiting: dict[Hashable, _Job] = {}  # in the order in which they came
        self._running: dict[Hashable, _Job] = {}
        self._round = 0  # of what was begun last
        self._worker: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being done or waits."""
        return bool(self._waiting or self._running)

    def ask(self, task: Task, asker: Asker = NOBODY) -> object:
        """The result of the task, computed once for all who ask for it. Raises what its computing raises, and Busy."""
        if threading.current_thread() is self._worker:  # part of what is being done
            found = task.find()
            if found is None:
                found = task.compute()
                task.keep(found)
            return found
        with self._lock:
            found = task.find()
            if found is not None:
                return found
            job = self._joined(task, asker.person)
        try:
            while not job.done.wait(POLL_SECONDS):
                check_wanted()  # what is being done in one line may wait in another
                if asker.listener is not None:
                    asker.listener(self._place(job))
        finally:
            self._leave(job, asker.person)
        if job.error is not None:
            raise job.error
        return job.result

    def _joined(self, task: Task, person: Person) -> _Job:
        job = self._running.get(task.what) or self._waiting.get(task.what)
        jobs = (*self._running.values(), *self._waiting.values())
        mine = [other.round for other in jobs if person in other.people and person is not None]
        turn = max(self._round, max(mine, default=0) + 1)
        if job is None:
            if len(self._waiting) >= self._limit or len(mine) > MAX_WAITING_OF_ONE:
                raise Busy(
                    "The line is full: {n} waiting for this model.", "Wait half a minute, then try again.",
                    n=len(self._waiting),
                )  # fmt: skip
            job = self._waiting[task.what] = _Job(task, turn)
        job.round = min(job.round, turn)
        job.people[person] += 1
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, daemon=True, name="line")
            self._worker.start()
        self._came.notify()
        return job

    def _leave(self, job: _Job, person: Person) -> None:
        with self._lock:
            job.people -= Counter({person: 1})
            if not job.people and self._waiting.get(job.task.what) is job:
                del self._waiting[job.task.what]

    def _place(self, job: _Job) -> int:
        """1 is the next; 0 is what is being done."""
        with self._lock:
            order = self._order()
            return order.index(job) + 1 if job in order else 0

    def _order(self) -> list[_Job]:
        """Those who wait, in the order of their turns."""
        return sorted(self._waiting.values(), key=lambda job: job.round)  # stable: who came first stays first

    def _take(self) -> list[_Job]:
        """The next job, and those that can be done with it."""
        first, *others = self._order()
        self._round = first.round
        jobs, longest = [first], 0 if first.task.together is None else first.task.together.size
        for job in others:
            with_it = job.task.together
            if first.task.together is None or with_it is None or with_it.group != first.task.together.group:
                continue
            padded = max(longest, with_it.size) * (len(jobs) + 1)
            if len(jobs) < MAX_TOGETHER and padded <= MAX_TOGETHER_TOKENS:
                jobs.append(job)
                longest = max(longest, with_it.size)
        for job in jobs:
            self._running[job.task.what] = self._waiting.pop(job.task.what)
        return jobs

    def _work(self) -> None:
        _lines.add(self)
        while True:
            with self._lock:
                if not self._waiting and not self._came.wait_for(lambda: self._waiting, _IDLE_SECONDS):
                    self._worker = None
                    _lines.discard(self)
                    return
                jobs = self._take()
            ended = self._do(jobs)
            is_wanted.set(None)
            del jobs  # whoever hears that it is done may free a model or a result: this thread must not keep it alive
            for done in ended:
                done.set()

    def _do(self, jobs: list[_Job], is_second_try: bool = False) -> list[threading.Event]:
        """Compute the results of one job, or of several together; if that fails, of each alone. Returns what those who wait
        for a result or an error are to be told by; nobody waits for a job that was given up."""
        is_wanted.set(lambda: any(job.people for job in jobs))
        try:
            with memory_guard(Sentence("this computation")):
                results = self._results(jobs)
        except Abandoned:
            self._drop(jobs)
            return []
        except BaseException as raised:
            error = without_frames(raised) if isinstance(raised, BackendError) else raised
        else:
            return [self._end(job, result, None) for job, result in zip(jobs, results, strict=True)]
        if len(jobs) > 1:
            return [done for job in jobs for done in self._do([job])]
        if isinstance(error, OutOfMemory) and not is_second_try and self._relieve():
            return self._do(jobs, is_second_try=True)
        return [self._end(jobs[0], None, error)]

    def _drop(self, jobs: list[_Job]) -> None:
        with self._lock:
            for job in jobs:
                del self._running[job.task.what]
                if job.people:  # somebody came while it was being given up
                    self._waiting[job.task.what] = job

    @staticmethod
    def _results(jobs: list[_Job]) -> Sequence:
        if len(jobs) == 1:
            found = jobs[0].task.find()
            return [jobs[0].task.compute() if found is None else found]
        shared = [job.task.together for job in jobs if job.task.together is not None]  # all were taken for having one
        return shared[0].compute_all([each.item for each in shared])

    def _end(self, job: _Job, result: object, error: BaseException | None) -> threading.Event:
        with self._lock:  # who asks from now on finds the result, or asks anew
            if error is None:
                job.task.keep(result)
            job.result, job.error = result, error
            del self._running[job.task.what]
        return job.done


E = TypeVar("E", bound=BaseException)


def without_frames(error: E) -> E:
    """The error without its tracebacks, whose frames would keep a half-read model or a trace alive."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error
