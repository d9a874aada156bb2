"""What the key-value cache saves: the same text read token by token, with the cache and without."""

import time
from collections.abc import Iterator, Sequence

from model_backend.base.writing_records import StepCost
from model_backend.engine.incremental import Reader
from model_backend.engine.model import Model, Tokens


def step_costs(
    model: Model, tokens: Tokens, written: Sequence[int], target: Tokens | None = None
) -> Iterator[StepCost]:
    """One StepCost for the beginning (prefill) and one for each token of `written` (decode), measured now.

    Without a cache each step reads the whole text anew; the source of an encoder-decoder is read once in both cases.
    """
    source, begun = model.to_write(tokens, target)
    with_cache, without = Reader(model.network, source), Reader(model.network, source)
    without.logits_after(begun, goes_on=False)  # the first pass of all pays for what comes later too
    text, unread = begun.tolist(), begun.tolist()
    for token_id in (*written, None):
        start = time.perf_counter()
        with_cache.logits_after(unread)
        middle = time.perf_counter()
        without.logits_after(text, goes_on=False)
        end = time.perf_counter()
        yield StepCost(len(unread), middle - start, len(text), end - middle, with_cache.cache_bytes)
        if token_id is not None:
            text.append(token_id)
            unread = [token_id]
