"""Pictures of many dimensions in two or three: PCA at once, UMAP and t-SNE as jobs, new points in finished maps.

PCA is exact and linear: what share of the variance it shows is in its record. UMAP (McInnes et al. 2018) and t-SNE (van der
Maaten and Hinton 2008) keep neighbourhoods; distances between far groups mean nothing there, and the record holds the seed
and the trustworthiness. They take seconds and are fitted in a process of their own: see `projection_jobs`.
"""

import hashlib
import json
from dataclasses import asdict, replace
from importlib.metadata import version

import numpy as np

from model_backend.base.arithmetic import unit_vectors
from model_backend.base.embedding_records import FittedMap, MapSettings, PCAMap, Placement
from model_backend.base.errors import BackendError

MIN_POINTS, MAX_POINTS = 5, 5000  # of UMAP and t-SNE: they need all pairs of distances
LIBRARIES = {"umap": "umap-learn", "tsne": "scikit-learn"}
_PLACING_NEIGHBOURS = 5


def pca(vectors: np.ndarray, n_components: int = 2) -> PCAMap:
    """PCA of vectors [point, d_model], in float64, by the smaller of the covariance and the Gram matrix.

    Components that the points do not have (as many as points or more) are zeros, with a share of 0. Signs as in
    scikit-learn: the largest entry of a component is positive, so that the picture never flips. Raises BackendError for
    fewer than two points.
    """
    vectors = np.asarray(vectors, np.float64)
    n_points, d_model = vectors.shape
    if n_points < 2:
        raise BackendError("A map needs at least two points.", "Take a longer prompt or more words.")
    mean = vectors.mean(0)
    centred = vectors - mean
    if n_points >= d_model:
        variances, basis = np.linalg.eigh(centred.T @ centred)
        components = basis[:, ::-1].T[:n_components]
    else:  # eigenvectors of the Gram matrix are the points' coordinates; through them back to directions
        variances, basis = np.linalg.eigh(centred @ centred.T)
        components = basis[:, ::-1].T[:n_components] @ centred
    variances = np.maximum(variances[::-1], 0)
    total = np.sum(centred**2)
    n_real = int(np.sum(variances[:n_components] > 1e-12 * total))
    kept = np.zeros((n_components, d_model))
    kept[:n_real] = components[:n_real] / np.linalg.norm(components[:n_real], axis=1, keepdims=True)
    largest = np.take_along_axis(kept, np.abs(kept).argmax(1, keepdims=True), 1)
    kept *= np.where(largest < 0, -1, 1)
    shares = (variances / total if total else variances).astype(np.float32)
    explained = np.zeros(n_components, np.float32)
    explained[:n_real] = shares[:n_real]
    return PCAMap(
        points=(centred @ kept.T).astype(np.float32), components=kept.astype(np.float32), mean=mean.astype(np.float32),
        explained=explained, all_explained=shares,
    )  # fmt: skip


def place_linear(found: PCAMap, vectors: np.ndarray) -> Placement:
    """Where new vectors [new, d_model] fall on a PCA map; exact."""
    points = (np.asarray(vectors, np.float32) - found.mean) @ found.components.T
    return Placement(points, "linear", np.empty((len(points), 0), np.int64))


def place_among_neighbours(
    points: np.ndarray, full: np.ndarray, vectors: np.ndarray, k: int = _PLACING_NEIGHBOURS
) -> Placement:
    """New vectors [new, d_model] on a finished map: points [point, dimension] are the places of full [point, d_model].

    Each is set at the mean of its k nearest points of the full space by cosine, weighted by cosine (negative ones count
    nothing); one that equals a point is set on that point. It lies between them even where nothing is like it.
    """
    full, vectors = (unit_vectors(np.asarray(array, np.float64)) for array in (full, vectors))
    similarity = vectors @ full.T  # [new, point]
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
    weights = np.maximum(np.take_along_axis(similarity, nearest, 1), 0)
    same = weights[:, :1] > 1 - 1e-7
    weights = np.where(same, np.arange(weights.shape[1]) == 0, weights) + 1e-12
    weights /= weights.sum(1, keepdims=True)
    placed = np.einsum("nk,nkd->nd", weights, points[nearest])
    return Placement(placed.astype(np.float32), "neighbours", nearest.astype(np.int64))


def fitting(settings: MapSettings, n_points: int) -> MapSettings:
    """The settings that will be used for so many points; raises BackendError for too few, too many, or unknown ones."""
    if settings.method not in LIBRARIES:
        raise ValueError(f"method should be umap or tsne, not {settings.method!r}")
    if settings.metric not in ("cosine", "euclidean") or settings.n_dimensions not in (2, 3):
        raise ValueError("metric should be cosine or euclidean, n_dimensions 2 or 3")
    if n_points < MIN_POINTS:
        raise BackendError(
            "This kind of map needs at least {least} points; here are {n_points}.", "Take PCA, or more points.",
            n_points=n_points, least=MIN_POINTS,
        )  # fmt: skip
    if n_points > MAX_POINTS:
        raise BackendError(
            "{n_points:,} points are too many for this kind of map; it takes up to {most:,}.",
            "Take PCA, or fewer points.", n_points=n_points, most=MAX_POINTS,
        )  # fmt: skip
    if settings.method == "umap":
        # t-SNE's setting plays no part: one map, one key
        return replace(settings, n_neighbors=min(max(2, settings.n_neighbors), n_points - 1), perplexity=0.0)
    perplexity = min(settings.perplexity, (n_points - 1) / 3)
    return replace(settings, perplexity=perplexity, n_steps=max(250, settings.n_steps), n_neighbors=0, min_dist=0.0)


def map_key(vectors: np.ndarray, settings: MapSettings) -> str:
    """A name for the map of vectors [point, d_model] float32 by settings: the same for the same numbers, settings and
    version of the library."""
    vectors = np.ascontiguousarray(vectors, np.float32)
    description = [vectors.shape, asdict(settings), library_version(settings.method)]
    digest = hashlib.sha256(json.dumps(description).encode())
    digest.update(vectors.data)
    return digest.hexdigest()[:32]


def library_version(method: str) -> str:
    """Name and version of the library that fits a map, without importing it."""
    return f"{LIBRARIES[method]} {version(LIBRARIES[method])}"


def check_finite(vectors: np.ndarray, metric: str) -> np.ndarray:
    """The vectors as float32 [point, d_model]; raises BackendError where one has no direction and the metric needs it."""
    vectors = np.ascontiguousarray(vectors, np.float32)
    if metric == "cosine" and not vectors.any(1).all():
        raise BackendError("A vector of zeros has no direction.", "Choose Euclidean distance, or leave that point out.")
    return vectors


def as_map(points: np.ndarray, description: dict) -> FittedMap:
    """A FittedMap from its points and the description that `describe` gave."""
    settings = MapSettings(**description["settings"])
    return FittedMap(points=points, **{**description, "settings": settings})


def describe(found: FittedMap) -> dict:
    """Everything of a map but its points, for JSON."""
    description = asdict(replace(found, points=np.empty(0)))
    del description["points"]
    return description
