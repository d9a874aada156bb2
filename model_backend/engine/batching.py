"""Several texts in one forward pass: eight short ones take hardly longer than one.

Right padding needs no mask in a decoder: under a causal mask no position sees what stands behind it, so the padded tail of a
row cannot reach the text before it, and what was computed for the tail is not kept. That holds for running states (Mamba) too.
It does not hold for an encoder, whose positions see all others, nor where the place of a token hangs on the length of the
whole (rotary embeddings that stretch): there only texts of one length share a pass. Families that no test has compared with
plain transformers read alone. So does a model with 8-bit weights: LLM.int8() multiplies a column in 16 bits as soon as any
position of any row is large there, so that what stands beside a text changes its numbers.

The rows of a product are summed in another order when there are more of them, so a trace read in company equals the one read
alone up to rounding (1e-5 in float32), not bit by bit.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import torch

from model_backend.base.errors import OutOfMemory
from model_backend.base.families import MLP_WIDTH, family_of
from model_backend.base.machine import free_bytes
from model_backend.base.memory import memory_guard
from model_backend.base.records import Tokenization
from model_backend.base.sentences import Sentence
from model_backend.engine.network import PreparedNetwork
from model_backend.engine.passes import during
from model_backend.engine.recording import Recording
from model_backend.engine.trace import Trace
from model_backend.hub.fitting import numbers_per_token, size

Text = tuple[Tokenization, Tokenization | None]  # what is read, and the target of an encoder-decoder

_STRETCHING = ("dynamic", "longrope")
_WORTH_A_LOOK = 50_000_000  # bytes; less is there, or nothing works any more


def group(model: PreparedNetwork, text: Text) -> Hashable | None:
    """Texts of one group may be read together; None: this one is read alone."""
    if model.info.quantization == "8-bit":
        return None
    shares = family_of(model.info.family).shares_pass
    if shares == "any length" and not _stretches(model.network.config.get_text_config()):
        return shares
    return tuple(len(part) for part in text if part is not None) if shares else None


def read(model: PreparedNetwork, texts: Sequence[Text]) -> list[Trace]:
    """The traces of texts of one `group`, by one forward pass. Raises OutOfMemory, beforehand where it can be foreseen."""
    lengths = [len(tokens) for tokens, _ in texts]
    check_room(model, texts)
    recording = Recording(lengths if len(set(lengths)) > 1 else [None] * len(texts))
    inputs = {"input_ids": _rows(model, [tokens for tokens, _ in texts])}
    if texts[0][1] is not None:
        inputs["decoder_input_ids"] = _rows(model, [target for _, target in texts if target is not None])
    with memory_guard(Sentence("reading the prompt")), during(recording):
        model.network.base_model(**inputs, use_cache=False)
    return [
        Trace(model, tokens, stacks, target) for (tokens, target), stacks in zip(texts, recording.rows, strict=True)
    ]


def _rows(model: PreparedNetwork, parts: Sequence[Tokenization]) -> torch.Tensor:
    """Ids [text, pos] on the model's device; a shorter text repeats its last token, which is sure to be in the vocabulary."""
    longest = max(map(len, parts))
    rows = [np.pad(part.ids.astype(np.int64), (0, longest - len(part)), mode="edge") for part in parts]
    return torch.as_tensor(np.stack(rows), device=model.info.device)


def _stretches(config) -> bool:
    """Whether rotary angles hang on the length of the text."""
    rope = getattr(config, "rope_parameters", None) or {}
    kinds = [rope, *(kind for kind in rope.values() if isinstance(kind, dict))]
    return any(kind.get("rope_type") in _STRETCHING for kind in kinds)


def check_room(model: PreparedNetwork, texts: Sequence[Text]) -> None:
    """Raise OutOfMemory if what the pass needs is more than the device has free; `details` holds both in bytes."""
    needed = bytes_while_reading(model, texts)
    if needed < _WORTH_A_LOOK:
        return
    free = free_bytes(model.info.device)
    if free is not None and needed > free:
        raise OutOfMemory(
            "To read this text takes {needed} of memory, and {free} are free.",
            "Take a shorter prompt or a smaller model.",
            needed=size(needed), free=size(free), needed_bytes=needed, free_bytes=free,
        )  # fmt: skip


def bytes_while_reading(model: PreparedNetwork, texts: Sequence[Text]) -> int:
    """Bytes that reading takes: what the traces keep, the widest layer at work, and the squares of attention."""
    config = model.network.config.get_text_config()
    width = torch.empty((), dtype=model.network.dtype).element_size()
    longest = max(max(len(part) for part in text if part is not None) for text in texts)
    n_read = sum(len(part) for text in texts for part in text if part is not None)
    kept = numbers_per_token(config.to_dict()) * n_read * width
    inner = max((getattr(config, name, None) or 0 for name in MLP_WIDTH), default=0) or 4 * model.info.d_model
    n_padded = len(texts) * longest
    at_work = n_padded * (2 * inner + 6 * model.info.d_model) * width
    heads = model.info.n_heads if _is_eager(model) else 0  # two squares a head in float32; the fused kernel needs none
    return kept + at_work + n_padded * longest * (1 + 8 * heads)


def _is_eager(model: PreparedNetwork) -> bool:
    """Whether attention works out whole squares: families without an exchangeable attention, and soft caps and sinks."""
    config = model.network.config.get_text_config()
    if not model.info.n_heads:
        return False
    return (
        not model.network._can_set_attn_implementation()
        or getattr(config, "attn_logit_softcapping", None) is not None
        or family_of(model.info.family).has_sinks
    )
