"""How a model knows where a token stands: read off its own modules and buffers, never guessed from its name.

- vectors added to the tokens', learnt (GPT-2, BERT, OPT) or sine waves (Marian);
- rotary angles that turn queries and keys (Llama, GPT-NeoX, GPT-J, ModernBERT);
- linear biases on the scores (ALiBi: BLOOM, MPT, Falcon) or learnt ones by distance (T5);
- nothing of the kind (Mamba, which reads in order anyway).
"""

import inspect
import math
from typing import Any

import numpy as np
import torch
from torch import nn

from model_backend.base.families import family_of
from model_backend.base.position_records import BucketBias, LinearBias, PositionEncoding, PositionVectors, RotaryAngles
from model_backend.engine.model import Model

_NAMES = ("wpe", "position_embeddings", "embed_positions", "position_embedding", "embed_position")


def position_encodings(model: Model, n_distances: int = 128) -> tuple[PositionEncoding, ...]:
    """What this model has, in the order of its modules; empty if it has none.

    Of an encoder-decoder both sides are there ("encoder", "decoder"); of other models `side` is their kind. n_distances is how
    far T5's biases are worked out, to either side.
    """
    if model.info.kind == "encoder-decoder":
        stacks = {"encoder": model.network.get_encoder(), "decoder": model.network.get_decoder()}
    else:
        stacks = {model.info.kind: model.network.base_model}
    return tuple(found for side, stack in stacks.items() for found in _of_stack(model, side, stack, n_distances))


def _of_stack(model: Model, side: str, stack: nn.Module, n_distances: int) -> list[PositionEncoding]:
    config = model.network.config.get_text_config()
    found: list[PositionEncoding] = []
    for name, module in stack.named_modules():
        if isinstance(module, nn.Embedding) and name.rpartition(".")[2] in _NAMES:
            found.append(_vectors(model, side, module))
        elif getattr(module, "has_relative_attention_bias", False):
            found.append(_buckets(side, module, n_distances))
        elif not found:
            found += _rotary(model, side, module, config)
    if family_of(model.info.family).has_alibi or getattr(config, "alibi", False):
        found.append(LinearBias(side, alibi_slopes(model.info.n_heads)))
    return found


def _vectors(model: Model, side: str, table: nn.Embedding) -> PositionVectors:
    """The rows that positions use: some tables keep rows before position 0 (OPT, BART, RoBERTa: 2)."""
    matrix = table.weight.detach().float().cpu().numpy()
    offset = max(0, len(matrix) - model.info.max_positions)
    is_computed = "Sinusoidal" in type(table).__name__ or getattr(model.network.config, "sinusoidal_pos_embds", False)
    return PositionVectors("sinusoidal" if is_computed else "learned", side, matrix[offset:].copy(), offset)


def _rotary(model: Model, side: str, module: nn.Module, config) -> list[RotaryAngles]:
    """The frequencies that a rotary module holds: one set, one for each kind of layer (Gemma 3, ModernBERT), or GPT-J's table."""
    buffers = {name: buffer for name, buffer in module.named_buffers(recurse=False) if name.endswith("inv_freq")}
    found = []
    for name, buffer in buffers.items():
        if "original" in name:
            continue
        layer_type = name.removesuffix("inv_freq").rstrip("_")
        frequencies = buffer.detach().float().cpu().numpy().copy()
        found.append(
            _angles(model, side, frequencies, _pairing(module, layer_type), layer_type, _rope_type(config, layer_type))
        )
    table = getattr(module, "embed_positions", None)
    if not found and torch.is_tensor(table) and getattr(config, "rotary_dim", None):
        waves = table.detach().float().cpu().numpy()  # [pos, 2 · frequency]: sines, then cosines; row 1 is one step
        sines, cosines = np.split(waves.reshape(-1, waves.shape[-1])[1], 2)
        found.append(_angles(model, side, np.arctan2(sines, cosines), "neighbours", "", "default"))
    return found


def _angles(model, side, frequencies, pairing, layer_type, rope_type) -> RotaryAngles:
    return RotaryAngles(
        side=side, frequencies=frequencies, n_rotated=2 * len(frequencies), d_head=model.info.d_head, pairing=pairing,
        layer_type=layer_type, rope_type=rope_type,
    )  # fmt: skip


def _pairing(module: nn.Module, layer_type: str) -> str:
    """Which numbers turn together, from how the module lays out its cosines: the angles twice over, or each twice in a row."""
    options = {"layer_type": layer_type} if "layer_type" in inspect.signature(module.forward).parameters else {}
    positions = torch.arange(3)[None]
    like = next(module.buffers())
    with torch.inference_mode():
        output = module.forward(torch.zeros(1, device=like.device), positions.to(like.device), **options)
    if not isinstance(output, tuple):
        return ""  # complex numbers (DeepSeek, Llama 4)
    cosines = output[0][0]
    half = cosines.shape[-1] // 2
    if torch.equal(cosines[:, :half], cosines[:, half:]):
        return "halves"
    return "neighbours" if torch.equal(cosines[:, ::2], cosines[:, 1::2]) else ""


def _rope_type(config, layer_type: str) -> str:
    parameters = getattr(config, "rope_parameters", None) or {}
    parameters = parameters.get(layer_type, parameters)
    return parameters.get("rope_type", "default")


def alibi_slopes(n_heads: int) -> np.ndarray:
    """[head]: 2^(−8/n), its square, … for n a power of two; other counts take every second slope of the next power.

    >>> alibi_slopes(4).tolist()
    [0.25, 0.0625, 0.015625, 0.00390625]
    """
    n = 2 ** math.floor(math.log2(n_heads))
    slopes = [2 ** (-8 * i / n) for i in range(1, n + 1)]
    slopes += [2 ** (-4 * i / n) for i in range(1, 2 * (n_heads - n), 2)]
    return np.array(slopes, np.float32)


def _buckets(side: str, attention: Any, n_distances: int) -> BucketBias:
    """T5's table and which of its buckets each distance falls into, by the model's own function."""
    distances = torch.arange(-n_distances, n_distances + 1)
    bucket_of = attention._relative_position_bucket(
        distances, bidirectional=side == "encoder", num_buckets=attention.relative_attention_num_buckets,
        max_distance=attention.relative_attention_max_distance,
    )  # fmt: skip
    bias = attention.relative_attention_bias.weight.detach().float().cpu().numpy().T.copy()  # [head, bucket]
    buckets = bucket_of.numpy().astype(np.int64)
    return BucketBias(side, bias, distances.numpy().astype(np.int64), buckets, bias[:, buckets])
