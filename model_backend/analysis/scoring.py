"""How likely a whole text is: one pass over all of it, each token judged by what stands before it (teacher forcing)."""

from collections.abc import Sequence

import numpy as np
import torch

from model_backend.base.memory import memory_guard
from model_backend.base.sentences import Sentence
from model_backend.engine.incremental import batch
from model_backend.engine.model import Model, Tokens
from model_backend.engine.passes import during


def logprobs_nats(model: Model, tokens: Tokens, written: Sequence[int], target: Tokens | None = None) -> np.ndarray:
    """[written] float64: ln p of each token of `written` after `tokens` and the written tokens before it.

    For an encoder-decoder they follow `target` (its start token if None). Raises PromptTooLong if it does not fit.
    """
    source, begun = model.to_write(tokens, target)
    ids = np.concatenate([begun, np.asarray(written, np.int64)])
    model.check_length(ids)
    with memory_guard(Sentence("judging a text")), during():
        if source is None:
            inputs = {"input_ids": batch(ids, model.network)}
        else:
            inputs = {"input_ids": batch(source, model.network), "decoder_input_ids": batch(ids, model.network)}
        logits = model.network(**inputs, use_cache=False).logits[0, len(begun) - 1 : -1]  # [written, vocab]
        ln_p = torch.log_softmax(logits.double(), dim=-1).cpu().numpy()
    return np.take_along_axis(ln_p, ids[len(begun) :, None], axis=1)[:, 0]
