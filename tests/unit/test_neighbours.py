"""Neighbours, similarities and the worked-out pair, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn.metrics import pairwise
from sklearn.neighbors import NearestNeighbors

from model_backend.analysis import neighbours as module
from model_backend.analysis.neighbours import neighbours, pair_in_numbers, similarity_matrix


@pytest.fixture(scope="module")
def matrix():
    return np.random.default_rng(0).normal(size=(400, 24)).astype(np.float32)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("chunk", [24 * 7, 2**23])
def test_neighbours_are_those_of_scikit_learn(matrix, metric, chunk, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK_NUMBERS", chunk)
    vector = matrix[7] + 0.5
    distances, indices = NearestNeighbors(n_neighbors=12, metric=metric).fit(matrix).kneighbors(vector[None])
    found = neighbours(matrix, vector, 12, metric)
    assert found.indices.tolist() == indices[0].tolist()
    expected = 1 - distances[0] if metric == "cosine" else distances[0]
    np.testing.assert_allclose(found.values, expected, atol=1e-5)


def test_dot_neighbours_prefer_long_vectors_where_cosine_does_not():
    matrix = np.array([[1.0, 0.0], [10.0, 10.0], [0.0, 1.0]])
    assert neighbours(matrix, np.array([1.0, 0.0]), 1, "dot").indices.tolist() == [1]
    assert neighbours(matrix, np.array([1.0, 0.0]), 1, "cosine").indices.tolist() == [0]


def test_what_is_left_out_is_not_compared_and_ties_keep_their_order():
    matrix = np.array([[1.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    found = neighbours(matrix, matrix[0], 3, "cosine", leave_out=(0,))
    assert found.indices.tolist() == [1, 2, 4]  # zeros have no direction
    assert found.n_candidates == 3


def test_euclidean_keeps_small_distances_between_long_vectors():
    base = np.full(64, 1000.0, np.float32)
    matrix = np.stack([base + np.float32(0.01) * n for n in range(4)])
    step = np.linalg.norm(matrix[1].astype(np.float64) - matrix[0])
    assert neighbours(matrix, base, 2, "euclidean").values[1] == pytest.approx(step, rel=1e-3)


@pytest.mark.parametrize(
    ("metric", "reference"),
    [
        ("cosine", pairwise.cosine_similarity),
        ("euclidean", pairwise.euclidean_distances),
        ("dot", pairwise.linear_kernel),
    ],
)
def test_similarity_matrix_is_that_of_scikit_learn(matrix, metric, reference):
    found = similarity_matrix(matrix[:50], metric)
    np.testing.assert_allclose(found, reference(matrix[:50].astype(np.float64)), atol=1e-5)
    assert np.array_equal(found, found.T)


def test_a_pair_by_hand():
    pair = pair_in_numbers(np.array([3.0, 4.0, 0.0]), np.array([-4.0, 3.0, 12.0]), n_top=2)
    assert (pair.dot, pair.norm_a, pair.norm_b, pair.cosine) == (0.0, 5.0, 13.0, 0.0)
    assert pair.angle_degrees == pytest.approx(90)
    assert pair.products.tolist() == [-12.0, 12.0, 0.0]
    assert (pair.top.tolist(), pair.top_sum) == ([0, 1], 0.0)
    assert pair.distance == pytest.approx(np.sqrt(49 + 1 + 144))


def test_one_vector_twice_lies_at_no_angle():
    """Catches: a cosine that rounding has carried past 1, whose angle is no number."""
    one = np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32)
    angles = [pair_in_numbers(row, row * factor).angle_degrees for row in one for factor in (1, 3, -7)]
    assert np.allclose(angles, [0, 0, 180] * 50, atol=0.1)


def test_zeros_have_no_cosine():
    assert np.isnan(pair_in_numbers(np.zeros(3), np.ones(3)).cosine)


def test_an_unknown_metric_is_refused(matrix):
    with pytest.raises(ValueError, match="metric"):
        neighbours(matrix, matrix[0], 3, "manhattan")
    with pytest.raises(ValueError, match="metric"):
        similarity_matrix(matrix, "manhattan")


@pytest.mark.parametrize("chunk", [1, 10, 1 << 20])
@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_scores_are_scikit_learns_in_pieces_of_any_size(monkeypatch, metric, chunk):
    """Catches: a row between two pieces, or the first one, that nobody computes."""
    monkeypatch.setattr(module, "_CHUNK_NUMBERS", chunk)
    rng = np.random.default_rng(1)
    matrix, vector = rng.normal(size=(13, 5)), rng.normal(size=5)
    expected = {
        "cosine": lambda: pairwise.cosine_similarity(matrix, vector[None])[:, 0],
        "euclidean": lambda: pairwise.euclidean_distances(matrix, vector[None])[:, 0],
        "dot": lambda: matrix @ vector,
    }[metric]()
    found = module.scores(matrix, vector, metric)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert found.dtype == np.float32


def test_a_pair_brings_both_its_vectors():
    found = pair_in_numbers(np.array([1.0, 2.0]), np.array([3.0, -4.0]))
    assert (found.a.tolist(), found.b.tolist(), found.products.tolist()) == ([1, 2], [3, -4], [3, -8])
