"""Analogies and axes on vectors that can be worked out by hand."""

import numpy as np
import pytest

from model_backend import BackendError
from model_backend.analysis.analogies import alignment, analogy, axis, place_on_axis
from model_backend.base.embedding_records import VectorSet

# three meanings: royal, female, animal
WORDS = ("king", "queen", "man", "woman", "dog")
MATRIX = np.array([[1, 0, 0.1], [1, 1, 0.1], [0.1, 0, 0.2], [0.1, 1, 0.2], [0, 0.1, 1]], np.float32)


def by_hand(matrix, a, b, c):
    """3CosAdd in three lines, cosines of all points."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    target = unit[a] - unit[b] + unit[c]
    return unit @ target / np.linalg.norm(target)


def test_king_man_woman_is_queen_by_hand():
    found = analogy(MATRIX, 0, 2, 3)
    cosines = by_hand(MATRIX.astype(np.float64), 0, 2, 3)
    order = np.argsort(-cosines)
    assert found.indices.tolist() == order.tolist()
    np.testing.assert_allclose(found.cosines, cosines[order], atol=1e-6)
    assert WORDS[found.answer] == "queen"
    assert found.answer_cosine == pytest.approx(cosines[1], abs=1e-6)
    assert found.is_input.tolist() == [i in (0, 2, 3) for i in order]
    assert found.answer_rank == order.tolist().index(1) + 1


def test_an_input_that_wins_is_said_to_win():
    # b and c nearly the same, so that a - b + c is a: what the literature leaves out in silence
    matrix = np.array([[1, 0, 0], [0, 1, 0], [0, 0.99, 0.05], [0.7, 0.7, 0]])
    found = analogy(matrix, 0, 1, 2, k=2)
    assert found.best_is_input
    assert found.indices[0] == 0
    assert (found.answer, found.answer_rank) == (3, 2)
    assert found.n_candidates == 4


def test_the_rank_from_c_alone_shows_whether_arithmetic_did_anything():
    assert analogy(MATRIX, 0, 2, 3).answer_rank_from_c == 1  # queen is nearest to woman anyway
    # c = (0, 1, 0): by itself nearest to point 4; with a - b it is point 3
    matrix = np.array([[1, 0, 1], [0, 0, 1], [0, 1, 0], [1, 1, 0], [0.2, 1, 0]])
    found = analogy(matrix, 0, 1, 2)
    assert (found.answer, found.answer_rank_from_c) == (3, 2)


def test_vectors_that_cancel_out_are_refused():
    angles = np.radians([0, 60, 120])
    matrix = np.stack([np.cos(angles), np.sin(angles)], 1)  # the first and the last add up to the middle one
    with pytest.raises(BackendError, match="cancel"):
        analogy(matrix, 0, 1, 2)


def test_an_axis_of_parallel_pairs_by_hand():
    low = np.array([[0.0, 0, 0], [0, 5, 0]])
    high = np.array([[2.0, 0, 0], [4, 5, 0]])
    found = axis(low, high)
    assert found.direction.tolist() == [1, 0, 0]
    assert found.origin.tolist() == [1.5, 2.5, 0]
    assert found.half_span == 1.5  # mean difference 3
    assert found.pair_cosines.tolist() == found.leave_one_out.tolist() == [1, 1]
    assert found.chance == pytest.approx(3**-0.5)
    placed = place_on_axis(found, np.array([[1.5, 9, 9], [3, 0, 0], [0, 0, 0]]))
    np.testing.assert_allclose(placed, [0, 1, -1], atol=1e-6)


def test_the_pairs_of_an_axis_lie_at_minus_one_and_one_in_the_mean():
    rng = np.random.default_rng(0)
    low, high = rng.normal(size=(2, 6, 20))
    high += 2
    found = axis(low, high)
    assert place_on_axis(found, low).mean() == pytest.approx(-1, abs=1e-5)
    assert place_on_axis(found, high).mean() == pytest.approx(1, abs=1e-5)


def test_leave_one_out_shows_an_axis_that_means_nothing():
    rng = np.random.default_rng(0)
    noise = axis(*rng.normal(size=(2, 8, 200)))
    assert noise.pair_cosines.mean() > 0.25  # looks like something, since each pair made the axis
    assert abs(noise.leave_one_out.mean()) < 2 * noise.chance
    shared = rng.normal(size=200)
    low = rng.normal(size=(8, 200))
    meant = axis(low, low + shared + 0.3 * rng.normal(size=(8, 200)))
    assert meant.leave_one_out.min() > 10 * meant.chance


def test_leave_one_out_is_the_axis_of_the_other_pairs():
    low, high = np.random.default_rng(1).normal(size=(2, 4, 10))
    found = axis(low, high)
    for left in range(4):
        others = [i for i in range(4) if i != left]
        difference = high[left] - low[left]
        expected = axis(low[others], high[others]).direction @ difference / np.linalg.norm(difference)
        assert found.leave_one_out[left] == pytest.approx(expected, abs=1e-5)


def test_one_pair_has_nothing_to_be_checked_against():
    assert np.isnan(axis(np.zeros((1, 3)), np.ones((1, 3))).leave_one_out).all()


def test_alignment_is_the_cosine_seen_from_the_origin():
    found = axis(np.array([[0.0, 0, 0]]), np.array([[2.0, 0, 0]]))
    np.testing.assert_allclose(
        alignment(found, np.array([[2.0, 0, 0], [1, 3, 0], [2, 1, 0]])), [1, 0, 0.5**0.5], atol=1e-6
    )


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.ones((1, 3)), np.ones((1, 3))),
        (np.array([[0.0, 1], [1, 1]]), np.array([[1.0, 1], [0, 1]])),
    ],
    ids=["no pair", "twice the same", "opposite"],
)
def test_pairs_that_make_no_axis_are_refused(low, high):
    with pytest.raises(BackendError):
        axis(low, high)


def test_a_word_that_is_not_there_is_named():
    points = VectorSet(tuple(WORDS), np.zeros((len(WORDS), 2)), ((0,),) * len(WORDS), "words")
    assert (points.index("dog"), points.index("king")) == (4, 0)
    with pytest.raises(BackendError, match="cat"):
        points.index("cat")


def test_an_analogy_names_what_it_was_asked_and_what_it_did_not_find():
    assert analogy(MATRIX, 0, 2, 3).inputs == (0, 2, 3)
    nothing_else = analogy(MATRIX[:3], 0, 1, 2)  # no point is left to answer with
    assert (nothing_else.answer, nothing_else.answer_rank, nothing_else.answer_rank_from_c) == (-1, 0, 0)
    assert np.isnan(nothing_else.answer_cosine)


def test_an_axis_and_what_lies_on_it_are_worked_out_in_float64_and_kept_from_change():
    low, high = np.array([[0, 0], [0, 2]], np.float32), np.array([[4, 0], [4, 2]], np.float32)
    found = axis(low, high)
    assert (found.direction.tolist(), found.origin.tolist(), found.half_span) == ([1, 0], [2, 1], 2)
    assert all(
        part.dtype == np.float32 for part in (found.direction, found.origin, found.pair_cosines, found.leave_one_out)
    )
    placed = place_on_axis(found, np.array([[4, 9], [2, 1], [-2, 0]], np.float32))
    assert placed.tolist() == [1, 0, -2] and placed.dtype == np.float32 and not placed.flags.writeable
    alone = axis(low[:1], high[:1])
    assert np.isnan(alone.leave_one_out).all() and alone.leave_one_out.shape == (1,)
    for bad in (low[:0], high[:0]), (low, high[:1]):
        with pytest.raises(BackendError):
            axis(*bad)
