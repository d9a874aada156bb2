"""A reader that takes tokens one after another and says what may follow, for next_token and generate.

What it has read stays in a cache of its own, so that each step reads one token. The reader of an encoder-decoder reads
the source once, and its tokens are those of the target.
"""

import inspect
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from transformers import DynamicCache, EncoderDecoderCache

from model_backend.capture import during
from model_backend.memory import memory_guard


def batch(ids: Sequence[int] | np.ndarray, network: nn.Module) -> torch.Tensor:
    """Ids [pos] -> [1, pos] on the network's device."""
    return torch.as_tensor(np.array(ids, np.int64), device=next(network.parameters()).device)[None]


class Reader:
    """Reads for one call and one thread; `source` [pos] are the ids that an encoder-decoder translates."""

    def __init__(self, network: nn.Module, source: Sequence[int] | np.ndarray | None = None) -> None:
        self._network = network
        self._source = source
        self._cache: dict[str, object] | None = None

    def logits_after(self, ids: Sequence[int], *, goes_on: bool = True) -> np.ndarray:
        """[vocab] float32 after the last of `ids`, which follow what was read before. With goes_on=False, which is for a
        single question, nothing is kept."""
        with memory_guard("writing on"), during(None):
            if self._cache is None:
                self._cache = self._fresh(goes_on)
            name = "input_ids" if self._source is None else "decoder_input_ids"
            output = self._network(**{name: batch(ids, self._network)}, **self._cache, use_cache=goes_on)
            return output.logits[0, -1].float().cpu().numpy()

    def _fresh(self, goes_on: bool) -> dict[str, object]:
        """What every pass of this reader is given: its cache, and what the encoder made of the source."""
        config = self._network.config
        if self._source is None:
            if not goes_on:
                return {"logits_to_keep": 1}
            return {_cache_name(self._network): DynamicCache(config=config), "logits_to_keep": 1}
        fixed = {"encoder_outputs": self._network.get_encoder()(input_ids=batch(self._source, self._network))}
        if goes_on:
            fixed["past_key_values"] = EncoderDecoderCache(DynamicCache(config=config), DynamicCache(config=config))
        return fixed


def _cache_name(network: nn.Module) -> str:
    """Mamba and its kin call their state by another name."""
    return "cache_params" if "cache_params" in inspect.signature(network.forward).parameters else "past_key_values"
