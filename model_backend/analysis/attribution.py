"""Who wrote a prediction: a logit as a sum over everything that was added to the residual stream.

Direct logit attribution (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"; Wang et al. 2022): the
stream at a position is the sum of the embedding and of what each attention and each MLP wrote there. With the scale of the
final norm frozen at its value in this pass, each part adds a number to a token's logit, and the numbers add up to it.
"""

from typing import Any

import numpy as np
import torch

from model_backend.analysis.block_parts import not_additive, parts_of
from model_backend.analysis.dissection import BlockRun, Call, bias, dissect, matrix
from model_backend.analysis.output_map import FrozenNorm, OutputMap, output_map
from model_backend.base.errors import BackendError, UnsupportedArchitecture
from model_backend.base.inside_records import LogitAttribution
from model_backend.engine.trace import Trace


def logit_attribution(trace: Trace, token_id: int, position: int = -1, other_id: int | None = None) -> LogitAttribution:
    """The parts of a token's logit at a position (of the target, in an encoder-decoder), or of the difference of two tokens'.

    Parts, in order: embedding (all that enters the first block), per layer attention, cross and mlp (mixer where the block
    is one piece), norm_bias (the final norm's offset), output_bias, soft_cap (what Gemma's cap takes away). The heads split
    the attention parts; their output bias belongs to none. Cost: one forward pass.

    Raises BackendError for models whose parts do not add up (BERT, BART: the stream is normalised with each addition) and
    for encoders, which fill gaps by more than one matrix.
    """
    info = trace.info
    for token in (token_id, token_id if other_id is None else other_id):
        if not 0 <= token < info.vocab_size:
            raise IndexError(f"token_id should be in 0 … {info.vocab_size - 1}, but is {token}")
    if token_id == other_id:
        raise ValueError("the two tokens should differ")
    position = trace.position_of(position)
    ways, norm = frozen_output(trace, position)
    last = trace.stream()[-1, position]
    signs = {token_id: 1.0} if other_id is None else {token_id: 1.0, other_id: -1.0}
    lines = {token: ways.affine(token) for token in signs}
    direction = sum(sign * lines[token][0] for token, sign in signs.items())
    constant = sum(sign * lines[token][1] for token, sign in signs.items())
    logit = sum(sign * float(trace.logits(position)[token]) for token, sign in signs.items())

    def effect(vectors: torch.Tensor) -> torch.Tensor:
        """[n, d_model] -> [n]: what vectors in the stream add to the logit."""
        return norm(vectors) @ direction

    rows = [("embedding", -1, float(effect(trace.stream()[0, position].float()[None])[0]))]
    by_head: dict[str, list[tuple[np.ndarray, float]]] = {"attention": [], "cross": []}
    for run in dissect(trace, range(info.n_decoder_layers), row=position):
        rows += _block_parts(run, info, effect, by_head)
    rows.append(("norm_bias", -1, float(norm.offset @ direction)))
    rows.append(("output_bias", -1, constant))
    if _has_soft_cap(trace):
        uncapped = float(effect(last.float()[None])[0] + norm.offset @ direction) + constant
        rows.append(("soft_cap", -1, logit - uncapped))
    kinds, layers, values = zip(*rows, strict=True)
    total = sum(values)
    return LogitAttribution(
        position=position, token_id=token_id, other_id=other_id, kinds=kinds, layers=np.array(layers, np.int64),
        values=np.array(values, np.float32), **_head_arrays(by_head), total=total, logit=logit, error=total - logit,
    )  # fmt: skip


def frozen_output(trace: Trace, position: int) -> tuple[OutputMap, FrozenNorm]:
    """The way to logits at a position, final norm frozen. Raises BackendError where a logit is no sum of parts."""
    info = trace.info
    if info.kind == "encoder":
        raise BackendError(
            "{name} fills gaps with one more layer that bends what it reads, so no logit splits into parts.",
            "Choose a model that writes on, such as bundled/storyteller.",
            name=info.name,
        )
    ways = output_map(trace.model)
    if ways.norm is None:
        raise not_additive(info.family)
    return ways, FrozenNorm.at(ways.norm, trace.stream()[-1, position])


def _block_parts(run: BlockRun, info, effect, by_head: dict) -> list[tuple[str, int, float]]:
    """(kind, layer, value) of each part of a block; what its heads gave goes into `by_head`."""
    parts = parts_of(run, info.family)
    rows = []
    for kind, (projection, part) in zip(("attention", "cross"), parts.attention, strict=False):
        rows.append((kind, run.layer, parts.scale * float(effect(part.output)[0])))
        heads, rest = head_vectors(projection, part, info.n_decoder_heads, info.family)
        by_head[kind].append((parts.scale * effect(heads).numpy(), parts.scale * float(effect(rest[None])[0])))
    for kind, part in (("mixer", parts.mixer), ("mlp", parts.mlp)):
        if part is not None:
            rows.append((kind, run.layer, parts.scale * float(effect(part.output)[0])))
    return rows


def head_vectors(projection: Call, part: Call, n_heads: int, family: str) -> tuple[torch.Tensor, torch.Tensor]:
    """(what each head adds [head, d_model], what belongs to no head [d_model]) of an attention at one position; together
    they are the part. Behind a norm (Gemma 2) its scale is frozen."""
    output = matrix(projection.module).cpu().double()
    mixed = projection.given[0].double()
    if len(mixed) % n_heads or len(mixed) != len(output):
        raise UnsupportedArchitecture(
            "What the single heads of {model_type} models write cannot be told apart.",
            "Choose a model of a common family: GPT-2, Llama, Qwen, Gemma.",
            model_type=family,
        )
    d_head = len(mixed) // n_heads
    heads = torch.einsum("hd,hdm->hm", mixed.reshape(n_heads, d_head), output.reshape(n_heads, d_head, -1))
    rest = bias(projection.module).cpu().double()
    if not torch.equal(part.output, projection.output):
        norm = FrozenNorm.at(part.module, projection.output[0])
        heads, rest = norm(heads), norm(rest[None])[0] + norm.offset
    return heads, rest


def _head_arrays(by_head: dict[str, list[tuple[np.ndarray, float]]]) -> dict[str, Any]:
    arrays = {}
    for kind, (heads, rest) in {"attention": ("heads", "head_bias"), "cross": ("cross_heads", "cross_bias")}.items():
        layers = by_head[kind]
        arrays[heads] = np.array([values for values, _ in layers], np.float32).reshape(len(layers), -1 if layers else 0)
        arrays[rest] = np.array([value for _, value in layers], np.float32)
    return arrays


def _has_soft_cap(trace: Trace) -> bool:
    return bool(getattr(trace.model.network.config.get_text_config(), "final_logit_softcapping", None))
