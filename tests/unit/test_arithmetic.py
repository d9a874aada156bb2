"""What several rooms add up, against scipy and scikit-learn."""

import numpy as np
from scipy import special
from sklearn.preprocessing import normalize

from model_backend.base.arithmetic import log_softmax, unit_vectors

rng = np.random.default_rng(0)


def test_logarithms_of_probabilities_are_scipys_along_the_last_axis():
    """Catches: a sum over everything, float32 that makes 0 of what is rare, an overflow of exp."""
    logits = rng.normal(0, 30, (3, 4, 50)).astype(np.float32)
    logits[0, 0, 0], logits[1, 2, 7] = -3e4, 2e3
    found = log_softmax(logits)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, special.log_softmax(logits.astype(np.float64), axis=-1), rtol=1e-12)


def test_what_was_given_is_left_alone():
    logits = np.array([1.0, 2.0])
    log_softmax(logits)
    assert logits.tolist() == [1.0, 2.0]


def test_vectors_of_length_one_are_scikit_learns():
    vectors = rng.normal(0, 3, (5, 7))
    vectors[2] = 0
    vectors[3] *= 1e-6
    np.testing.assert_allclose(unit_vectors(vectors), normalize(vectors), rtol=1e-12)
    stacked = np.stack([vectors, 2 * vectors])
    np.testing.assert_allclose(unit_vectors(stacked)[1], normalize(vectors), rtol=1e-12)
