"""Attention as the browser draws it: one head's matrix, and all heads as small pictures."""

import numpy as np

from viz.wire import pack


def with_gap(weights: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """[query, key] -> a copy in which what nobody may look at (the future, what lies outside a window) is nan: a gap is not a
    zero. `visible` [query, key] bool."""
    return np.where(visible, weights, np.nan).astype(np.float32)


def is_windowed(weights: np.ndarray, kind: str) -> bool:
    """Whether a matrix [query, key] of that kind has gaps besides the masked future."""
    gaps = np.isnan(weights)
    return bool((np.tril(gaps) if kind == "decoder" else gaps).any())


def matrix(
    weights: np.ndarray, rows: list[str], columns: list[str], focus: int, label: str, words: dict, is_share: bool = True
) -> bytes:
    """What the component `attention` draws: weights [query, key] with nan for a gap, the tokens' labels, the row in focus.

    `is_share`: the numbers are shares of 1 and are written as percent, else as they are. Of each row only what lies between
    its first and its last number travels, `spans` [row, (first column, numbers)]: of a text read from left to right half.
    """
    spans = [
        (int(seen[0]), int(seen[-1] - seen[0] + 1)) for row in weights if len(seen := np.flatnonzero(~np.isnan(row)))
    ]
    header = {
        "rows": rows,
        "columns": columns,
        "focus": focus,
        "same": rows == columns,
        "is_share": is_share,
        "label": label,
        "words": words,
    }
    numbers = [row[first : first + n] for row, (first, n) in zip(weights, spans, strict=True)]
    return pack(header, spans=np.array(spans, np.int32), weights=np.concatenate(numbers).astype(np.float32))


def strongest(weights: np.ndarray) -> tuple[int, float]:
    """(key, weight) of the largest weight of one query's row; a gap never wins."""
    key = int(np.nanargmax(weights))
    return key, float(weights[key])


def table(weights: np.ndarray, rows: list[str], columns: list[str], names: tuple[str, str, str]) -> dict[str, list]:
    """The numbers as columns: from, to, weight; one line a pair that may look."""
    queries, keys = np.nonzero(~np.isnan(weights))
    return {
        names[0]: [rows[i] for i in queries],
        names[1]: [columns[j] for j in keys],
        names[2]: [round(float(w), 6) for w in weights[queries, keys]],
    }


SHOWN_KEYS = 16


def heads(
    pixels: np.ndarray, scores: dict[str, np.ndarray], what: list[list[str]], orders: list[dict], chosen: tuple[int, int],
    label: str, words: dict, version: str,
) -> bytes:  # fmt: skip
    """What the component `heads` draws: pixels uint8 [layer, head, row, column], one score [layer, head] for each of `orders`."""
    n_layers, n_heads, n_rows, n_columns = pixels.shape
    side = max(n_rows, n_columns)
    square = np.full((n_layers, n_heads, side, side), 255, np.uint8)
    square[:, :, :n_rows, :n_columns] = pixels
    header = {
        "n_layers": n_layers,
        "n_heads": n_heads,
        "side": side,
        "chosen": list(chosen),
        "label": label,
        "words": words,
        "orders": orders,
        "what": what,
        "version": version,
    }
    stacked = np.stack([scores[order["key"]] for order in orders]).astype(np.float32)
    return pack(header, thumbs=square, scores=stacked)


def steps(record, query: str, keys: list[str], words: dict) -> bytes:
    """What the component `head_steps` draws of a HeadSteps: the keys with the largest weights in the order of the text, the
    others as one sum."""
    visible = np.flatnonzero(record.visible)
    best = visible[np.argsort(-record.weights[visible], kind="stable")][:SHOWN_KEYS]
    shown = np.sort(best)
    rest = float(record.weights[visible].sum() - record.weights[shown].sum()) + float(record.sink_weight)
    n_rest = len(visible) - len(shown) + (record.sink is not None)
    header = {
        "query": query,
        "rows": [keys[i] for i in shown],
        "d_head": record.key.shape[1],
        "d_value": record.value.shape[1],
        "rest": {"n": int(n_rest), "weight": max(rest, 0.0)},
        "has_bias": bool(record.position_bias.any() or record.soft_cap is not None),
        "highest": float(record.scores[visible].max()),
        "words": words,
    }
    return pack(
        header, q=record.query, k=record.key[shown], v=record.value[shown], out=record.mixed, products=record.dots[shown],
        scaled=record.scaled[shown], scores=record.scores[shown], weights=record.weights[shown],
    )  # fmt: skip
