"""The process that fits UMAP and t-SNE: `python -m model_backend.maps.projection_worker`. Started by `projection_jobs`.

One JSON object a line comes in and out. In: {"task": "warm"}, {"task": "fit", "key", "vectors" (a .npy file), "settings"} or
{"task": "transform", "key", "vectors", "full", "out"}. Out: {"stage", "done", "total"} while it works, then {"stage": "finished"} or
{"stage": "failed", "error"}. It ends with its input.

numba compiles UMAP's loops anew in every process, which takes half a minute. Here what it compiled is kept, so only the first
worker of an installation pays.
"""

import json
import os
import pickle
import sys
import time
import traceback
import warnings
from collections.abc import Callable

import numpy as np

from model_backend.base.embedding_records import FittedMap, MapSettings
from model_backend.maps import map_store
from model_backend.maps.projection import library_version

Report = Callable[[str, int, int], None]

TRUST_NEIGHBOURS = 15


def distances(rows: np.ndarray, columns: np.ndarray, metric: str) -> np.ndarray:
    """[row, column] float32 of all pairs, cosine distance (1 − cosine) or Euclidean, summed in float64; exact zeros where rows
    are columns."""
    from sklearn.metrics import pairwise

    of = {"cosine": pairwise.cosine_distances, "euclidean": pairwise.euclidean_distances}[metric]
    exact = rows.astype(np.float64)
    return of(exact, None if rows is columns else columns.astype(np.float64)).astype(np.float32)


def fit(vectors: np.ndarray, settings: MapSettings, key: str, report: Report) -> FittedMap:
    """Fit the map of vectors [point, d_model]; a UMAP is kept beside it, so that new points can be dropped in."""
    started = time.perf_counter()
    report("neighbours", 0, 1)
    fit_method = _fit_umap if settings.method == "umap" else _fit_tsne
    points, loss = fit_method(vectors, settings, key, report)
    report("checking", 0, 1)
    n_neighbors = min(TRUST_NEIGHBOURS, (len(vectors) - 1) // 2)
    trust = trustworthiness(vectors, points, n_neighbors, settings.metric)
    return FittedMap(
        points=np.ascontiguousarray(points, np.float32), settings=settings, trustworthiness=trust,
        n_neighbors=n_neighbors, kl_divergence=loss, seconds=time.perf_counter() - started,
        version=library_version(settings.method), key=key,
    )  # fmt: skip


def trustworthiness(vectors: np.ndarray, points: np.ndarray, n_neighbors: int, metric: str) -> float:
    """scikit-learn's (Venna and Kaski 2001)."""
    from sklearn.manifold import trustworthiness as by_sklearn

    return float(by_sklearn(vectors, points, n_neighbors=n_neighbors, metric=metric))


def _fit_umap(vectors: np.ndarray, settings: MapSettings, key: str, report: Report) -> tuple[np.ndarray, float]:
    model = _umap(settings, report)
    points = model.fit_transform(distances(vectors, vectors, settings.metric))
    if key:
        model.tqdm_kwds = {}
        model._raw_data = np.empty((len(vectors), 0), np.float32)  # the distances themselves are not asked for again
        with map_store.model_path(key).open("wb") as file:
            pickle.dump(model, file)
    return points, float("nan")


def _umap(settings: MapSettings, report: Report):
    import umap

    return umap.UMAP(
        n_components=settings.n_dimensions, n_neighbors=settings.n_neighbors, min_dist=settings.min_dist,
        n_epochs=settings.n_steps, metric="precomputed", random_state=settings.seed, n_jobs=1,
        init="spectral", tqdm_kwds=_bar(report),
    )  # fmt: skip


def _bar(report: Report) -> dict:
    """Options for UMAP's progress bar that turn it into reports."""
    return {"disable": False, "file": _Lines(report), "bar_format": "{n_fmt} {total_fmt}\n", "mininterval": 0.2}


class _Lines:
    """A file for what a library prints about its progress: "120 500" (UMAP's bar) or "[t-SNE] Iteration 150: …"."""

    encoding = "utf-8"

    def __init__(self, report: Report, total: int = 0) -> None:
        self.report, self.total = report, total

    def write(self, text: str) -> int:
        """Report a step where the text names one; all of it counts as written."""
        words = text.replace(":", " ").split()
        if "Iteration" in words:
            self.report("layout", int(words[words.index("Iteration") + 1]), self.total)
        elif len(words) == 2 and all(word.isdigit() for word in words):
            self.report("layout", int(words[0]), int(words[1]))
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def _fit_tsne(vectors: np.ndarray, settings: MapSettings, key: str, report: Report) -> tuple[np.ndarray, float]:
    from contextlib import redirect_stdout

    from sklearn.manifold import TSNE

    model = TSNE(
        n_components=settings.n_dimensions, perplexity=settings.perplexity, max_iter=settings.n_steps,
        metric=settings.metric, init="pca", random_state=settings.seed, verbose=2,
    )  # fmt: skip
    report("layout", 0, settings.n_steps)
    with redirect_stdout(_Lines(report, settings.n_steps)):  # it has no other way to say how far it is
        points = model.fit_transform(vectors)
    return points, float(model.kl_divergence_)


def transform(vectors: np.ndarray, full: np.ndarray, key: str) -> np.ndarray | None:
    """Where UMAP itself puts new vectors [new, d_model] on its map of full [point, d_model]; None if the fit is gone.

    The file is one that `fit` wrote into the cache folder, as numba's cache beside it.
    """
    found = map_store.find_map(key)
    path = map_store.model_path(key)
    if found is None or not path.is_file():
        return None
    with path.open("rb") as file:
        model = pickle.load(file)
    return model.transform(distances(vectors, full, found.settings.metric))


def warm_up() -> None:
    """Import, and compile or load what was compiled, by a map of random points that nobody sees."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, 8)).astype(np.float32)
    settings = MapSettings(n_neighbors=5, n_steps=11)
    table = distances(points, points, "cosine")
    model = _umap(settings, lambda *_: None)
    model.fit(table)
    model.transform(distances(points[:3] + 1, points, "cosine"))
    trustworthiness(points, points[:, :2], 5, "cosine")


def keep_compiled() -> None:
    """Let numba keep what it compiles of UMAP, as it does of its other libraries: beside the package, or in the user's cache
    folder where that cannot be written. To be called before any of it runs."""
    import umap.layouts
    import umap.umap_
    import umap.utils
    from numba.core.dispatcher import Dispatcher

    for module in (umap.layouts, umap.umap_, umap.utils):
        for function in vars(module).values():
            if isinstance(function, Dispatcher) and function.py_func.__module__ == module.__name__:
                function.enable_caching()


def _handle(task: dict, report: Report) -> None:
    if task["task"] == "warm":
        warm_up()
        return
    vectors = np.load(task["vectors"], allow_pickle=False)
    if task["task"] == "fit":
        found = fit(vectors, MapSettings(**task["settings"]), task["key"], report)
        map_store.save(found, map_store.maps_folder() / f"{task['key']}.npz")
        map_store.prune()
    else:
        points = transform(vectors, np.load(task["full"], allow_pickle=False), task["key"])
        if points is not None:
            np.save(task["out"], points, allow_pickle=False)


def main() -> None:
    """Work off the tasks that come in, one after another."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    sys.stdout = sys.stderr
    warnings.simplefilter("ignore")

    def say(stage: str, done: int = 0, total: int = 0, **more: str) -> None:
        channel.write(json.dumps({"stage": stage, "done": done, "total": total, **more}) + "\n")
        channel.flush()

    is_ready = False
    for line in sys.stdin:
        task = json.loads(line)
        try:
            if not is_ready and task.get("settings", {}).get("method") != "tsne":
                say("starting")
                keep_compiled()
                is_ready = True
            _handle(task, say)
            say("finished")
        except Exception:  # it goes back to the one who asked
            say("failed", error=traceback.format_exc())


if __name__ == "__main__":
    main()
