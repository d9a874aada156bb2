"""One word in several sentences: where it stands, its vector in every layer, and how far its senses part.

A model that reads from left to right knows at the word only what stands before it; the clue must come first.
"""

import re
from collections.abc import Sequence

import numpy as np

from model_backend.base.arithmetic import unit_vectors
from model_backend.base.embedding_records import Occurrence, SensePaths, Senses
from model_backend.base.errors import BackendError
from model_backend.base.records import Tokenization
from model_backend.engine.model import Model
from model_backend.maps.projection import pca


def senses(model: Model, word: str, sentences: Sequence[tuple[str, str]]) -> Senses:
    """Read (sense, sentence) pairs, one pass each, and follow `word` through the layers.

    Every whole-word occurrence counts, in whatever case. An encoder-decoder reads with its encoder. Raises BackendError where
    a sentence does not hold the word (`details["sentence"]` counts from 0), or there is no sentence.
    """
    if not word.strip() or not sentences:
        raise BackendError("There is no word to follow, or no sentence.", "Write a word and sentences that hold it.")
    occurrences, vectors = [], []
    for number, (sense, sentence) in enumerate(sentences):
        trace = model.trace(sentence)
        found = occurrences_in(trace.tokens, word, number, sense)
        if not found:
            raise BackendError(
                "Sentence {number} does not hold the word “{word}”.", "Write it into the sentence, or remove that line.",
                word=word, sentence=number, number=number + 1,
            )  # fmt: skip
        residual = np.stack([trace.residual(layer) for layer in range(model.info.n_layers + 1)])
        for occurrence in found:
            occurrences.append(occurrence)
            vectors.append(residual[:, occurrence.positions].mean(1))
    stacked = np.stack(vectors)
    labels = np.unique([occurrence.sense for occurrence in occurrences], return_inverse=True)[1]
    apart = [_separation(_cosine_distances(stacked[:, layer]), labels) for layer in range(stacked.shape[1])]
    silhouettes, between, within = np.array(apart, np.float32).T
    return Senses(
        word=word, occurrences=tuple(occurrences), vectors=stacked, silhouette=silhouettes.copy(), between=between.copy(),
        within=within.copy(), sees_what_follows=model.info.kind != "decoder",
    )  # fmt: skip


def occurrences_in(tokens: Tokenization, word: str, sentence: int = 0, sense: str = "") -> list[Occurrence]:
    """Every place of the word in a text, by its characters; the tokens are those that hold one of them.

    A word boundary counts only where the word has a letter or digit at that end, so that Chinese and "C++" are found too.
    """
    word = word.strip()
    opens = r"(?<!\w)" if word[:1].isascii() and word[:1].isalnum() else ""
    closes = r"(?!\w)" if word[-1:].isascii() and word[-1:].isalnum() else ""
    found = []
    for match in re.finditer(f"{opens}{re.escape(word)}{closes}", tokens.text, re.IGNORECASE):
        start, end = match.span()
        positions = [
            position
            for position, (first, last) in enumerate(tokens.spans)
            if first < end and last > start and not tokens.is_special[position]
        ]
        if positions:
            pieces = tuple(tokens.pieces[position] for position in positions)
            found.append(Occurrence(sentence, sense, (start, end), np.array(positions, np.int64), pieces))
    return found


def sense_paths(found: Senses, n_components: int = 2, is_centred: bool = False) -> SensePaths:
    """The way of each occurrence through the layers, all in one PCA; see SensePaths for what is_centred does."""
    vectors = unit_vectors(found.vectors.astype(np.float64))
    if is_centred:
        vectors = vectors - vectors.mean(0)
    n, n_rows, d_model = vectors.shape
    projected = pca(vectors.reshape(-1, d_model), n_components)
    return SensePaths(projected.points.reshape(n, n_rows, n_components), projected.explained.copy(), is_centred)


def silhouette(distances: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette (Rousseeuw 1987) of points under distances [point, point], as scikit-learn's silhouette_score.

    For each point a is the mean distance to its own group (itself left out), b that to the nearest other group, and its
    silhouette (b − a) / max(a, b); 0 where it is alone. nan unless there are 2 … points − 1 groups.
    """
    groups = np.unique(labels)
    if not 2 <= len(groups) < len(labels):
        return float("nan")
    members = labels[:, None] == groups  # [point, group]
    sizes = members.sum(0)
    sums = distances @ members  # [point, group]: distance to all of a group
    own = sizes[members.argmax(1)]
    a = sums[members] / np.maximum(own - 1, 1)
    b = np.where(members, np.inf, sums / sizes).min(1)
    widest = np.maximum(a, b)
    values = np.where((own > 1) & (widest > 0), (b - a) / np.where(widest, widest, 1), 0)
    return float(values.mean())


def _cosine_distances(vectors: np.ndarray) -> np.ndarray:
    """[point, point] float64: 1 − cosine; a vector of zeros is at 1 from all."""
    unit = unit_vectors(vectors.astype(np.float64))
    distances = np.maximum(1 - unit @ unit.T, 0)
    np.fill_diagonal(distances, 0)
    return distances


def _separation(distances: np.ndarray, labels: np.ndarray) -> tuple[float, float, float]:
    """(silhouette, mean distance between senses, mean distance within) of one layer; nan where there is no such pair."""
    first, second = np.triu_indices(len(labels), 1)
    pairs, same = distances[first, second], labels[first] == labels[second]
    between, within = (float(part.mean()) if len(part) else float("nan") for part in (pairs[~same], pairs[same]))
    return silhouette(distances, labels), between, within
