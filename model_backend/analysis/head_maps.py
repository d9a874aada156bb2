"""Maps made of attention matrices: thumbnails of all heads, averages, rollout, and weights that count the values."""

import functools
from typing import Literal

import numpy as np
import torch

from model_backend.analysis.dissection import AttentionRun, BlockRun, Call, dissect, matrix
from model_backend.analysis.heads import attention_layers, visible_keys
from model_backend.base.errors import BackendError, UnsupportedArchitecture
from model_backend.base.inside_records import HeadThumbnails, Measure
from model_backend.base.records import AttentionKind
from model_backend.engine.trace import Trace

THUMBNAIL_SIDE = 24


def head_thumbnails(
    trace: Trace,
    kind: AttentionKind | None = None,
    side: int = THUMBNAIL_SIDE,
    pool: Literal["mean", "max"] = "mean",
) -> HeadThumbnails:
    """All heads as pictures of at most side × side pixels, each scaled to its own peak.

    A pixel pools the visible weights of its queries and keys. One byte a pixel: 12 layers of 12 heads are 83 kB, whatever
    the text's length. Raises NoAttention.
    """
    kind = trace.kind_of(kind)
    pixels, peaks, rows, columns = [], [], np.empty(0), np.empty(0)
    for weights in attention_layers(trace, kind):
        rows, columns = (_edges(n, side) for n in weights.shape[1:])  # the same in every layer
        visible = np.asarray((weights > 0).any(0))
        pooled = _pooled(weights, visible, rows, columns, pool)
        peak = np.nanmax(pooled, (1, 2))
        peaks.append(peak)
        scaled = np.rint(pooled / np.maximum(peak, 1e-38)[:, None, None] * 254)
        pixels.append(np.where(np.isnan(scaled), 255, scaled).astype(np.uint8))
    return HeadThumbnails(kind, np.stack(pixels), np.stack(peaks).astype(np.float32), rows, columns)


def _edges(n: int, side: int) -> np.ndarray:
    """[pixel + 1] int64: where each pixel begins, and the end."""
    return np.linspace(0, n, min(n, side) + 1).astype(np.int64)


def _pooled(weights: np.ndarray, visible: np.ndarray, rows: np.ndarray, columns: np.ndarray, pool: str) -> np.ndarray:
    """[head, query, key] -> [head, row, column] over the visible weights, nan where none is visible."""
    add = np.add if pool == "mean" else np.maximum
    n_visible = np.add.reduceat(np.add.reduceat(visible.astype(np.int64), rows[:-1], 0), columns[:-1], 1)
    pooled = add.reduceat(add.reduceat(weights, columns[:-1], 2), rows[:-1], 1)
    if pool == "mean":
        pooled = pooled / np.maximum(n_visible, 1)
    return np.where(n_visible > 0, pooled, np.nan)


def combined_attention(
    trace: Trace,
    over: Literal["heads", "layers", "all"],
    how: Literal["mean", "max"] = "mean",
    layer: int | None = None,
    head: int | None = None,
    kind: AttentionKind | None = None,
) -> np.ndarray:
    """[query, key]: mean or maximum over the heads of `layer`, over the layers at `head`, or over all.

    A maximum is no distribution: its rows sum to more than 1. Raises NoAttention.
    """
    if over == "heads":
        if layer is None:
            raise ValueError("over 'heads' needs a layer")
        weights = trace.attention(layer, kind=kind)
        return _read_only(weights.mean(0) if how == "mean" else weights.max(0))

    def one(weights: np.ndarray) -> np.ndarray:
        if head is not None and not 0 <= head < len(weights):
            raise IndexError(f"head should be in 0 … {len(weights) - 1}, but is {head}")
        return weights[head] if over == "layers" else weights.mean(0) if how == "mean" else weights.max(0)

    maps = map(one, attention_layers(trace, kind))
    if how == "max":
        return _read_only(functools.reduce(np.maximum, maps))
    return _read_only(functools.reduce(np.add, maps) / trace.n_layers(trace.kind_of(kind)))


def attention_rollout(trace: Trace, layer: int | None = None, kind: AttentionKind | None = None) -> np.ndarray:
    """[query, key]: how much of each token reaches each position up to and with `layer` (None: the last), if attention
    were all that moves information. Rows sum to 1.

    Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3: per layer 0.5 · mean over heads
    + 0.5 · identity (the residual stream), renormalised by row, multiplied through the layers. It knows neither values nor
    MLPs. Self-attention only; raises BackendError for "cross", NoAttention.
    """
    if trace.kind_of(kind) == "cross":
        raise BackendError(
            "Rollout multiplies the layers of one stack; cross-attention joins two.", "Choose encoder or decoder."
        )
    rolled = np.empty(0)
    for number, weights in enumerate(attention_layers(trace, kind)):
        mixed = 0.5 * weights.mean(0) + 0.5 * np.eye(weights.shape[1], dtype=np.float32)
        mixed /= mixed.sum(1, keepdims=True)
        rolled = mixed @ rolled if number else mixed
        if number == layer:
            break
    else:
        if layer is not None:
            raise IndexError(f"layer should be in 0 … {number}, but is {layer}")
    return _read_only(rolled)


def reachable_keys(trace: Trace, layer: int, kind: AttentionKind | None = None) -> np.ndarray:
    """[query, key] bool: from which positions a query can have heard anything in the layers up to and with `layer`, each of
    them looking as far as its mask lets it. Self-attention only."""
    reached = visible_keys(trace, 0, kind)
    for number in range(1, layer + 1):
        reached = reached | (visible_keys(trace, number, kind).astype(np.float32) @ reached > 0)
    return reached


def attention_map(
    trace: Trace, measure: Measure, layer: int, head: int, kind: AttentionKind | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(numbers [query, key] of one way of counting, [query, key] bool: where there are any, because a query may look there).

    "weight": of one head; "value": its weights times the lengths of the values; "layer_mean", "layer_max": over the heads of
    the layer; "all_mean", "all_max": over all heads of all layers; "rollout": up to and with the layer. What a measure does
    not look at does not change it. Raises NoAttention, and UnsupportedArchitecture where a family does not give the values.
    """
    if measure == "rollout":
        return attention_rollout(trace, layer, kind), reachable_keys(trace, layer, kind)
    how: Literal["mean", "max"] = "max" if measure.endswith("max") else "mean"
    if measure in ("all_mean", "all_max"):
        numbers = combined_attention(trace, "all", how, kind=kind)
        return numbers, visible_keys(trace, None, kind)
    if measure == "value":
        numbers = value_weighted(trace, layer, head, kind)
    elif measure in ("layer_mean", "layer_max"):
        numbers = combined_attention(trace, "heads", how, layer=layer, kind=kind)
    else:
        numbers = trace.attention(layer, head, kind)
    return numbers, visible_keys(trace, layer, kind)


def value_weighted(trace: Trace, layer: int, head: int | None = None, kind: AttentionKind | None = None) -> np.ndarray:
    """‖α · v · W_O‖ [head, query, key], or [query, key] of one head: the length of the vector that a key's value adds to
    what the attention writes.

    Kobayashi et al. 2020, "Attention is Not Only a Weight", section 3: f(x) = (x W_V + b_V) W_O of the head; a norm that
    a family puts behind its attention is not part of it. The values come from one layer run again.
    """
    kind = trace.kind_of(kind)
    weights = trace.attention(layer, head, kind)
    (run,) = dissect(trace, [layer], "decoder" if kind == "cross" else kind)
    attention = attention_of(run, kind, trace.info.family)
    lengths = value_lengths(attention.value, *heads_of(trace, attention, kind))
    return _read_only(weights * (lengths[:, None] if head is None else lengths[head][None]))


def value_lengths(value: torch.Tensor, n_heads: int, projection: Call) -> np.ndarray:
    """[head, key] float32: ‖v W_O‖ of each key's value [kv_head, key, d_head] through each head's rows of W_O."""
    n_kv_heads, _, d_head = value.shape
    output = matrix(projection.module).cpu().reshape(n_heads, d_head, -1)
    gram = output @ output.transpose(1, 2)  # [head, d_head, d_head]: ‖v W‖² = v W Wᵀ vᵀ, without v W for every key
    value = value.repeat_interleave(n_heads // n_kv_heads, 0)
    return ((value @ gram) * value).sum(-1).clamp_min(0).sqrt().numpy()


def attention_of(run: BlockRun, kind: AttentionKind, family: str) -> AttentionRun:
    """The attention of that kind in a block that was run again. Raises UnsupportedArchitecture where none was seen."""
    place = 1 if kind == "cross" else 0
    if place >= len(run.attention):
        raise _heads_unknown(family)
    return run.attention[place]


def heads_of(trace: Trace, attention: AttentionRun, kind: AttentionKind) -> tuple[int, Call]:
    """(number of heads, the call of W_O, which they enter side by side). Raises UnsupportedArchitecture where they cannot be
    told apart behind the attention."""
    n_heads, projection = trace.n_heads(kind), attention.projection
    if projection is None or matrix(projection.module).shape[0] != n_heads * attention.value.shape[-1]:
        raise _heads_unknown(trace.info.family)
    return n_heads, projection


def _heads_unknown(family: str) -> UnsupportedArchitecture:
    return UnsupportedArchitecture(
        "What the single heads of {model_type} models write cannot be told apart.",
        "Its attention weights are shown all the same.",
        model_type=family,
    )


def _read_only(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array, np.float32)
    array.setflags(write=False)
    return array
