"""Vectors to look at and what can be calculated with them: who is near whom, a − b + c, axes, senses, positions."""

from typing import TYPE_CHECKING

import numpy as np

from model_backend.base.embedding_records import (
    Analogy,
    Axis,
    Metric,
    Neighbours,
    PairInNumbers,
    SensePaths,
    Senses,
    VectorSet,
)
from model_backend.base.position_records import PositionEncoding
from model_backend.serving.asking import of_model, of_nothing, of_trace

if TYPE_CHECKING:
    from model_backend.engine.model import Model
    from model_backend.engine.trace import Trace


@of_trace()
def prompt_points(trace: "Trace", layer: int | None) -> VectorSet:
    """One point a token of the text: static embeddings (None), or the residual stream at `layer`."""
    from model_backend.analysis import embeddings

    return embeddings.prompt_vectors(trace, layer)


@of_model()
def word_points(model: "Model", words: tuple[str, ...], layer: int | None) -> VectorSet:
    """One point a word: its static embedding (None), or the residual stream at `layer` of the word read alone."""
    from model_backend.analysis import embeddings

    return embeddings.word_vectors(model, words, layer)


@of_model()
def common_points(model: "Model", n: int, layer: int | None) -> VectorSet:
    """The first `n` whole words of the vocabulary; `layer` as for `word_points`."""
    from model_backend.analysis import embeddings

    return embeddings.common_tokens(model, n, layer)


@of_model(in_line=False)
def word_vectors(model: "Model", words: tuple[str, ...]) -> VectorSet:
    """One point a word, by the embedding alone, which needs no pass."""
    from model_backend.analysis import embeddings

    return embeddings.word_vectors(model, words)


@of_model(in_line=False)
def vectors_of_ids(model: "Model", token_ids: tuple[int, ...]) -> np.ndarray:
    """[token, d_model] float32: rows of the embedding matrix."""
    return model.embedding_matrix()[list(token_ids)]


@of_nothing()
def neighbours(vectors: np.ndarray, point: int, k: int, metric: Metric) -> Neighbours:
    """The k of vectors [point, d_model] nearest to one of them, itself left out."""
    from model_backend.analysis import neighbours

    return neighbours.neighbours(vectors, vectors[point], k, metric, leave_out=(point,))


@of_nothing()
def similarity_matrix(vectors: np.ndarray) -> np.ndarray:
    """[point, point] float32: the cosines of all pairs of vectors [point, d_model]."""
    from model_backend.analysis import neighbours

    return neighbours.similarity_matrix(vectors)


@of_nothing()
def pair_in_numbers(a: np.ndarray, b: np.ndarray) -> PairInNumbers:
    """Two vectors [d_model] compared, worked out."""
    from model_backend.analysis import neighbours

    return neighbours.pair_in_numbers(a, b)


@of_nothing()
def analogy(vectors: np.ndarray, a: int, b: int, c: int, k: int) -> Analogy:
    """The k of vectors [point, d_model] nearest to a − b + c, three of them. Raises BackendError where these cancel out."""
    from model_backend.analysis import analogies

    return analogies.analogy(vectors, a, b, c, k)


@of_nothing()
def axis(low: np.ndarray, high: np.ndarray) -> Axis:
    """The axis of pairs of vectors, low and high [pair, d_model]. Raises BackendError where they make none."""
    from model_backend.analysis import analogies

    return analogies.axis(low, high)


@of_nothing()
def place_on_axis(found: Axis, vectors: np.ndarray) -> np.ndarray:
    """[point] float32: where vectors [point, d_model] fall on an axis, from −1 (low) to 1 (high)."""
    from model_backend.analysis import analogies

    return analogies.place_on_axis(found, vectors)


@of_model()
def senses(model: "Model", word: str, sentences: tuple[tuple[str, str], ...]) -> tuple[Senses, SensePaths]:
    """A word followed through the layers in (sense, sentence) pairs, and its ways drawn in two dimensions.

    Raises BackendError for a sentence without the word.
    """
    from model_backend.analysis import senses

    found = senses.senses(model, word, sentences)
    return found, senses.sense_paths(found, is_centred=True)


@of_model(in_line=False)
def position_encodings(model: "Model") -> tuple[PositionEncoding, ...]:
    """How the model knows the order of tokens, one record a way; empty if it has none."""
    from model_backend.analysis import positions

    return positions.position_encodings(model)
