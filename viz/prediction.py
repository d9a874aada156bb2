"""What the Prediction screen shows in numbers: a record and a few names in, plain data out. Its figures: prediction_figures."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from model_backend.base.arithmetic import log_softmax
from model_backend.base.records import NextToken
from viz.labels import NO_BREAK, percent, visible

SIZES = (10, 25, 50, 100)


def ranks(next_token: NextToken) -> np.ndarray:
    """[vocab] int64, by token id: 1 = the model's favourite."""
    by_id = np.empty(len(next_token.ids), dtype=np.int64)
    by_id[next_token.ids] = np.arange(1, len(by_id) + 1)
    return by_id


def percent_of_ln(ln_p: float) -> str:
    """A probability given by its natural logarithm, with digits by magnitude however small it is.

    >>> percent_of_ln(math.log(0.5)), percent_of_ln(-2000.0), percent_of_ln(-math.inf)
    ('50\xa0%', '2.6e-867\xa0%', '0\xa0%')
    """
    if ln_p > -600 or ln_p == -math.inf:
        return percent(math.exp(ln_p))
    exponent, mantissa = divmod(ln_p / math.log(10) + 2, 1)
    return f"{10**mantissa:.1f}e{int(exponent)}{NO_BREAK}%"


def decimal(value: float, digits: int = 2) -> str:
    """A number with a real minus sign: −1.20, −∞."""
    text = "∞" if math.isinf(value) else f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def significant(value: float) -> str:
    """Four significant digits, with a power of ten for what is very small or large.

    >>> significant(0.00224), significant(18.4), significant(3.1e-9)
    ('0.00224', '18.4', '3.1e-09')
    """
    return f"{value:,.4g}"


def choices(entropy_bits: float) -> str:
    """2^entropy, the number of equally likely tokens that would be as uncertain: one digit after the point below 10.

    >>> choices(0.0), choices(1.5), choices(12.0)
    ('1.0', '2.8', '4,096')
    """
    n = 2.0**entropy_bits
    return f"{n:,.1f}" if n < 9.95 else f"{n:,.0f}"


def one_in(ln_p: float) -> str:
    """1 / p for people: '8', '1,234', '3.1e+12'."""
    if ln_p == -math.inf:
        return "∞"
    if ln_p < -600:
        exponent, mantissa = divmod(-ln_p / math.log(10), 1)
        return f"{10**mantissa:.1f}e+{int(exponent)}"
    n = math.exp(-ln_p)
    return f"{n:,.1f}" if n < 9.95 else f"{n:,.0f}" if n < 1e9 else f"{n:.1e}"


def ledger(
    next_token: NextToken,
    piece: Callable[[int], str],
    token_bytes: Callable[[int], bytes],
    followed: int | None = None,
) -> dict:
    """Data for the `ledger` component, without its words: the likeliest tokens as rows of text and a bar's share.

    The bar of a row is p / p of the favourite; that end of the scale is `scale_end`. `followed` is the id of the token that
    really came next: its row is marked, and comes as `pinned` too. `others` has for each of `sizes` the number of tokens
    that no row shows (the pinned row is a row) and what they hold together.
    """
    ln_p = log_softmax(next_token.logits)  # [vocab]
    p = np.exp(ln_p)
    cumulative = np.cumsum(p)
    n_vocab = len(p)
    sizes = [size for size in SIZES if size < n_vocab] or [n_vocab]
    followed_at = None if followed is None else next_token.rank_of(followed) - 1

    def row(at: int) -> dict:
        token_id = int(next_token.ids[at])
        data = token_bytes(token_id)
        logit, cumulated = decimal(float(next_token.logits[at])), percent(min(cumulative[at], 1.0))
        return {
            "rank": f"{at + 1:,}",
            "id": token_id,
            "label": visible(piece(token_id)),
            "logit": logit,
            "p": percent_of_ln(ln_p[at]),
            "share": float(p[at] / p[0]),
            "ln_p": decimal(ln_p[at]),
            "bits": decimal(-ln_p[at] / math.log(2)),
            "cumulative": cumulated,
            "followed": at == followed_at,
            "details": [
                str(token_id),
                data.hex(" ").upper() or "–",
                f"{p[at]:.6g}",
                one_in(ln_p[at]),
                logit,
                decimal(ln_p[at]),
                cumulated,
            ],
        }

    rows = [row(at) for at in range(sizes[-1])]
    pinned = None if followed_at is None else (rows[followed_at] if followed_at < len(rows) else row(followed_at))
    return {
        "sizes": sizes,
        "rows": rows,
        "pinned": pinned,
        "scale_end": percent(p[0]),
        "others": [_others(p, size, followed_at) for size in sizes],
    }


def _others(p: np.ndarray, size: int, followed_at: int | None) -> dict:
    """How many tokens a ledger of `size` rows leaves out and what they hold, added up from p [vocab], not 1 − the rows."""
    has_pin = followed_at is not None and followed_at >= size
    mass = float(p[size:].sum() - (p[followed_at] if has_pin else 0.0))
    mass = max(mass, 0.0)
    return {"n": len(p) - size - has_pin, "p": percent(mass)}


def ledger_columns(data: dict, names: Sequence[str]) -> dict[str, list]:
    """The rows of a ledger as columns for a table: rank, token, id, logit, probability, ln p, cumulative."""
    keys = ("rank", "label", "id", "logit", "p", "ln_p", "cumulative")
    return {name: [row[key] for row in data["rows"]] for name, key in zip(names, keys, strict=True)}


def find(
    table: Sequence[bytes], typed: str, ranks_by_id: np.ndarray, limit: int = 20
) -> tuple[list[tuple[str, int]], int]:
    """Tokens whose text equals, starts with or contains `typed`, upper and lower case alike, a leading space aside.

    `table` has the bytes of each token id. Returns ((relation, id), …), the closer relation first, then the better rank, and
    how many were found in all; relation is "equals", "starts" or "contains".
    """
    wanted = typed.strip(" ").encode("utf-8", "surrogatepass").lower()
    if not wanted:
        return [], 0
    found = []
    for token_id, data in enumerate(table[: len(ranks_by_id)]):
        lower = data.lower()
        if wanted in lower:
            bare = lower.removeprefix(b" ")
            closeness = 0 if bare == wanted else 1 if bare.startswith(wanted) else 2
            found.append((closeness, int(ranks_by_id[token_id]), token_id))
    found.sort()
    return [(("equals", "starts", "contains")[closeness], token_id) for closeness, _, token_id in found[:limit]], len(
        found
    )


def token_of(table: Sequence[bytes], text: str) -> int | None:
    """The id of the token whose bytes are exactly `text`, None if there is none; `table` has the bytes of each token id."""
    wanted = text.encode("utf-8", "surrogatepass")
    return next((token_id for token_id, data in enumerate(table) if data == wanted), None)


def continuation(prefix_ids: Sequence[int], whole_ids: Sequence[int]) -> slice | None:
    """Where in `whole_ids` the tokens after `prefix_ids` stand; None if the prefix is cut into other tokens there."""
    n = len(prefix_ids)
    if len(whole_ids) <= n or list(whole_ids[:n]) != list(prefix_ids):
        return None
    return slice(n, len(whole_ids))


def surprisal_summary(surprisal_bits: np.ndarray) -> dict:
    """Of the tokens that were predicted (nan = was not): how many, total bits, mean bits, mean nats, perplexity."""
    known = surprisal_bits[~np.isnan(surprisal_bits)].astype(np.float64)
    mean = float(known.mean()) if known.size else math.nan
    return {
        "n": int(known.size),
        "total_bits": float(known.sum()),
        "mean_bits": mean,
        "mean_nats": mean * math.log(2),
        "perplexity": 2.0**mean,
    }


def surprisal_end(surprisal_bits: np.ndarray) -> float:
    """The end of the colour scale: the most surprising single token, in whole bits. A chip of several may hold more."""
    known = surprisal_bits[~np.isnan(surprisal_bits)]
    return float(max(1, math.ceil(known.max()))) if known.size else 1.0


def surprisal_note(bits: float) -> str:
    """The bits printed in a chip: one digit, two where they are below 0.1."""
    return f"{bits:.2f}" if bits < 0.095 else f"{bits:.1f}"


def loss_steps(next_token: NextToken, token_id: int) -> dict[str, float]:
    """The way from one token's logit to its loss, in float64: gap to the best logit, numerator, denominator, p, nats, bits."""
    at = next_token.rank_of(token_id) - 1
    logits = next_token.logits.astype(np.float64)
    gap = logits[at] - logits[0]
    denominator = float(np.exp(logits - logits[0]).sum())
    nats = math.log(denominator) - float(gap)
    return {
        "logit": float(logits[at]),
        "best": float(logits[0]),
        "gap": float(gap),
        "numerator": math.exp(gap),
        "denominator": denominator,
        "p": math.exp(-nats),
        "nats": nats,
        "bits": nats / math.log(2),
    }
