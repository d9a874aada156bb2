"""Records of the Embeddings screen: vectors, maps, neighbours, analogies, axes, senses. Positions: position_records.py.

Shapes use the dimension words of records.py, and: point (a vector of a set), pair, occurrence (of a word in a sentence).
Arrays are float32 unless stated and read-only. Nothing here knows torch.
"""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from model_backend.base.errors import BackendError

Metric = Literal["cosine", "dot", "euclidean"]
Method = Literal["pca", "umap", "tsne"]


class FrozenArrays:
    """Makes every array of a record read-only, so that records can be shared between people."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class VectorSet(FrozenArrays):
    """Labelled vectors: labels, one a point, as they are displayed; vectors [point, d_model].

    token_ids: the tokens of each point; a vector of several tokens is their mean. `layer` is None for the static
    embedding, else the residual stream's: 0 enters the first block. `source` is "prompt", "words" or "vocabulary".
    `left_out` are things asked for that have no vector here, each with one word why ("unknown", "empty", "special").
    `note` is one English sentence on how the points were chosen, "" where nothing needs saying.
    """

    labels: tuple[str, ...]
    vectors: np.ndarray
    token_ids: tuple[tuple[int, ...], ...]
    source: str
    layer: int | None = None
    left_out: tuple[tuple[str, str], ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not len(self.labels) == len(self.vectors) == len(self.token_ids):
            raise ValueError("labels, vectors and token_ids should have one entry for each point")
        FrozenArrays.__post_init__(self)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_single(self) -> np.ndarray:
        """[point] bool: whether the vector is that of one token, not a mean."""
        return np.array([len(ids) == 1 for ids in self.token_ids], bool)

    def index(self, label: str) -> int:
        """The point of that label. Raises BackendError, which names it, if there is none."""
        if label not in self.labels:
            raise BackendError(
                "“{word}” is not among the {n_words:,} words that are compared.", "Add it to the list of words.",
                word=label, n_words=len(self),
            )  # fmt: skip
        return self.labels.index(label)


@dataclass(frozen=True, slots=True, eq=False)
class PCAMap(FrozenArrays):
    """A principal component analysis (centred, not rescaled), as scikit-learn's PCA.

    points [point, component]; components [component, d_model], orthonormal rows by falling variance, each signed so that its
    largest entry is positive; mean [d_model]; explained [component]: share of the total variance; all_explained
    [min(point, d_model)]: that of every component there is.
    """

    points: np.ndarray
    components: np.ndarray
    mean: np.ndarray
    explained: np.ndarray
    all_explained: np.ndarray
    method: Method = "pca"


@dataclass(frozen=True, slots=True)
class MapSettings:
    """What a UMAP or t-SNE map is made with; equal by value. n_neighbors counts for UMAP, perplexity for t-SNE; both are lowered where
    there are too few points, and the FittedMap says what was used. n_steps: epochs (UMAP) or iterations (t-SNE)."""

    method: Method = "umap"
    n_dimensions: int = 2
    metric: Literal["cosine", "euclidean"] = "cosine"
    n_neighbors: int = 15
    min_dist: float = 0.1
    perplexity: float = 30.0
    n_steps: int = 500
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class FittedMap(FrozenArrays):
    """A finished UMAP or t-SNE map: points [point, dimension].

    trustworthiness in 0 … 1 is scikit-learn's, over `n_neighbors` neighbours of the full space by the settings' metric: 1
    means that nobody is a neighbour on the map who is not one in the full space. `settings` are those used. `kl_divergence`
    is t-SNE's loss, nan for UMAP. `seconds` is what the fit took. `version` names the library. `key` finds the map again.
    """

    points: np.ndarray
    settings: MapSettings
    trustworthiness: float
    n_neighbors: int
    kl_divergence: float
    seconds: float
    version: str
    key: str

    @property
    def method(self) -> Method:
        """ "umap" or "tsne"."""
        return self.settings.method


@dataclass(frozen=True, slots=True, eq=False)
class BundledMap(FrozenArrays):
    """A finished map that ships with a model: token_ids [point] int64 and their map."""

    token_ids: np.ndarray
    map: FittedMap


@dataclass(frozen=True, slots=True, eq=False)
class Placement(FrozenArrays):
    """New points dropped into a finished map: points [new, dimension].

    how: "linear" (exact: PCA), "transform" (UMAP's own way) or "neighbours" (the mean, weighted by similarity, of their
    nearest points of the full space; a t-SNE has no other). neighbours [new, k] int64: the points it was set between, k = 0
    for the other two ways.
    """

    points: np.ndarray
    how: Literal["linear", "transform", "neighbours"]
    neighbours: np.ndarray


@dataclass(frozen=True, slots=True)
class MapState:
    """Where a map stands that is made beside the program, or the placing of new points in one; `key` finds it again.

    stage: "queued" (done = jobs before it), "starting" (the worker is compiling), "neighbours", "layout" (done of total
    steps), "checking" (trustworthiness), "finished", "cancelled" or "failed", of which `error` then says why. seconds since it
    was asked for.
    """

    key: str
    stage: str
    done: int
    total: int
    seconds: float
    error: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.stage in ("finished", "cancelled", "failed")


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours(FrozenArrays):
    """The nearest of a set, best first: indices [k] int64 into the set, values [k].

    values are cosine or dot product (higher is nearer) or Euclidean distance (lower is nearer). n_candidates were compared.
    """

    metric: Metric
    indices: np.ndarray
    values: np.ndarray
    n_candidates: int


@dataclass(frozen=True, slots=True, eq=False)
class PairInNumbers(FrozenArrays):
    """Two vectors compared, worked out: a, b [d_model]; products [d_model] = a · b dimension by dimension, their sum is
    `dot`; cosine = dot / (norm_a · norm_b); angle_degrees; distance is Euclidean.

    top int64: the dimensions with the largest |product|, largest first; their products alone sum to `top_sum`.
    """

    a: np.ndarray
    b: np.ndarray
    products: np.ndarray
    dot: float
    norm_a: float
    norm_b: float
    cosine: float
    angle_degrees: float
    distance: float
    top: np.ndarray
    top_sum: float


@dataclass(frozen=True, slots=True, eq=False)
class Analogy(FrozenArrays):
    """a − b + c among the points of a set, ranked by cosine: indices [k] int64, cosines [k], is_input [k] bool.

    Inputs are in the ranking; `answer` is the best point that is none (-1 if there is none), `answer_rank` its rank with the
    inputs counted, from 1. `answer_rank_from_c` is its rank, inputs left out, by nearness to c alone: where that is 1 too, the
    arithmetic changed nothing. `best_is_input` says that the honest winner is one of the inputs, which is common.
    """

    inputs: tuple[int, int, int]
    indices: np.ndarray
    cosines: np.ndarray
    is_input: np.ndarray
    n_candidates: int
    answer: int
    answer_cosine: float
    answer_rank: int
    answer_rank_from_c: int
    best_is_input: bool


@dataclass(frozen=True, slots=True, eq=False)
class Axis(FrozenArrays):
    """A direction from pairs (low → high): direction [d_model] of length 1, the mean of the pairs' differences, each first
    made length 1; origin [d_model], the middle of all pair words; half_span, half the mean distance of high from low along it.

    pair_cosines [pair]: each pair's own difference to the axis; leave_one_out [pair]: to the axis of the other pairs (nan if
    there is but one). chance is the standard deviation of the cosine of random directions, 1/√d_model: an axis whose
    leave_one_out is not well above it means nothing.
    """

    direction: np.ndarray
    origin: np.ndarray
    half_span: float
    pair_cosines: np.ndarray
    leave_one_out: np.ndarray
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence(FrozenArrays):
    """A word found in a sentence: which sentence (from 0), its sense (a label of the person's), the characters, the token
    positions [pos] int64 that hold it, and their pieces."""

    sentence: int
    sense: str
    span: tuple[int, int]
    positions: np.ndarray
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Senses(FrozenArrays):
    """One word in several sentences, through the layers.

    vectors [occurrence, layer + 1, d_model]: mean over the word's tokens. By layer, [layer + 1] each: silhouette
    (scikit-learn's silhouette_score by cosine distance, nan with fewer than two senses or no more occurrences than senses),
    between (mean cosine distance of occurrences of different senses) and within (of the same sense).
    `sees_what_follows` is false for models that read from left to right: there only what stands before the word can part it.
    """

    word: str
    occurrences: tuple[Occurrence, ...]
    vectors: np.ndarray
    silhouette: np.ndarray
    between: np.ndarray
    within: np.ndarray
    sees_what_follows: bool


@dataclass(frozen=True, slots=True, eq=False)
class SensePaths(FrozenArrays):
    """Paths through the layers in one projection for all: points [occurrence, layer + 1, component], explained [component].

    Vectors have length 1 before the projection, since the residual stream grows with the layers; with `is_centred` each
    layer's mean is taken away first, so that only what parts the occurrences is left.
    """

    points: np.ndarray
    explained: np.ndarray
    is_centred: bool
