"""The modes that put given residual vectors in the place of what blocks would compute.

What remains of a pass is then the model's own way from the residual stream to logits (final norm, output matrix, bias, scale,
soft cap), in its own code.
"""

import torch
from transformers.modeling_outputs import BaseModelOutput

from model_backend.base.records import ModelKind
from model_backend.engine.passes import BlockCall, PassMode


class Readout(PassMode):
    """No block runs: `hidden` [1, pos, d_model] leaves each of them."""

    def __init__(self, hidden: torch.Tensor) -> None:
        self.hidden = hidden

    def block(self, call: BlockCall) -> torch.Tensor:
        """Stand in for a block without running it."""
        return self.hidden


class Replay(Readout):
    """Block number `layer` runs alone, on `hidden` [1, pos, d_model], for what transformers itself returns of it."""

    def __init__(self, hidden: torch.Tensor, layer: int) -> None:
        super().__init__(hidden)
        self.layer = layer

    def block(self, call: BlockCall) -> torch.Tensor:
        """Run the block that is wanted, stand in for the others."""
        return call.run(self.hidden) if call.layer == self.layer else self.hidden


def standing_in(kind: ModelKind, hidden: torch.Tensor) -> dict[str, object]:
    """The input of a pass whose blocks are skipped in favour of `hidden` [n, d_model]: as many ids as there are rows, and
    for an encoder-decoder something in the place of what its encoder would say."""
    ids = torch.zeros(1, len(hidden), dtype=torch.long, device=hidden.device)
    if kind != "encoder-decoder":
        return {"input_ids": ids}
    return {"decoder_input_ids": ids, "encoder_outputs": BaseModelOutput(last_hidden_state=hidden[None])}
