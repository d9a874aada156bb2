"""Fitting UMAP and t-SNE beside the program: one worker process, a queue before it, progress, cancel, results on disk.

    job = jobs().submit(vectors, MapSettings(method="umap"), owner="me")
    job.state()         # MapState(stage="layout", done=120, total=500, …)
    job.result()        # FittedMap, once job.is_done
    jobs().find(job.key)    # the same job, also some time after its end

Works from any number of threads. A map that was fitted before is there at once. The worker is a Python of its own, not a fork
and not a multiprocessing child, so it neither runs the main program again nor inherits its threads.
"""

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from model_backend.base.embedding_records import FittedMap, MapSettings, MapState, Placement
from model_backend.base.errors import BackendError, Busy
from model_backend.maps import map_store
from model_backend.maps.projection import check_finite, fitting, map_key, place_among_neighbours

MAX_WAITING = 16
MAX_ENDED = 64  # ended jobs that can still be found; a map has some ten kilobytes
IDLE_SECONDS = 900.0  # then the worker ends and gives its memory back (about 450 MB)


class Job:
    """A map that is being made, shared by all who asked for the same one. Made by `ProjectionJobs.submit`."""

    def __init__(
        self, key: str, task: dict, arrays: dict[str, np.ndarray], owner: Hashable, into: FittedMap | None = None
    ) -> None:
        self.key, self.task, self.arrays, self.into = key, task, arrays, into
        self.owners = {owner}
        self.started = time.monotonic()
        self.stage, self.done, self.total = "queued", 0, 0
        self.answer: FittedMap | Placement | None = None
        self.error: BaseException | None = None
        self.ended: float | None = None
        self.finished = threading.Event()

    @property
    def is_done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.finished.is_set()

    def state(self) -> MapState:
        """Where it stands now; costs nothing."""
        seconds = (self.ended or time.monotonic()) - self.started
        error = "" if self.error is None else str(self.error)
        return MapState(self.key, self.stage, self.done, self.total, seconds, error)

    def result(self, timeout: float | None = None) -> FittedMap | Placement:
        """Wait for the end. Raises TimeoutError, or BackendError if it was cancelled, or what went wrong."""
        if not self.finished.wait(timeout):
            raise TimeoutError(f"the map was not finished within {timeout} seconds")
        if self.error is not None:
            raise self.error
        assert self.answer is not None  # what ended without an error has one
        return self.answer

    def end(self, stage: str, answer: FittedMap | Placement | None = None, error: BaseException | None = None) -> None:
        """Note how it ended."""
        self.stage, self.answer, self.error, self.ended, self.arrays = stage, answer, error, time.monotonic(), {}
        self.finished.set()


class ProjectionJobs:
    """The queue and its one worker. Use the shared one, `jobs()`; nothing starts before it is asked for."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.RLock()
        self._queue: queue.Queue[Job] = queue.Queue()
        self._jobs: dict[str, Job] = {}  # those that wait or run
        self._ended: OrderedDict[str, Job] = OrderedDict()  # the last few that did
        self._worker: subprocess.Popen | None = None
        self._thread: threading.Thread | None = None

    def warm_up(self) -> None:
        """Start the worker and let it compile, so that the first map need not wait for that. Returns at once."""
        self._enqueue(Job("warm", {"task": "warm"}, {}, "warm"))

    def submit(self, vectors: np.ndarray, settings: MapSettings, owner: Hashable = None) -> Job:
        """Ask for the UMAP or t-SNE of vectors [point, d_model]; done at once if it lies on the disk.

        `owner` is who asks (a session); a job is cancelled when all its owners have. Asking twice is the same as once. Raises
        BackendError for too few or too many points, and Busy if too many maps wait.
        """
        vectors = check_finite(vectors, settings.metric)
        settings = fitting(settings, len(vectors))
        key = map_key(vectors, settings)
        job = Job(key, {"task": "fit", "key": key, "settings": asdict(settings)}, {"vectors": vectors}, owner)
        found = map_store.find_map(key)
        if found is not None:
            return self._end(job, "finished", found)
        return self._enqueue(job)

    def submit_placement(self, found: FittedMap, full: np.ndarray, vectors: np.ndarray, owner: Hashable = None) -> Job:
        """Ask for new vectors [new, d_model] on a finished map of full [point, d_model], as a Placement.

        By UMAP's own transform where the fit is still on the disk; a t-SNE has none, and there, and for maps that ship with
        a model, the new points are set among their neighbours, which is done at once; so are those placed a while ago.
        """
        vectors, full = (check_finite(array, found.settings.metric) for array in (vectors, full))
        key = f"{found.key} + {map_key(vectors, found.settings)}"
        before = self.find(key)
        if before is not None and before.stage == "finished":
            return before
        job = Job(key, {"task": "transform", "key": found.key}, {"vectors": vectors, "full": full}, owner, found)
        if found.method == "tsne" or not map_store.model_path(found.key).is_file():
            return self._end(job, "finished", place_among_neighbours(found.points, full, vectors))
        return self._enqueue(job)

    def find(self, key: str) -> Job | None:
        """The job of that key that waits or runs, or one of the last that ended; None if it is not known any more."""
        with self._lock:
            return self._jobs.get(key) or self._ended.get(key)

    def cancel(self, job: Job, owner: Hashable = None) -> None:
        """Give a job up. If nobody else wants it, it ends: the worker is stopped if it is at it, and started afresh."""
        with self._lock:
            job.owners.discard(owner)
            if job.owners or job.is_done:
                return
            is_running = job.stage != "queued"
            self._end(job, "cancelled", error=BackendError("The map was cancelled.", "Ask for it again when you like."))
            if is_running:
                self._stop_worker()
        if is_running:
            self.warm_up()

    def close(self) -> None:
        """Stop the worker; whatever waits is cancelled."""
        with self._lock:
            for job in self._jobs.values():
                job.end("cancelled", error=BackendError("The program ends.", ""))
            self._jobs.clear()
            self._stop_worker()

    def _enqueue(self, job: Job) -> Job:
        with self._lock:
            alike = self._jobs.get(job.key)
            if alike is not None:
                alike.owners |= job.owners
                return alike
            if len(self._jobs) >= MAX_WAITING:
                raise Busy("Too many maps are being made.", "Wait a moment, or take PCA, which needs no waiting.")
            job.done = len(self._jobs)
            self._jobs[job.key] = job
            self._queue.put(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="projection jobs", daemon=True)
                self._thread.start()
        return job

    def _serve(self) -> None:
        """Hand one job after another to the worker, until none has come for a while."""
        while True:
            try:
                job = self._queue.get(timeout=self._idle_seconds)
            except queue.Empty:
                with self._lock:
                    if self._queue.empty():
                        self._stop_worker()
                        self._thread = None
                        return
                continue
            if job.is_done:
                continue
            try:
                self._run(job)
            except Exception as error:  # it belongs to whoever asked for the result
                self._end(job, "failed", error=error)
            with self._lock:
                for place, waiting in enumerate(self._jobs.values()):
                    waiting.done = place if waiting.stage == "queued" else waiting.done

    def _run(self, job: Job) -> None:
        with tempfile.TemporaryDirectory(prefix="tokenscope-") as folder, contextlib.suppress(BrokenPipeError):
            paths = {name: str(Path(folder) / f"{name}.npy") for name in (*job.arrays, "out")}
            for name, array in list(job.arrays.items()):
                np.save(paths[name], array, allow_pickle=False)
            with self._lock:
                if job.is_done:
                    return
                worker = self._running_worker()
                assert worker.stdin is not None and worker.stdout is not None  # both are pipes
                job.stage, job.done = "starting", 0
                worker.stdin.write(json.dumps({**job.task, **paths}) + "\n")
                worker.stdin.flush()
            for line in worker.stdout:
                report = json.loads(line)
                if report["stage"] == "failed":
                    raise RuntimeError(report["error"])
                if report["stage"] == "finished":
                    self._finish(job, Path(paths["out"]))
                    return
                with self._lock:
                    if not job.is_done:
                        job.stage, job.done, job.total = report["stage"], report["done"], report["total"]
        if not job.is_done:
            raise RuntimeError("the process that makes maps ended before its time")

    def _finish(self, job: Job, out: Path) -> None:
        answer = None
        if job.task["task"] == "fit":
            answer = map_store.find_map(job.key)
            if answer is None:
                raise RuntimeError("the finished map cannot be read")
        elif job.task["task"] == "transform":
            if out.is_file():
                answer = Placement(
                    np.load(out).astype(np.float32), "transform", np.empty((len(job.arrays["vectors"]), 0), int)
                )
            else:
                assert job.into is not None  # points are dropped into a map
                answer = place_among_neighbours(job.into.points, job.arrays["full"], job.arrays["vectors"])
        self._end(job, "finished", answer)

    def _end(
        self, job: Job, stage: str, answer: FittedMap | Placement | None = None, error: BaseException | None = None
    ) -> Job:
        """Note how a job ended, if it has not ended yet, and let it be found for a while."""
        with self._lock:
            if job.is_done:
                return job
            job.end(stage, answer, error)
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]
            self._ended[job.key] = job
            self._ended.move_to_end(job.key)
            while len(self._ended) > MAX_ENDED:
                self._ended.popitem(last=False)
        return job

    def _running_worker(self) -> subprocess.Popen[str]:
        """The worker, started if there is none; to be called with the lock held."""
        if self._worker is None or self._worker.poll() is not None:
            root = str(Path(__file__).parents[2])
            path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
            # what the parent found for its cache folder, which may be one for this process alone
            environment = {**os.environ, "PYTHONPATH": path, "TOKENSCOPE_CACHE": str(map_store.maps_folder().parent)}
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "model_backend.maps.projection_worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, encoding="utf-8", env=environment,
            )  # fmt: skip
        return self._worker

    def _stop_worker(self) -> None:
        """End the worker process; to be called with the lock held. Its pipes are left to the thread that reads them."""
        worker, self._worker = self._worker, None
        if worker is not None and worker.poll() is None:
            worker.kill()
            worker.wait()


@cache
def jobs() -> ProjectionJobs:
    """The one queue of this process."""
    shared = ProjectionJobs()
    atexit.register(shared.close)
    return shared
