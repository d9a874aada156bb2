"""Writing on, one token at a time, with the distribution behind every choice.

transformers' `generate` draws from the process-wide random state, which all sessions share, and keeps no record. This
loop draws with its own numpy generator: the same tokens, settings and seed give the same text.
"""

import threading
import time
from collections.abc import Iterator
from functools import cache, partial
from typing import Protocol

import numpy as np

from model_backend.base.records import ModelInfo, NextToken, Step, Tokenization
from model_backend.engine import sampling
from model_backend.engine.incremental import Reader
from model_backend.engine.makers_rules import MakersRules
from model_backend.engine.sampling import SamplingSettings


class Writer(Protocol):
    """What writing asks of a model; see Model."""

    info: ModelInfo
    end_ids: frozenset[int]

    def makers_rules(self, max_length: int) -> MakersRules | None:
        """What the makers forbid or demand in a text of at most that many tokens."""

    def piece(self, token_id: int) -> str:
        """A token as it is displayed."""
        ...

    def generate(self, tokens: Tokenization, settings: SamplingSettings, max_new_tokens: int) -> Iterator[Step]:
        """Write on, one Step a token."""
        ...


def draw(next_token: NextToken, random: np.random.Generator) -> int:
    """Draw a token id from p_final; one uniform number a draw, also where nothing is open."""
    return int(next_token.ids[fall(next_token, random.random())[0]])


def fall(next_token: NextToken, dice: float) -> tuple[int, float, float]:
    """Where a number from 0 up to 1 falls when the tokens of the record lie side by side, each as wide as its p_final:
    (index into the record, where that token begins, where it ends).

    The sum runs in float64 and is scaled to its own end, so a rounding error cannot fall off the table.
    """
    cumulative = np.cumsum(next_token.p_final, dtype=np.float64)
    place = int(np.searchsorted(cumulative, dice * cumulative[-1], side="right"))
    end = float(cumulative[place] / cumulative[-1])
    return place, (float(cumulative[place - 1] / cumulative[-1]) if place else 0.0), end


def generate(
    model: Writer,
    reader: Reader,
    ids: np.ndarray,
    settings: SamplingSettings,
    max_new_tokens: int,
    seed: int,
    stop_event: threading.Event | None = None,
) -> Iterator[Step]:
    """Yield one Step a token, until an end token, `max_new_tokens`, the end of the context or `stop_event`.

    `ids` are what stands there already, the start token of an encoder-decoder included; penalties see them and what is
    written. The reader keeps the keys and values of what it has read, so that each step reads one token.
    """
    random = np.random.default_rng(seed)
    history = ids.tolist()
    unread = history
    n_steps = min(max_new_tokens, model.info.max_positions - len(ids))
    rules = model.makers_rules(len(ids) + n_steps)
    for _ in range(n_steps):
        if stop_event is not None and stop_event.is_set():
            return
        start = time.perf_counter()
        logits = reader.logits_after(unread)
        allowed = rules.allowed(history, len(logits)) if rules else None
        record = cache(partial(sampling.apply, logits, settings, tuple(history), allowed))
        if settings.temperature == 0:
            token_id = sampling.favourite(logits, settings, history, allowed)
        else:
            token_id = draw(record(), random)
        is_end = token_id in model.end_ids
        seconds = time.perf_counter() - start
        yield Step(token_id, model.piece(token_id), record, seconds, is_end)
        if is_end:
            return
        history.append(token_id)
        unread = [token_id]


def greedy_target(model: Writer, tokens: Tokenization, max_new_tokens: int = 200) -> list[int]:
    """Ids of what an encoder-decoder writes for `tokens` when it always takes the likeliest token that its makers allow.

    The start token is not among them; the end token stands last unless the text was broken off: after `max_new_tokens`, or
    after twice the length of the source and a little more, which no translation needs.
    """
    limit = min(max_new_tokens, 2 * len(tokens) + 16)
    return [step.token_id for step in model.generate(tokens, SamplingSettings(temperature=0), limit)]
