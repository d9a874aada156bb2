"""Records of how a model knows where a token stands.

Dimension words: pos, head, frequency (of a rotary pair), bucket and distance (key − query). Arrays are float32 unless stated
and read-only. Nothing here knows torch.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from model_backend.base.embedding_records import FrozenArrays


@dataclass(frozen=True, slots=True, eq=False)
class PositionVectors(FrozenArrays):
    """A vector a position, added to the token's: vectors [pos, d_model]; kind "learned" or "sinusoidal" (Vaswani et al. 2017,
    section 3.5: not learnt, sine and cosine waves). `offset` rows of the stored table stand before position 0."""

    kind: Literal["learned", "sinusoidal"]
    side: str
    vectors: np.ndarray
    offset: int


@dataclass(frozen=True, slots=True, eq=False)
class RotaryAngles(FrozenArrays):
    """Rotary positions (Su et al. 2021): at position p pair i of a query and of a key is turned by p · frequencies[i].

    frequencies [frequency] in radians per token; n_rotated = 2 · len(frequencies) of d_head numbers turn, the rest do not.
    pairing: "halves" (number i with i + n_rotated/2), "neighbours" (2i with 2i + 1) or "" where that is not known. layer_type
    names the layers it counts for, "" for all. rope_type is "default" or the way the context was stretched.
    """

    side: str
    frequencies: np.ndarray
    n_rotated: int
    d_head: int
    pairing: Literal["halves", "neighbours", ""]
    layer_type: str
    rope_type: str
    kind: str = "rotary"

    def angles(self, n_positions: int) -> np.ndarray:
        """[pos, frequency] in radians, not wrapped."""
        return np.arange(n_positions, dtype=np.float32)[:, None] * self.frequencies

    def kernel(self, n_distances: int) -> np.ndarray:
        """[distance] float32: the mean of cos(distance · frequency) over the pairs: what is left of the dot product of a query with
        an equal key so many tokens away, from the part that turns."""
        return np.cos(self.angles(n_distances).astype(np.float64)).mean(1).astype(np.float32)

    @property
    def wavelengths(self) -> np.ndarray:
        """[frequency]: tokens until a pair has turned once round."""
        with np.errstate(divide="ignore"):
            return 2 * np.pi / self.frequencies


@dataclass(frozen=True, slots=True, eq=False)
class LinearBias(FrozenArrays):
    """ALiBi (Press et al. 2021): a score falls by slopes[head] for every token between query and key; slopes [head]."""

    side: str
    slopes: np.ndarray
    kind: str = "alibi"


@dataclass(frozen=True, slots=True, eq=False)
class BucketBias(FrozenArrays):
    """T5's relative bias (Raffel et al. 2019, section 2.1): a learnt number a head and bucket of distances is added to the
    score. bias [head, bucket]; distances [distance] int64 are key − query; bucket_of [distance] int64 and by_distance
    [head, distance] say what is added where."""

    side: str
    bias: np.ndarray
    distances: np.ndarray
    bucket_of: np.ndarray
    by_distance: np.ndarray
    kind: str = "relative bias"


PositionEncoding = PositionVectors | RotaryAngles | LinearBias | BucketBias
