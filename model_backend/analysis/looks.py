"""Where one token looks hardest, of all heads: what the home screen shows of attention."""

import numpy as np

from model_backend.base.records import Tokenization
from model_backend.engine.trace import Trace

CELLS_FOR_ALL_LAYERS = 20_000_000  # attention numbers (layers × heads × tokens²) up to which all layers are compared


def strongest_look(trace: Trace, query: int) -> tuple[int, int, int, float]:
    """(layer, head, key, weight) of the hardest look from `query`; for long texts only the middle layer is searched.

    Of an encoder-decoder it is the look from the target into the source. A model that reads both ways may look at any other
    token that stands for text; for one that reads from left to right see `strongest_in_layer`.
    """
    info, kind, keys = trace.info, None, None
    rows = trace.tokens
    if info.kind == "encoder":
        keys = words_only(trace.tokens, but=query)
    elif trace.target_tokens is not None:
        kind, rows, keys = "cross", trace.target_tokens, words_only(trace.tokens)
    cells = info.n_decoder_layers * info.n_decoder_heads * len(rows) * len(trace.tokens)
    layers = range(info.n_decoder_layers) if cells <= CELLS_FOR_ALL_LAYERS else [info.n_decoder_layers // 2]
    looks = ((layer, *strongest_in_layer(trace.attention(layer, kind=kind), query, keys)) for layer in layers)
    return max(looks, key=lambda look: look[3])


def _earlier(n: int, query: int) -> np.ndarray:
    """[key] bool: what a model that reads from left to right may look at from `query`, the token itself and the first one left out
    as long as there are others."""
    keys = np.arange(n) <= query
    if query > 0:
        keys[query] = False
    if query > 1:
        keys[0] = False
    return keys


def strongest_in_layer(attention: np.ndarray, query: int, keys: np.ndarray | None = None) -> tuple[int, int, float]:
    """The head that looks hardest from `query`, among `keys` [key] bool.

    attention [head, query, key]. Returns (head, key, weight). Without `keys` those of a model that reads from left to right:
    not the token itself, nor the first one, which gets what is not needed elsewhere, as long as there are others.
    """
    if keys is None:
        keys = _earlier(attention.shape[2], query)
    row = np.where(keys, attention[:, query], -1)  # [head, key]
    head, key = np.unravel_index(int(row.argmax()), row.shape)
    return int(head), int(key), float(attention[head, query, key])


def words_only(tokens: Tokenization, but: int | None = None) -> np.ndarray:
    """[pos] bool: the tokens that stand for text, hidden ones too, without the position `but`; all if there are none."""
    keys = np.array([end > start for start, end in tokens.spans], bool)
    if but is not None:
        keys[but] = False
    return keys if keys.any() else np.ones(len(tokens), bool)
