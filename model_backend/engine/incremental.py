"""A reader that takes tokens one after another and says what may follow, for next_token and generate.

What it has read stays in a cache of its own, so that each step reads one token. The reader of an encoder-decoder reads
the source once, and its tokens are those of the target.
"""

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import DynamicCache, EncoderDecoderCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from model_backend.base.memory import memory_guard
from model_backend.base.sentences import Sentence
from model_backend.engine.passes import during


def batch(ids: Sequence[int] | np.ndarray, network: PreTrainedModel) -> torch.Tensor:
    """Ids [pos] -> [1, pos] on the network's device."""
    return torch.as_tensor(np.array(ids, np.int64), device=next(network.parameters()).device)[None]


class Reader:
    """Reads for one call and one thread; `source` [pos] are the ids that an encoder-decoder translates."""

    def __init__(self, network: PreTrainedModel, source: Sequence[int] | np.ndarray | None = None) -> None:
        self._network = network
        self._source = source
        self._cache: dict[str, object] | None = None

    def logits_after(self, ids: Sequence[int] | np.ndarray, *, goes_on: bool = True) -> np.ndarray:
        """[vocab] float32 after the last of `ids`, which follow what was read before. With goes_on=False, which is for a
        single question, nothing is kept."""
        with memory_guard(Sentence("writing on")), during():
            if self._cache is None:
                self._cache = self._fresh(goes_on)
            name = "input_ids" if self._source is None else "decoder_input_ids"
            output = self._network(**{name: batch(ids, self._network)}, **self._cache, use_cache=goes_on)
            return output.logits[0, -1].float().cpu().numpy()

    def rewind(self, n: int) -> bool:
        """Forget the last `n` tokens, as if they had never been read. False, and nothing is done, where the cache cannot
        give single tokens back: one with a sliding window or a running state (Mamba)."""
        if n == 0:
            return True
        cache = self._kept()
        cache = cache.self_attention_cache if isinstance(cache, EncoderDecoderCache) else cache
        if not isinstance(cache, DynamicCache) or any(type(layer) is not DynamicLayer for layer in cache.layers):
            return False
        cache.crop(-n)
        return True

    @property
    def cache_bytes(self) -> int:
        """Bytes of the keys and values (or of the state) that are kept for the next step."""
        cache = self._kept()
        if cache is None:
            return 0
        caches = (
            (cache.self_attention_cache, cache.cross_attention_cache)
            if isinstance(cache, EncoderDecoderCache)
            else (cache,)
        )
        return sum(_tensor_bytes(value) for part in caches for layer in part.layers for value in vars(layer).values())

    def _kept(self) -> Any:
        return None if self._cache is None else self._cache.get(cache_name(self._network))

    def _fresh(self, goes_on: bool) -> dict[str, object]:
        """What every pass of this reader is given: its cache, and what the encoder made of the source."""
        config = self._network.config
        if self._source is None:
            if not goes_on:
                return {"logits_to_keep": 1}
            return {cache_name(self._network): DynamicCache(config=config), "logits_to_keep": 1}
        fixed = {"encoder_outputs": self._network.get_encoder()(input_ids=batch(self._source, self._network))}
        if goes_on:
            fixed[cache_name(self._network)] = EncoderDecoderCache(
                DynamicCache(config=config), DynamicCache(config=config)
            )
        return fixed


def _tensor_bytes(value: object) -> int:
    if isinstance(value, torch.Tensor):
        return value.numel() * value.element_size()
    return sum(map(_tensor_bytes, value)) if isinstance(value, list | tuple) else 0


def cache_name(network: PreTrainedModel) -> str:
    """What the argument for the cache is called: one name from transformers 5.24 on; before, Mamba had one of its own."""
    parameters = inspect.signature(network.forward).parameters
    return next((name for name in ("cache", "cache_params") if name in parameters), "past_key_values")
