"""Who is near whom, in the full space: exact neighbours, similarity matrices, and one pair worked out in numbers."""

import numpy as np

from model_backend.base.embedding_records import Metric, Neighbours, PairInNumbers

_CHUNK_NUMBERS = 2**23  # numbers of differences held at once: 32 MiB of float32


def scores(matrix: np.ndarray, vector: np.ndarray, metric: Metric = "cosine") -> np.ndarray:
    """[point] float32 of a vector [d_model] against matrix [point, d_model]: cosine, dot product or Euclidean distance.

    A vector of zeros has no direction: its cosine is nan.
    """
    matrix, vector = np.asarray(matrix, np.float32), np.asarray(vector, np.float32)
    if metric == "dot":
        return matrix @ vector
    if metric == "cosine":
        with np.errstate(invalid="ignore", divide="ignore"):
            return matrix @ vector / (np.linalg.norm(matrix, axis=1) * np.linalg.norm(vector))
    if metric != "euclidean":
        raise ValueError(f"metric should be cosine, dot or euclidean, not {metric!r}")
    # differences, not |a|² − 2ab + |b|²: float32 would lose small distances between long vectors
    distances, size = np.empty(len(matrix), np.float32), max(1, _CHUNK_NUMBERS // matrix.shape[1])
    for start in range(0, len(matrix), size):
        rows = slice(start, start + size)
        distances[rows] = np.linalg.norm(matrix[rows] - vector, axis=1)
    return distances


def neighbours(
    matrix: np.ndarray, vector: np.ndarray, k: int = 10, metric: Metric = "cosine", leave_out: tuple[int, ...] = ()
) -> Neighbours:
    """The k points of matrix [point, d_model] nearest to vector [d_model], exactly; the points `leave_out` are not compared.

    Equal values stay in the order of the points. Points without a direction (zeros) come in no cosine ranking.
    """
    found = scores(matrix, vector, metric)
    order = found if metric == "euclidean" else -found
    candidates = np.flatnonzero(~np.isnan(found) & ~np.isin(np.arange(len(found)), np.array(leave_out, np.int64)))
    k = min(k, len(candidates))
    if 0 < k < len(candidates):
        edge = np.partition(order[candidates], k - 1)[k - 1]
        near = candidates[order[candidates] <= edge]
    else:
        near = candidates
    indices = near[np.argsort(order[near], kind="stable")][:k]
    return Neighbours(metric, indices.astype(np.int64), found[indices], len(candidates))


def similarity_matrix(vectors: np.ndarray, metric: Metric = "cosine") -> np.ndarray:
    """[point, point] float32, symmetric: cosine, dot product or Euclidean distance of all pairs of vectors [point, d_model]."""
    vectors = np.asarray(vectors, np.float64)
    if metric == "cosine":
        with np.errstate(invalid="ignore"):
            vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    products = vectors @ vectors.T
    products = (products + products.T) / 2  # BLAS may sum the two halves in another order
    if metric == "euclidean":
        squares = np.diag(products)
        products = np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * products, 0))
        np.fill_diagonal(products, 0)
    elif metric not in ("cosine", "dot"):
        raise ValueError(f"metric should be cosine, dot or euclidean, not {metric!r}")
    products = products.astype(np.float32)
    products.setflags(write=False)
    return products


def pair_in_numbers(a: np.ndarray, b: np.ndarray, n_top: int = 8) -> PairInNumbers:
    """Dot product, norms, cosine, angle and distance of two vectors [d_model], with the dimensions that count most.

    Sums run in float64; a vector of zeros gives a cosine of nan.
    """
    a, b = np.array(a, np.float32), np.array(b, np.float32)
    exact_a, exact_b = a.astype(np.float64), b.astype(np.float64)
    products = exact_a * exact_b
    dot, norm_a, norm_b = products.sum(), np.linalg.norm(exact_a), np.linalg.norm(exact_b)
    cosine = dot / (norm_a * norm_b) if norm_a and norm_b else np.nan
    top = np.argsort(-np.abs(products), kind="stable")[:n_top]
    return PairInNumbers(
        a=a, b=b, products=products.astype(np.float32), dot=float(dot), norm_a=float(norm_a), norm_b=float(norm_b),
        cosine=float(cosine), angle_degrees=float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))),
        distance=float(np.linalg.norm(exact_a - exact_b)), top=top.astype(np.int64), top_sum=float(products[top].sum()),
    )  # fmt: skip
