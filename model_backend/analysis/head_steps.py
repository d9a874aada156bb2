"""One query of one head, worked through with this text's numbers, from its vectors to the residual stream."""

import numpy as np
import torch

from model_backend.analysis.block_parts import parts_of
from model_backend.analysis.dissection import AttentionRun, BlockRun, Call, bias, dissect, matrix
from model_backend.analysis.head_maps import attention_of, heads_of
from model_backend.base.errors import BackendError, UnsupportedArchitecture
from model_backend.base.families import OwnAttention, family_of
from model_backend.base.inside_records import HeadSteps
from model_backend.base.records import AttentionKind
from model_backend.engine.attention import AttentionRecord, additive_mask
from model_backend.engine.bands import RelativeBias
from model_backend.engine.trace import Trace


def head_steps(trace: Trace, layer: int, head: int, position: int = -1, kind: AttentionKind | None = None) -> HeadSteps:
    """The arithmetic of head `head` for the query at `position`; see HeadSteps for each stage.

    The values, which a trace does not keep, come from one layer run again. Raises NoAttention, and
    UnsupportedArchitecture for a family whose weights or output do not follow from these steps.
    """
    kind = trace.kind_of(kind)
    weights = trace.attention(layer, head, kind)  # checks layer and head too
    n_query = len(weights)
    if not -n_query <= position < n_query:
        raise IndexError(f"position should be in 0 … {n_query - 1}, but is {position}")
    position %= n_query
    (run,) = dissect(trace, [layer], "decoder" if kind == "cross" else kind)
    attention = attention_of(run, kind, trace.info.family)
    n_heads, projection = heads_of(trace, attention, kind)
    record = trace.attention_record(layer, kind)
    scoring = _recorded(record, head, position) if record else _own(trace, run, attention, head, position)
    n_sharing = n_heads // len(attention.value)
    value = attention.value[head // n_sharing]
    steps = _scores(scoring, torch.from_numpy(weights[position].copy()), run.dtype, trace.info.family)
    weighted = steps["weights"][:, None] * value
    mixed = weighted.sum(0)
    outputs = _outputs(projection, run, head, mixed, position, trace.info.family)
    return HeadSteps(
        kind=kind, layer=layer, head=head, kv_head=head // n_sharing, n_sharing=n_sharing, position=position,
        scale=scoring["scale"], soft_cap=scoring["soft_cap"], sink=scoring["sink"],
        sink_weight=float(1 - steps["weights"].sum()) if scoring["sink"] is not None else 0.0,
        error=outputs.pop("error"),
        **{name: np.ascontiguousarray(tensor.numpy()) for name, tensor in (
            steps | outputs | {"value": value, "weighted": weighted, "mixed": mixed}
        ).items()},
    )  # fmt: skip


def _recorded(record: AttentionRecord, head: int, position: int) -> dict:
    """What goes into the scores, from the queries and keys of a trace."""
    query, key = record.query.float(), record.key.float()
    n_query, n_key = query.shape[1], key.shape[1]
    mask = additive_mask(record.mask, record.causal, n_query, n_key, "cpu")
    added = torch.zeros(n_key)
    visible = torch.ones(n_key, dtype=torch.bool)
    if mask is not None:
        row = mask[0, 0, position].float()
        visible = row > torch.finfo(torch.float32).min / 2
        added = torch.where(visible, row, added)
    if (relative := record.extras.get("position_bias")) is not None:
        relative = relative.expand() if isinstance(relative, RelativeBias) else relative
        added = added + relative[0, head, position].float()
    sinks = record.extras.get("s_aux")
    scale = record.scaling if record.scaling is not None else query.shape[-1] ** -0.5
    return dict(
        query=query[head, position], key=key[head // (len(query) // len(key))], scale=float(scale),
        soft_cap=record.extras.get("softcap"), position_bias=added, visible=visible,
        sink=None if sinks is None else float(sinks.reshape(-1)[head]),
    )  # fmt: skip


def _own(trace: Trace, run: BlockRun, attention: AttentionRun, head: int, position: int) -> dict:
    """The same for the families that do their attention by themselves; what BLOOM's blocks are given as `alibi` is added."""
    own = family_of(trace.info.family).own_attention or OwnAttention("")
    module = run.modules[attention.module_name]
    scale = getattr(module, own.times) if own.times else 1 / float(getattr(module, own.over)) if own.over else 1.0
    n_key = attention.key.shape[1]
    slopes = run.kwargs.get("alibi")
    added = torch.zeros(n_key) if slopes is None else slopes.reshape(-1, n_key)[head].float().cpu()
    mask = getattr(module, own.mask) if own.mask else None
    visible = torch.arange(n_key) <= position if mask is None else mask[0, 0, position, :n_key].cpu()
    return dict(
        query=attention.query[head, position], key=attention.key[head], scale=float(scale), soft_cap=None,
        position_bias=added, visible=visible, sink=None,
    )  # fmt: skip


def _scores(given: dict, expected: torch.Tensor, dtype: torch.dtype, family: str) -> dict[str, torch.Tensor]:
    """The stages from dot products to weights; they must be the weights that the model's own arithmetic gives."""
    query, key, cap = given["query"], given["key"], given["soft_cap"]
    dots = key @ query
    scaled = dots * given["scale"]
    capped = scaled if cap is None else cap * torch.tanh(scaled / cap)
    scores = torch.where(given["visible"], capped + given["position_bias"], -torch.inf)
    competing = scores if given["sink"] is None else torch.cat([scores, torch.tensor([given["sink"]])])
    weights = competing.softmax(-1)[: len(scores)]
    if not torch.allclose(weights, expected, atol=1e-4 if dtype == torch.float32 else 2e-2, rtol=1e-3):
        raise UnsupportedArchitecture(
            "The attention of {model_type} models does not follow the usual steps.",
            "Its attention weights are shown all the same.",
            model_type=family,
        )
    return dict(
        query=query, key=key, dots=dots, scaled=scaled, capped=capped, position_bias=given["position_bias"],
        visible=given["visible"], scores=scores, weights=weights,
    )  # fmt: skip


def _outputs(projection: Call, run: BlockRun, head: int, mixed: torch.Tensor, position: int, family: str) -> dict:
    """From the weighted sum through W_O to the residual stream."""
    d_head = len(mixed)
    output, own = matrix(projection.module).cpu(), slice(head * d_head, (head + 1) * d_head)
    heads = projection.given[position]
    written = mixed @ output[own]
    others = heads @ output - heads[own] @ output[own]
    output_bias = bias(projection.module).cpu()
    total = written + others + output_bias
    actual = projection.output[position]
    error = float((total - actual).abs().max())
    if error > (1e-3 if run.dtype == torch.float32 else 5e-2) * max(1.0, float(actual.abs().max())):
        raise UnsupportedArchitecture(
            "What the heads of {model_type} models mix is changed before it is written.",
            "Its attention weights are shown all the same.",
            model_type=family,
        )
    try:
        parts = parts_of(run, family)
        added = next(part for of, part in parts.attention if of is projection).output[position] * parts.scale
    except BackendError:  # the stream is normalised as a whole; what is written is no part of a sum
        added = torch.full_like(actual, torch.nan)
    return dict(
        written=written, other_heads=others, output_bias=output_bias, attention_output=total, added=added,
        residual=run.before[position], error=error,
    )  # fmt: skip
