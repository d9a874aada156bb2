"""The small pictures of the home screen: numbers of the current prompt in, plain data for components out."""

from collections.abc import Callable, Sequence

import numpy as np

from model_backend.base.records import NextToken, Tokenization
from viz import tokens
from viz.labels import percent, visible

N_NUMBERS = 32
N_TOKENS = 6


def counts(prompt: Tokenization, names: Sequence[str]) -> dict:
    """Characters, bytes, words and tokens of the text as bars on one scale; `names` are the four labels."""
    n = tokens.counts(prompt)
    numbers = (n["characters"], n["bytes"], n["words"], n["tokens"])
    most = max(*numbers, 1)
    return {
        "rows": [
            {"label": name, "share": n / most, "note": f"{n:,}", "plain": True}
            for name, n in zip(names, numbers, strict=True)
        ],
        "clickable": False,
    }


def stripes(vectors: np.ndarray, prompt: Tokenization) -> dict:
    """The first numbers of the last tokens' vectors. `vectors` [pos, d_model] belong to the last tokens of the prompt.

    The limit of the scale is the largest size among the numbers shown.
    """
    shown = vectors[-N_TOKENS:, :N_NUMBERS]
    first = len(prompt) - len(shown)
    return {
        "rows": [
            {"label": visible(prompt.pieces[first + i]), "values": [round(float(x), 4) for x in row]}
            for i, row in enumerate(shown)
        ],
        "limit": float(np.abs(shown).max()),
    }


def guesses(top_ids: np.ndarray, top_probs: np.ndarray, names: Sequence[str], piece: Callable[[int], str]) -> dict:
    """The best guess after each layer at one position. top_ids [layer], top_probs [layer]; `names` label the layers."""
    return {
        "rows": [
            {"label": name, "share": float(p), "note": percent(p), "guess": visible(piece(int(i)))}
            for name, i, p in zip(names, top_ids, top_probs, strict=True)
        ],
        "clickable": False,
    }


def favourites(next_token: NextToken, piece: Callable[[int], str], others: str, k: int = 6) -> dict:
    """The k likeliest next tokens as bars from 0 to 1, and the share of all others; `others` is their label."""
    rows = [
        {"label": visible(piece(int(i))), "share": float(p), "note": percent(p), "token": True}
        for i, p in zip(next_token.ids[:k], next_token.p_model[:k], strict=False)
    ]
    rest = max(0.0, 1.0 - float(np.sum(next_token.p_model[:k], dtype=np.float64)))
    rows.append({"label": others, "share": rest, "note": percent(rest), "muted": True})
    return {"rows": rows, "clickable": True}
