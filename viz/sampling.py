"""What the Sampling screen sends to its components: the whole vocabulary's logits once, and small exact tables.

The arithmetic that follows the finger is in components/logits/component.js; the same in numpy is model_backend/engine/sampling.py,
with which tests compare it.
"""

import hashlib
import math
from collections.abc import Callable, Sequence

import numpy as np

from model_backend.base.arithmetic import log_softmax
from model_backend.base.records import NextToken
from viz.labels import visible
from viz.wire import pack

N_LABELS = 400  # tokens whose text is sent: more rows than the ledger can show
MAX_ROWS = 50
N_RANDOM = 4_000


def logits(next_token: NextToken, history: Sequence[int], piece: Callable[[int], str]) -> bytes:
    """What the component `logits` takes: ids and logits by falling logit, the history's tokens and how often each occurs.

    `piece` gives a token's text. Ids of the history that the output layer does not know are left out: they cannot be drawn.
    """
    ids = next_token.ids
    by_id = np.empty(len(ids), dtype=np.int32)
    by_id[ids] = np.arange(len(ids), dtype=np.int32)
    written = np.asarray(history, dtype=np.int64)
    seen, counts = np.unique(written[written < len(ids)], return_counts=True)
    n_labels = min(len(ids), max(N_LABELS, MAX_ROWS + len(seen)))
    digest = hashlib.blake2b(next_token.logits.tobytes() + ids.tobytes() + written.tobytes(), digest_size=8)
    header = {
        "labels": [visible(piece(int(i))) for i in ids[:n_labels]],
        "history_labels": [visible(piece(int(i))) for i in seen],
        "version": digest.hexdigest(),
    }
    return pack(
        header,
        ids=ids.astype(np.int32),
        logits=next_token.logits,
        places=by_id[seen],
        counts=counts.astype(np.int32),
    )


def random_numbers(seed: int) -> np.ndarray:
    """The first numbers in [0, 1) of numpy's generator with that seed, float64: those that generation draws with."""
    return np.random.default_rng(seed).random(N_RANDOM)


def dice(randoms: np.ndarray, labels: dict[int, str], words: dict, seed: int) -> bytes:
    """What the component `dice` takes. `labels` name tokens, by id, that `logits` has sent no text for."""
    header = {"labels": {str(i): text for i, text in labels.items()}, "words": words, "seed": seed}
    return pack(header, randoms=randoms.view(np.uint8))


def draws(next_token: NextToken, randoms: np.ndarray) -> np.ndarray:
    """Places in the record that random numbers [draw] in [0, 1) hit: model_backend.engine.generation.draw for many at once."""
    cumulative = np.cumsum(next_token.p_final, dtype=np.float64)
    return np.searchsorted(cumulative, randoms * cumulative[-1], side="right")


def by_temperature(next_token: NextToken, places: Sequence[int], temperatures: np.ndarray) -> np.ndarray:
    """[token, temperature] float32: the model's probability of the tokens at `places` if only the temperature is set.

    At 0 it is 1 for the first and 0 for all others, the limit that argmax takes.
    """
    rows = []
    gaps = next_token.logits.astype(np.float64) - float(next_token.logits[0])  # [vocab], 0 or less
    for temperature in temperatures:
        if temperature == 0:
            rows.append([1.0 if place == 0 else 0.0 for place in places])
            continue
        e = np.exp(gaps / temperature)
        rows.append(e[list(places)] / e.sum())
    return np.array(rows, dtype=np.float32).T


def mass_by_rank(next_token: NextToken, n_points: int = 160) -> tuple[np.ndarray, np.ndarray]:
    """(ranks, mass): how much of the model's probability the first 1, 2, … tokens hold, at ranks that grow by a factor."""
    n = len(next_token.p_model)
    ranks = np.unique(np.round(np.geomspace(1, n, n_points)).astype(np.int64))
    mass = np.cumsum(next_token.p_model, dtype=np.float64)
    return ranks, np.minimum(mass[ranks - 1], 1.0)


def softmax_steps(first: float, second: float, temperatures: Sequence[float]) -> list[tuple[float, float, float]]:
    """(temperature, p of the first, p of the second) of two logits; at 0 the larger one takes all, the first among equals.

    >>> [tuple(round(x, 2) for x in row) for row in softmax_steps(1, 2, (1, 0.5))]
    [(1, 0.27, 0.73), (0.5, 0.12, 0.88)]
    """
    rows = []
    for temperature in temperatures:
        if temperature == 0:
            p = 0.0 if first < second else 1.0
        else:
            gap = (second - first) / temperature
            p = 1 / (1 + math.exp(gap)) if gap < 700 else 0.0
        rows.append((temperature, p, 1 - p))
    return rows


def underflow(p: float, lengths: Sequence[int]) -> list[tuple[int, float, float, float]]:
    """(n, p multiplied n times in float32, the same in float64, n · ln p): where a product becomes 0 and the sum does not."""
    rows = []
    for n in lengths:
        factors = np.full(n, p)
        with np.errstate(under="ignore"):
            single = float(np.multiply.reduce(factors.astype(np.float32)))
            double = float(np.multiply.reduce(factors))
        rows.append((n, single, double, n * math.log(p)))
    return rows


def ln_p_at(next_token: NextToken, place: int, temperature: float) -> float:
    """ln p of the token at `place` if only the temperature is set, in float64 from the logits: it never underflows."""
    gaps = next_token.logits.astype(np.float64) - float(next_token.logits[0])
    return float(log_softmax(gaps / temperature)[place])
