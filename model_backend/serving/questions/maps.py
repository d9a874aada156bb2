"""Many dimensions pressed into two or three: PCA at once, UMAP and t-SNE made beside the program and found by a key."""

from functools import cache

import numpy as np

from model_backend.base.embedding_records import BundledMap, FittedMap, MapSettings, MapState, PCAMap, Placement
from model_backend.serving.asking import of_nothing


@of_nothing()
def pca(vectors: np.ndarray, n_components: int) -> PCAMap:
    """PCA of vectors [point, d_model]. Raises BackendError for fewer than two points."""
    from model_backend.maps import projection

    return projection.pca(vectors, n_components)


@of_nothing()
def place_linear(found: PCAMap, vectors: np.ndarray) -> Placement:
    """Where new vectors [new, d_model] fall on a PCA map; exact."""
    from model_backend.maps import projection

    return projection.place_linear(found, vectors)


@of_nothing()
def bundled_map(model_name: str, method: str, n_dimensions: int) -> BundledMap | None:
    """The map of the commonest tokens that ships with a model, None where none does."""
    from model_backend.maps import map_store

    return map_store.bundled_maps(model_name).get((method, n_dimensions))


@of_nothing()
def submit_map(vectors: np.ndarray, settings: MapSettings, owner: str) -> MapState:
    """Ask for the UMAP or t-SNE of vectors [point, d_model]; `owner` is the session that wants it.

    Finished at once if it was made before. Raises BackendError for too few or too many points, Busy if too many maps wait.
    """
    from model_backend.maps.projection_jobs import jobs

    return jobs().submit(vectors, settings, owner).state()


@of_nothing()
def submit_placement(found: FittedMap, full: np.ndarray, vectors: np.ndarray, owner: str) -> MapState:
    """Ask where new vectors [new, d_model] fall on a finished map of full [point, d_model]."""
    from model_backend.maps.projection_jobs import jobs

    return jobs().submit_placement(found, full, vectors, owner).state()


@of_nothing()
def map_state(key: str) -> MapState | None:
    """Where a map or a placement stands that was asked for; None if it is not known any more."""
    from model_backend.maps.projection_jobs import jobs

    job = jobs().find(key)
    return None if job is None else job.state()


@of_nothing()
def map_result(key: str) -> FittedMap | Placement | None:
    """The finished map or placement, None if it is not known any more. Raises what went wrong with it."""
    from model_backend.maps.projection_jobs import jobs

    job = jobs().find(key)
    return None if job is None else job.result()


@of_nothing()
def cancel_map(key: str, owner: str) -> None:
    """Give a map up; it ends when nobody else wants it."""
    from model_backend.maps.projection_jobs import jobs

    job = jobs().find(key)
    if job is not None:
        jobs().cancel(job, owner)


@of_nothing()
def warm_up_maps() -> None:
    """Let UMAP compile beside the program, once a process, from the first visit on where a map may be asked for."""
    _warm_up_once()


@cache
def _warm_up_once() -> None:
    from model_backend.maps.projection_jobs import jobs

    jobs().warm_up()
