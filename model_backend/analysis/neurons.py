"""The neurons of an MLP: which stand out at a position, and which tokens each speaks for.

A neuron's output is its activation times one row of the MLP's output matrix, added to the residual stream (Geva et al. 2022,
"Transformer Feed-Forward Layers Build Predictions by Promoting Concepts in the Vocabulary Space"). Read through the final
norm (its weight folded in, its scale frozen at this position) and the output matrix, it raises some logits and lowers others.
"""

from typing import Literal

import torch

from model_backend.analysis.attribution import frozen_output
from model_backend.analysis.block_parts import Parts, parts_of
from model_backend.analysis.dissection import BlockRun, Call, dissect, is_linear, matrix
from model_backend.analysis.output_map import FrozenNorm
from model_backend.base.errors import BackendError
from model_backend.base.inside_records import Neurons
from model_backend.engine.trace import Trace


def neurons(
    trace: Trace,
    layer: int,
    position: int = -1,
    n: int = 10,
    k: int = 8,
    order: Literal["activation", "written", "token"] = "activation",
    token_id: int | None = None,
) -> Neurons:
    """The n neurons of one layer that stand out at a position, each with the k tokens it raises and lowers most.

    order: by the size of the activation, by the length of what is written, or by the size of the effect on `token_id`. Of
    an encoder-decoder it is the decoder. Raises BackendError for a layer without one MLP (mixture of experts, Mamba), and
    where no logit is a sum of parts (see `logit_attribution`).
    """
    if not 0 <= layer < trace.info.n_decoder_layers:
        raise IndexError(f"layer should be in 0 … {trace.info.n_decoder_layers - 1}, but is {layer}")
    if order == "token" and token_id is None:
        raise ValueError("order 'token' needs a token_id")
    position = trace.position_of(position)
    ways, norm = frozen_output(trace, position)
    (run,) = dissect(trace, [layer], row=position)
    parts = parts_of(run, trace.info.family)
    down = output_projection(run, parts, trace.info.family)
    activation = down.given[0]
    rows = matrix(down.module).cpu()
    if parts.mlp is not None and not torch.equal(down.output, parts.mlp.output):  # a norm behind the MLP (Gemma 2)
        rows = FrozenNorm.at(parts.mlp.module, down.output[0])(rows).float()
    rows = rows * parts.scale
    written = activation.abs() * rows.norm(dim=1)
    effect = torch.full_like(activation, torch.nan)
    if token_id is not None:
        effect = activation * (rows @ norm.back(ways.affine(token_id)[0]).float())
    by = {"activation": activation, "written": written, "token": effect}[order]
    index = by.abs().topk(min(n, len(activation))).indices
    logits = ways.linear(norm(rows[index] * activation[index, None]))
    up, low = logits.topk(min(k, logits.shape[1])), logits.topk(min(k, logits.shape[1]), largest=False)
    return Neurons(
        layer=layer, position=position, n_neurons=len(activation), order=order, index=index.numpy(),
        activation=activation[index].numpy(), written=written[index].numpy(), token_effect=effect[index].numpy(),
        promoted_ids=up.indices.numpy(), promoted=up.values.numpy(),
        suppressed_ids=low.indices.numpy(), suppressed=low.values.numpy(),
    )  # fmt: skip


def output_projection(run: BlockRun, parts: Parts, family: str) -> Call:
    """The call of the MLP's output matrix: the last linear module whose output is the MLP's part, or enters a norm that
    gives it."""
    if parts.mlp is None:
        raise BackendError(
            "The blocks of {family} models have no MLP.",
            "For neurons choose a transformer, such as bundled/storyteller.",
            family=family,
        )
    for call in reversed(run.calls):
        if is_linear(call.module) and any(
            other.numel() and other.shape == call.output.shape and torch.equal(call.output, other)
            for other in (parts.mlp.output, parts.mlp.given)
        ):  # fmt: skip
            return call
    raise BackendError(
        "The layers of {family} models hold several MLPs, the experts, and choose among them for each token.",
        "Neurons are shown for models with one MLP a layer, such as bundled/storyteller.",
        family=family,
    )
