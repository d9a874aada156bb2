"""Sums that several rooms need, on numpy arrays; their twins on a device are torch's own."""

import numpy as np


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """ln p along the last axis, float64, in nats: logit − ln Σ exp(logits).

    The rarest token of a large vocabulary still has a true number where its probability in float32 would be 0.

    >>> log_softmax(np.log([1, 1, 2])).round(4).tolist(), float(log_softmax(np.array([0, -2000], np.float32))[1])
    ([-1.3863, -1.3863, -0.6931], -2000.0)
    """
    gaps = logits.astype(np.float64)
    gaps -= gaps.max(axis=-1, keepdims=True)
    return gaps - np.log(np.exp(gaps).sum(axis=-1, keepdims=True))


def unit_vectors(vectors: np.ndarray) -> np.ndarray:
    """Vectors [..., d_model] made length 1; one of zeros, which has no direction, stays as it is.

    >>> unit_vectors(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(norms, norms, 1)
