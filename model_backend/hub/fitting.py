"""Does a model fit into the memory that is free, and how much does it need?

What is counted: the weights in the number format that they get here, what the trace of one long text keeps (the residual
stream before, between and after the blocks, and the queries and keys of each block), and a reserve for the work itself.
"""

import math
from dataclasses import dataclass
from typing import Literal

from model_backend.base.errors import ModelUnavailable
from model_backend.base.families import DECODER_LAYERS, HEAD_WIDTH, HEADS, LAYERS, WIDTH
from model_backend.base.machine import free_bytes

BYTES_OF = {"float32": 4, "bfloat16": 2, "float16": 2}
QUANTIZED_BYTES = {"8-bit": 1.05, "4-bit": 0.55}  # of a number, its share of the scales included
TRACED_TOKENS = 512  # a long prompt; a trace of more is asked for only after the model is open
WORK_SHARE, WORK_BYTES = 0.05, 100_000_000  # inner states of a forward pass and the tensors in flight while loading
TIGHT_SHARE = 0.8  # of the free memory: beyond it other programs begin to suffer


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model fits: `free_bytes` is None, and the verdict "unknown", where the system does not say."""

    needed_bytes: int
    free_bytes: int | None
    verdict: Literal["fits", "tight", "too_big", "unknown"]
    device: str


def numbers_per_token(config: dict) -> int:
    """How many numbers a trace keeps for each token, from the sizes in a config.json under any of their usual names.

    A stack of L blocks keeps (L + 1) · d_model of the residual stream and L · (heads + key-value heads) · d_head queries and
    keys; cross-attention in a decoder keeps as many queries and keys again. 0 if the config does not give the sizes.
    """
    config = config.get("text_config") or config
    layers, width = _first(config, LAYERS), _first(config, WIDTH)
    if not layers or not width:
        return 0
    heads = _first(config, HEADS)
    d_head = _first(config, HEAD_WIDTH) or (width // heads if heads else 0)
    attended = (heads + (config.get("num_key_value_heads") or heads)) * d_head
    kept = (layers + 1) * width + layers * attended
    if config.get("is_encoder_decoder"):
        decoder_layers = _first(config, DECODER_LAYERS) or layers
        kept += (decoder_layers + 1) * width + 2 * decoder_layers * attended
    return kept


def _first(config: dict, names: tuple[str, ...]) -> int:
    return next((config[name] for name in names if isinstance(config.get(name), int)), 0)


def bytes_needed(
    n_parameters: int,
    per_token: int,
    max_positions: int,
    dtype: str,
    quantization: str | None = None,
    n_whole: int | None = None,
) -> int:
    """Bytes to hold a model of that many parameters and the trace of a long text, and to work with them.

    Of `n_whole` numbers quantization keeps the format: the embeddings, and what else is no matrix of a block. Where that is
    not known, before a download, a quarter is assumed, which is more than in most models of a billion numbers and above.
    """
    width = BYTES_OF[dtype]
    weights = n_parameters * width
    if quantization is not None:
        whole = n_parameters / 4 if n_whole is None else n_whole
        weights = math.ceil(whole * width + (n_parameters - whole) * QUANTIZED_BYTES[quantization])
    trace = per_token * min(TRACED_TOKENS, max_positions or TRACED_TOKENS) * width
    return weights + trace + math.ceil(weights * WORK_SHARE) + WORK_BYTES


def memory_needed(entry, device: str = "cpu", dtype: str | None = None, quantization: str | None = None) -> int:
    """Bytes that a CatalogueEntry needs in the number format that it gets on that device."""
    dtype = dtype or default_dtype(device)
    return bytes_needed(entry.n_parameters, entry.numbers_per_token, entry.max_positions, dtype, quantization)


def default_dtype(device: str) -> str:
    """float32 on the CPU, where numbers are shown exactly, and bfloat16 elsewhere."""
    return "float32" if device == "cpu" else "bfloat16"


def fits(
    entry, device: str = "cpu", dtype: str | None = None, free: int | None = None, quantization: str | None = None
) -> Fit:
    """Whether a CatalogueEntry fits there now; `free` in bytes, by itself what the machine has."""
    needed = memory_needed(entry, device, dtype, quantization)
    return judge(needed, free_bytes(device) if free is None else free, device)


def judge(needed: int, free: int | None, device: str) -> Fit:
    """needed and free bytes as a Fit."""
    if free is None:
        verdict = "unknown"
    elif needed > free:
        verdict = "too_big"
    else:
        verdict = "tight" if needed > TIGHT_SHARE * free else "fits"
    return Fit(needed, free, verdict, device)


def refuse(name: str, fit: Fit) -> None:
    """Raise ModelUnavailable with reason "too_big" and both numbers, if that is the verdict."""
    if fit.verdict == "too_big":
        raise ModelUnavailable(
            "{name} needs {needed} of memory, and {free} are free.",
            "Choose a smaller model, or close other programs.",
            reason="too_big", name=name, needed_bytes=fit.needed_bytes, free_bytes=fit.free_bytes, device=fit.device,
            needed=size(fit.needed_bytes), free=size(fit.free_bytes or 0),
        )  # fmt: skip


def size(n_bytes: int) -> str:
    """Bytes in the unit that suits them: "548 MB", "2.5 GB"."""
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"
