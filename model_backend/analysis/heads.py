"""What each attention head does, in a few numbers, for all layers with one layer's matrices held at a time."""

import threading
import weakref
from collections.abc import Iterator

import numpy as np
import torch

from model_backend.base.errors import BackendError
from model_backend.base.inside_records import HEAD_SCORES, HeadStatistics
from model_backend.base.records import AttentionKind
from model_backend.engine.attention import additive_mask
from model_backend.engine.model import Model
from model_backend.engine.passes import during
from model_backend.engine.trace import Trace

REPEATED_TOKENS = 50
MOVING = 0.01  # tokens; where the expected place moves less, its direction is rounding


def attention_layers(trace: Trace, kind: AttentionKind | None = None) -> Iterator[np.ndarray]:
    """Yield the weights [head, query, key] of one layer after another. Raises NoAttention."""
    for layer in range(trace.n_layers(trace.kind_of(kind))):
        yield trace.attention(layer, kind=kind)


def visible_keys(trace: Trace, layer: int | None = None, kind: AttentionKind | None = None) -> np.ndarray:
    """[query, key] bool: who may look at whom in that layer, by the mask it ran with (causal, sliding window); with layer=None,
    in any layer.

    Families that do their attention by themselves give no mask; there a key is seen if it has weight in a head. Raises
    NoAttention.
    """
    kind = trace.kind_of(kind)
    if layer is None:
        return np.logical_or.reduce([visible_keys(trace, number, kind) for number in range(trace.n_layers(kind))])
    record = trace.attention_record(layer, kind)
    if record is None:
        return np.asarray((trace.attention(layer, kind=kind) > 0).any(0))
    n_query, n_key = record.query.shape[1], record.key.shape[1]
    mask = additive_mask(record.mask, record.causal, n_query, n_key, "cpu")
    if mask is None:
        return np.ones((n_query, n_key), bool)
    return (mask[0, 0] > torch.finfo(torch.float32).min / 2).numpy()


def head_statistics(trace: Trace, kind: AttentionKind | None = None) -> HeadStatistics:
    """Statistics of all heads of one kind of attention over a text; see HeadStatistics for what each means.

    Time grows with layers · heads · tokens²; memory holds one layer's matrices. Raises NoAttention.
    """
    kind = trace.kind_of(kind)
    patterns, rows = None, []
    for weights in attention_layers(trace, kind):
        if patterns is None:
            patterns = score_patterns(*_ids(trace, kind), kind, weights.shape[1:])
        rows.append(_layer_scores(weights, patterns, kind))
    return HeadStatistics(kind=kind, **{name: np.stack([row[name] for row in rows]) for name in HEAD_SCORES})


def score_patterns(
    query_ids: np.ndarray, key_ids: np.ndarray, kind: str, shape: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Scores that are sums over weights, each as the matrix [query, key] whose product with the weights, summed, is the
    score; a score without meaning is left out.

    >>> ids = np.array([5, 6, 5])
    >>> score_patterns(ids, ids, "decoder", (3, 3))["same_token"].tolist()  # the last token's earlier twin
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    n_query, n_key = shape
    query, key = np.arange(n_query)[:, None], np.arange(n_key)[None]
    if kind == "cross":
        diagonal = query * ((n_key - 1) / max(n_query - 1, 1))
        return {"distance": np.abs(key - diagonal) / n_query, "first_token": (key == 0) / n_query * np.ones_like(query)}
    patterns = {"distance": np.abs(query - key) / n_query, "current_token": (query == key) / n_query}
    same = (query_ids[:, None] == key_ids[None]) & ((query > key) if kind == "decoder" else (query != key))
    if (has_same := same.any(1)).any():
        patterns["same_token"] = same / has_same.sum()
    if n_query > 1:
        patterns["previous_token"] = (query - key == 1) / (n_query - 1)
        patterns["first_token"] = (key == 0) * (query > 0) / (n_query - 1)
        if kind == "encoder":
            patterns["next_token"] = (key - query == 1) / (n_query - 1)
    return patterns


def _layer_scores(weights: np.ndarray, patterns: dict[str, np.ndarray], kind: str) -> dict[str, np.ndarray]:
    """Each of HEAD_SCORES [head] for one layer's weights [head, query, key]."""
    n_heads, n_query, n_key = weights.shape
    scores = {name: np.full(n_heads, np.nan, np.float32) for name in HEAD_SCORES}
    stacked = np.stack([pattern.astype(np.float32).ravel() for pattern in patterns.values()], 1)  # [query · key, score]
    for name, values in zip(patterns, (weights.reshape(n_heads, -1) @ stacked).T, strict=True):
        scores[name] = values
    for head, matrix in enumerate(weights):  # one matrix at a time: the logarithm needs room
        entropy = -(matrix * np.log2(np.maximum(matrix, 1e-38))).sum(1)
        n_visible = (matrix > 0).sum(1)
        scores["entropy_bits"][head] = entropy.mean()
        if (n_visible > 1).any():
            scores["broad"][head] = (entropy[n_visible > 1] / np.log2(n_visible[n_visible > 1])).mean()
        if kind == "cross" and n_query > 1:
            place = matrix @ np.arange(n_key, dtype=np.float64) / np.maximum(matrix.sum(1), 1e-38)
            if place.std() > MOVING:
                scores["monotone"][head] = np.corrcoef(np.arange(n_query), place)[0, 1]
    return scores


def _ids(trace: Trace, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(ids of the queries, ids of the keys)."""
    source = trace.tokens.ids
    target = source if trace.target_tokens is None else trace.target_tokens.ids
    return {"encoder": (source, source), "decoder": (target, target), "cross": (target, source)}[kind]


_induction: "weakref.WeakKeyDictionary[Model, np.ndarray]" = weakref.WeakKeyDictionary()
_measuring = threading.Lock()


def induction_scores(model: Model) -> np.ndarray:
    """[layer, head]: the prefix matching score of each head of a decoder, measured once a model and kept.

    Olsson et al. 2022, "In-context Learning and Induction Heads": a sequence of random tokens is read repeatedly; the score
    is the mean weight from a token to the one that followed it last time. Here 50 distinct tokens (fewer where the model
    has no room), drawn evenly from the ordinary vocabulary, are read twice behind the tokenizer's start token; the paper
    repeats 25 four times and leaves the most and least common tokens out. A head that looks evenly at everything has
    some 0.013. Raises NoAttention, and BackendError for a model that is no decoder.
    """
    if model.info.kind != "decoder":
        raise BackendError(
            "{name} does not write on, so it has no use for induction.",
            "The score is measured on decoders, such as bundled/storyteller.",
            name=model.info.name,
        )
    with _measuring:
        if model not in _induction:
            _induction[model] = measure_induction(model)
        return _induction[model]


def repeated_tokens(model: Model, seed: int) -> tuple[list[int], int]:
    """(start tokens and a random sequence twice, its length)."""
    tokens = model.tokenize("a")
    start = [int(tokens.ids[0])] if len(tokens) and tokens.is_special[0] else []
    length = min(REPEATED_TOKENS, (model.info.max_positions - len(start)) // 2)
    order = np.random.default_rng(seed).permutation(model.info.vocab_size)
    ordinary = (int(i) for i in order if not model.is_special_id(int(i)) and model.token_bytes(int(i)))
    once = [token for token, _ in zip(ordinary, range(length), strict=False)]
    return start + once + once, len(once)


def measure_induction(model: Model, seed: int = 0) -> np.ndarray:
    """[layer, head] by one pass over a repeated random sequence."""
    ids, length = repeated_tokens(model, seed)
    first = (
        len(ids) - length
    )  # the queries are the second reading; the key of q is the token after q's first occurrence
    queries = np.arange(first, len(ids))
    with during(alone=True):  # the score is kept for everybody
        trace = model.trace(ids)
    scores = np.stack([weights[:, queries, queries - length + 1].mean(1) for weights in attention_layers(trace)])
    scores.setflags(write=False)
    return scores
