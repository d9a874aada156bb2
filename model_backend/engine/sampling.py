"""From logits to the distribution that is drawn from. Pure numpy, whole vocabulary.

The order is that of transformers' `generate`: penalties, temperature, top-k, top-p, min-p, and one renormalisation over
what is kept. Decisions are taken in float32, as transformers takes them, so that the kept set is the same; probabilities
are then computed in float64 and stored as float32.

>>> next_token = apply(np.log([0.1, 0.2, 0.3, 0.4]), SamplingSettings(top_p=0.6))
>>> next_token.ids.tolist(), next_token.kept.tolist()
([3, 2, 1, 0], [True, True, False, False])
>>> [f"{p:.3f}" for p in next_token.p_final]
['0.571', '0.429', '0.000', '0.000']
"""

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from model_backend.base.errors import BackendError, InvalidSettings
from model_backend.base.records import CUT_RULES, NextToken
from model_backend.base.sentences import Sentence

_GREEDY, _TOP_K, _TOP_P, _MIN_P, _MAKERS = (
    CUT_RULES.index(rule) for rule in ("greedy", "top-k", "top-p", "min-p", "makers")
)
_LANES = 16  # torch adds up a softmax in vector lanes; the width decides the last bit of a float32 sum

_FLOAT32_MAX = float(np.finfo(np.float32).max)

# lowest and highest value of each setting, and in words; the penalties' range is OpenAI's
_RANGES = {
    "temperature": (0.0, math.inf, Sentence("0 (greedy) or more")),
    "top_k": (0, math.inf, Sentence("a whole number, 0 (off) or more")),
    "top_p": (0.0, 1.0, Sentence("between 0 and 1 (off)")),
    "min_p": (0.0, 1.0, Sentence("between 0 (off) and 1")),
    "repetition_penalty": (0.01, 100.0, Sentence("between 0.01 and 100; 1 is off")),
    "presence_penalty": (-2.0, 2.0, Sentence("between -2 and 2; 0 is off")),
    "frequency_penalty": (-2.0, 2.0, Sentence("between -2 and 2; 0 is off")),
}


@dataclass(frozen=True)
class SamplingSettings:
    """What shapes the draw of the next token. The defaults change nothing: p_final equals p_model.

    temperature 0 means greedy; top_k 0, top_p 1 and min_p 0 are off; repetition_penalty 1, presence_penalty 0 and
    frequency_penalty 0 are off. A value out of range raises InvalidSettings.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high, range_in_words) in _RANGES.items():
            value = getattr(self, name)
            try:
                number = operator.index(value) if name == "top_k" else float(value)
                is_valid = low <= number <= high and math.isfinite(number)
            except (TypeError, ValueError):
                is_valid = False
            if not is_valid:
                raise InvalidSettings(
                    "{setting} cannot be {shown}.",
                    "It has to be {range}.",
                    setting=name,
                    value=value,
                    shown=repr(value),
                    range=range_in_words,
                )

    @property
    def has_penalties(self) -> bool:
        """Whether what was written before changes the logits at all."""
        return self.repetition_penalty != 1 or self.presence_penalty != 0 or self.frequency_penalty != 0


def apply(
    logits: np.ndarray,
    settings: SamplingSettings = SamplingSettings(),
    history: Iterable[int] = (),
    allowed: np.ndarray | None = None,
) -> NextToken:
    """The distribution over the next token that `settings` make of `logits` [vocab]; see NextToken for what comes out.

    `history` are the token ids that the penalties look at: each distinct one counts for repetition and presence, each
    occurrence for frequency. A token whose logit is -inf is never kept, and no rule is named as having cut it unless one
    did. `allowed` [vocab] bool are the tokens that the model's makers let it write here, None is all; the others are cut
    first, by the rule "makers", and p_model does not know of it. Among equal scores at the edge of top-p the higher ids
    stay, as in transformers wherever its sort is stable.
    """
    raw = _checked(logits)  # [vocab] float32
    scores = penalise(raw, settings, history)  # [vocab], by token id
    if allowed is not None:
        scores = np.where(allowed, scores, np.float32(-np.inf))
    order = falling_order(raw)  # [vocab] ids by falling logit: the order of the record
    sorted_logits = raw[order]
    p_model = _softmax64(sorted_logits)
    if scores is raw and settings == SamplingSettings():
        cut_by, p_final = np.zeros(len(raw), dtype=np.uint8), p_model
    elif scores is raw:
        cut_by, p_final = _cut(sorted_logits, order, settings)
    else:
        by_score = falling_order(scores)
        cut_by, p_final = _cut(scores[by_score], by_score, settings)
        cut_by, p_final = _by_id(cut_by, by_score)[order], _by_id(p_final, by_score)[order]
    if allowed is not None:
        cut_by[~allowed[order]] = _MAKERS

    kept = (cut_by == 0) & (sorted_logits > -np.inf)
    entropy = float(entropy_bits(p_model))
    return NextToken(
        ids=order,
        logits=sorted_logits,
        p_model=p_model.astype(np.float32),
        p_final=p_final.astype(np.float32),
        kept=kept,
        cut_by=cut_by,
        entropy_bits=entropy,
        final_entropy_bits=entropy if p_final is p_model else float(entropy_bits(p_final[kept])),
        mass_kept=float(p_model[kept].sum()),
    )


def favourite(
    logits: np.ndarray, settings: SamplingSettings, history: Iterable[int] = (), allowed: np.ndarray | None = None
) -> int:
    """The id that greedy settings (temperature 0) leave of `logits` [vocab], found without sorting them; see `apply`."""
    scores = penalise(_checked(logits), settings, history)
    return int(np.argmax(scores if allowed is None else np.where(allowed, scores, np.float32(-np.inf))))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis, as float32, computed in float64: softmax of (0, ln 2, ln 3) = (1/6, 1/3, 1/2)."""
    return _softmax64(np.asarray(logits)).astype(np.float32)


def entropy_bits(p: np.ndarray) -> float | np.ndarray:
    """Shannon's entropy −Σ p log2 p along the last axis, in bits, with 0 log 0 = 0. Eight equal chances make 3 bits."""
    p = np.asarray(p, dtype=np.float64)
    log2_p = np.zeros_like(p)
    np.log2(p, out=log2_p, where=p > 0)
    log2_p *= p
    bits = np.maximum(-log2_p.sum(axis=-1), 0.0)
    return float(bits) if bits.ndim == 0 else bits


def penalise(logits: np.ndarray, settings: SamplingSettings, history: Iterable[int] = ()) -> np.ndarray:
    """The logits [vocab] after the three penalties, in vLLM's order (`vllm/model_executor/layers/utils.py`, apply_penalties).

    Repetition (Keskar et al. 2019, CTRL; transformers' RepetitionPenaltyLogitsProcessor): a token of `history` has its
    logit divided by the penalty if positive, multiplied if negative. Frequency and presence (OpenAI API reference):
    logit − count · frequency_penalty − [count > 0] · presence_penalty. Without a penalty the very same array is returned.
    """
    ids = np.asarray(history if isinstance(history, np.ndarray) else list(history), dtype=np.int64).reshape(-1)
    if not settings.has_penalties or not ids.size:
        return logits
    if ids.min() < 0:
        raise ValueError(f"history holds the negative token id {ids.min()}")
    seen, counts = np.unique(ids[ids < len(logits)], return_counts=True)  # ids beyond the output cannot be drawn
    score = logits[seen].astype(np.float32)
    factor = np.float32(settings.repetition_penalty)
    with np.errstate(over="ignore"):
        score = np.where(score < 0, score * factor, score / factor)
    score = score - np.float32(settings.frequency_penalty) * counts.astype(np.float32)
    score = score - np.float32(settings.presence_penalty)
    penalised = logits.copy()
    penalised[seen] = score
    return penalised


def falling_order(scores: np.ndarray) -> np.ndarray:
    """Indices [vocab] int64 by falling score, lowest index first among equals, as torch.argmax picks.

    Score and index are packed into one 64-bit integer, which numpy sorts with vector instructions: four times as fast as a
    stable argsort. A float's bits order like an integer once negative numbers are turned round.
    """
    bits = (scores.astype(np.float32, copy=False) + np.float32(0)).view(np.uint32)  # + 0 makes -0 equal to 0
    np.bitwise_xor(bits, np.uint32(0x7FFFFFFF), out=bits, where=bits < 0x80000000)
    keys = bits.astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    keys &= np.uint64(0xFFFFFFFF)
    return keys.view(np.int64)


def _cut(scores: np.ndarray, ids: np.ndarray, settings: SamplingSettings) -> tuple[np.ndarray, np.ndarray]:
    """Which rule cut each token, and the final probabilities, from scores [vocab] that fall; `ids` settle ties."""
    cut_by = np.zeros(len(scores), dtype=np.uint8)
    if settings.temperature == 0:
        cut_by[1:] = _GREEDY
        return cut_by, (cut_by == 0).astype(np.float64)

    scaled = _scale(scores, settings.temperature)
    if 0 < settings.top_k < len(scaled):  # all that equal the k-th stay
        cut_by[scaled < scaled[settings.top_k - 1]] = _TOP_K
    alive = np.flatnonzero(cut_by == 0)  # places in `scaled`, still by falling score
    if settings.top_p < 1:
        keep = _nucleus(scaled[alive], ids[alive], settings.top_p)
        cut_by[alive[~keep]] = _TOP_P
        alive = alive[keep]
    if settings.min_p > 0:
        p = _softmax32(scaled[alive])
        keep = p >= np.float32(settings.min_p) * p[0]
        cut_by[alive[~keep]] = _MIN_P
        alive = alive[keep]
    p_final = np.zeros(len(scaled))
    p_final[alive] = _softmax64(scaled[alive])
    return cut_by, p_final


def _nucleus(scaled: np.ndarray, ids: np.ndarray, top_p: float) -> np.ndarray:
    """Mask [n] of the tokens that top-p keeps, from falling scores; always at least one.

    transformers adds up from the least probable token and removes while the sum is at most 1 − top_p.
    """
    rising = np.cumsum(_softmax32(scaled)[::-1], dtype=np.float64).astype(np.float32)  # torch's cumsum adds in float64
    n_removed = int(np.searchsorted(rising, np.float32(1 - top_p), side="right"))
    n_kept = max(len(scaled) - n_removed, 1)
    keep = np.arange(len(scaled)) < n_kept
    if n_kept < len(scaled) and scaled[n_kept] == scaled[n_kept - 1]:  # the edge runs through equals: higher ids stay
        tied = np.flatnonzero(scaled == scaled[n_kept])
        n_stay = n_kept - tied[0]
        keep[tied] = ids[tied] >= np.sort(ids[tied])[-n_stay]
    return keep


def _scale(scores: np.ndarray, temperature: float) -> np.ndarray:
    """scores / temperature in float32; from the best score down where the quotient would overflow."""
    divisor = np.float32(min(temperature, _FLOAT32_MAX))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        scaled = scores / divisor
        if not np.isfinite(scaled[0]) or divisor == 0:
            scaled = ((scores.astype(np.float64) - scores[0]) / temperature).astype(np.float32)
    return scaled


def _softmax32(scores: np.ndarray) -> np.ndarray:
    """Softmax of falling scores [n], rounded where torch's CPU kernel rounds: float32 numerators, lane-wise sum, product with
    its reciprocal."""
    e = (scores - scores[0]).astype(np.float64)
    e = np.exp(e, out=e).astype(np.float32)
    lanes = np.zeros((-(-len(e) // _LANES), _LANES), dtype=np.float32)
    lanes.reshape(-1)[: len(e)] = e
    total = np.cumsum(lanes.sum(axis=0), dtype=np.float32)[-1]
    return e * (np.float32(1) / total)


def _softmax64(scores: np.ndarray) -> np.ndarray:
    """Softmax along the last axis in float64."""
    e = scores.astype(np.float64)
    e -= e.max(axis=-1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=-1, keepdims=True)
    return e


def _by_id(values: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """`values` [vocab] in the order of `ids`, put back into the order of the vocabulary."""
    out = np.empty_like(values)
    out[ids] = values
    return out


def _checked(logits: np.ndarray) -> np.ndarray:
    """Logits as float32 [vocab], or an error that says what is wrong with them."""
    raw = np.asarray(logits)
    if raw.ndim != 1 or not raw.size:
        raise ValueError(f"logits should be [vocab], but is {list(raw.shape)}")
    with np.errstate(over="ignore"):
        raw = raw.astype(np.float32, copy=False)
    highest = raw.max()  # nan if any is
    if np.isfinite(highest):
        return raw
    n_nan, n_inf = int(np.isnan(raw).sum()), int(np.isposinf(raw).sum())
    if n_nan or n_inf:
        found = Sentence(
            "{n_nan} of {n} logits are not numbers and {n_inf} are infinite.", n_nan=n_nan, n=raw.size, n_inf=n_inf
        )
    else:
        found = Sentence("All {n} logits are minus infinity, so no token can follow.", n=raw.size)
    raise BackendError(
        found, "The model's weights may be damaged, or its number format may overflow; try float32 or another model."
    )
