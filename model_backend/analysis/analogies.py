"""Directions that mean something, or do not: a − b + c, and axes that a person defines from pairs of words."""

import numpy as np

from model_backend.analysis.neighbours import neighbours, scores
from model_backend.base.embedding_records import Analogy, Axis
from model_backend.base.errors import BackendError


def analogy(matrix: np.ndarray, a: int, b: int, c: int, k: int = 10) -> Analogy:
    """The points of matrix [point, d_model] nearest to a − b + c by cosine; a, b, c are points of it.

    3CosAdd of Mikolov et al. (2013, "Linguistic regularities", section 4): the three vectors have length 1 before they are
    added. There the inputs are left out in silence; here they stay in the ranking and are marked. Raises BackendError where the
    three cancel out.
    """
    inputs = (int(a), int(b), int(c))
    unit_a, unit_b, unit_c = (_unit(matrix[i]) for i in inputs)
    target = unit_a - unit_b + unit_c
    if not np.linalg.norm(target) > 1e-6:
        raise BackendError("The three words cancel out: a − b + c points nowhere.", "Choose three different words.")
    ranking = neighbours(matrix, target, len(matrix))
    is_input = np.isin(ranking.indices, inputs)
    others = np.flatnonzero(~is_input)
    answer, rank, rank_from_c, cosine = -1, 0, 0, np.nan
    if len(others):
        rank = int(others[0]) + 1
        answer, cosine = int(ranking.indices[others[0]]), float(ranking.values[others[0]])
        from_c = neighbours(matrix, unit_c, len(matrix), leave_out=inputs).indices
        rank_from_c = int(np.flatnonzero(from_c == answer)[0]) + 1
    return Analogy(
        inputs=inputs, indices=ranking.indices[:k], cosines=ranking.values[:k], is_input=is_input[:k],
        n_candidates=ranking.n_candidates, answer=answer, answer_cosine=cosine, answer_rank=rank,
        answer_rank_from_c=rank_from_c, best_is_input=bool(is_input[0]),
    )  # fmt: skip


def axis(low: np.ndarray, high: np.ndarray) -> Axis:
    """The axis of pairs of words: low and high [pair, d_model], row by row from one end to the other.

    Bolukbasi et al. (2016) and Kozlowski et al. (2019) define such directions by the mean of the pairs' differences. Raises
    BackendError where there is no pair, a pair has twice the same vector, or the differences cancel out.
    """
    low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
    if not len(low) or low.shape != high.shape:
        raise BackendError("An axis needs at least one pair of words.", "Write a pair such as small, big.")
    differences = high - low
    lengths = np.linalg.norm(differences, axis=1)
    if not lengths.all():
        raise BackendError("A pair of the axis is twice the same word.", "Write two different words a pair.")
    units = differences / lengths[:, None]
    total = units.sum(0)
    direction = _unit(total)
    half_span = float(differences.mean(0) @ direction) / 2
    if np.linalg.norm(total) < 1e-6 or half_span <= 0:
        raise BackendError("The pairs point in opposite directions and cancel out.", "Turn one of the pairs round.")
    others = total - units
    with np.errstate(invalid="ignore"):
        left_out = np.sum(units * others, 1) / np.linalg.norm(others, axis=1) if len(units) > 1 else np.full(1, np.nan)
    return Axis(
        direction=direction.astype(np.float32), origin=((low.mean(0) + high.mean(0)) / 2).astype(np.float32),
        half_span=half_span, pair_cosines=(units @ direction).astype(np.float32),
        leave_one_out=left_out.astype(np.float32), chance=float(low.shape[1] ** -0.5),
    )  # fmt: skip


def place_on_axis(found: Axis, vectors: np.ndarray) -> np.ndarray:
    """[point] float32: where vectors [point, d_model] fall on an axis; the low ends of its pairs are at −1 in the mean, the
    high ends at 1, their middle at 0.

    By projection: nearness to the axis plays no part, so a word that has nothing to do with it has a place too.
    """
    placed = (np.asarray(vectors, np.float64) - found.origin) @ found.direction / found.half_span
    placed = placed.astype(np.float32)
    placed.setflags(write=False)
    return placed


def alignment(found: Axis, vectors: np.ndarray) -> np.ndarray:
    """[point] float32: cosine of each vector, seen from the axis' origin, with the axis; near 0 the axis says little of it."""
    return scores(np.asarray(vectors, np.float32) - found.origin, found.direction)


def _unit(vector: np.ndarray) -> np.ndarray:
    """The vector at length 1, in float64; zeros stay zeros."""
    vector = np.asarray(vector, np.float64)
    norm = np.linalg.norm(vector)
    return vector / norm if norm else vector
