"""A short rehearsal on a fresh model: is what this program will show of it the truth?

Three tokens are read twice: as transformers does it, and by the way of this program (residual stream recorded, then from
its last state to logits with the blocks skipped). Only if both give the same logits is the model accepted; so a family
with an unusual build is refused with a plain word instead of shown wrongly.
"""

from dataclasses import dataclass

import torch
from torch import nn

from model_backend.capture import Readout, Recording, during, find_blocks, prepare_blocks
from model_backend.errors import UnsupportedArchitecture

# Both ways run the same operations on the same numbers, so they differ by rounding alone.
_TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.25, torch.float16: 0.05}


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Sizes as they were seen, by the names of ModelInfo; `n_outputs` is the length of a block's output tuple, 0 if bare."""

    sizes: dict[str, int]
    n_outputs: int


def examine(network: nn.Module, name: str) -> Anatomy:
    """Prepare the blocks of a network for capture and compare the two ways. Raises UnsupportedArchitecture."""
    config = network.config.get_text_config()
    if not getattr(config, "num_attention_heads", None) or not getattr(config, "num_hidden_layers", None):
        raise _refused(name, network, "it is no transformer with attention")
    blocks = find_blocks(network.base_model, config.num_hidden_layers)
    if blocks is None:
        raise _refused(name, network, "its layers are not in one list")
    prepare_blocks(blocks)
    device = next(network.parameters()).device
    ids = torch.tensor([[1, 2, 3]], device=device) % network.get_input_embeddings().weight.shape[0]
    recording = Recording()
    with during(recording):
        plain = network(ids, use_cache=False).logits[0].float()
    n_layers = len(blocks)
    shapes = {tuple(state.shape) for state in recording.residual}
    if len(recording.residual) != n_layers + 1 or len(shapes) != 1:
        raise _refused(name, network, "its residual stream could not be followed")
    backwards = recording.residual[-1].flip(0).to(device)
    with during(Readout(backwards[None], recording.n_outputs)):  # other ids, other order: neither may matter any more
        again = network(torch.zeros_like(ids), use_cache=False).logits[0].float().flip(0)
    if not torch.allclose(plain, again, atol=_TOLERANCE[network.dtype], rtol=1e-3):
        raise _refused(name, network, "its predictions do not follow from its last layer alone")
    if len(recording.attention) not in (0, n_layers):
        raise _refused(name, network, "only some of its layers use attention")
    return Anatomy(_sizes(network, config, recording, n_layers), recording.n_outputs)


def _sizes(network: nn.Module, config, recording: Recording, n_layers: int) -> dict[str, int]:
    """Counts from the tensors of the rehearsal; heads from the config where attention is not recorded."""
    d_model = recording.residual[0].shape[1]
    n_heads = config.num_attention_heads
    n_kv_heads, d_head = n_heads, d_model // n_heads
    if recording.attention:
        n_heads, _, d_head = recording.attention[0].query.shape
        n_kv_heads = recording.attention[0].key.shape[0]
    return dict(
        n_layers=n_layers, n_heads=n_heads, n_kv_heads=n_kv_heads, d_model=d_model, d_head=d_head,
        vocab_size=network.get_output_embeddings().weight.shape[0],
    )  # fmt: skip


def _refused(name: str, network: nn.Module, why: str) -> UnsupportedArchitecture:
    return UnsupportedArchitecture(
        f"{name} ({network.config.model_type}) cannot be looked into: {why}.",
        "Choose a model of a common family: GPT-2, Llama, Mistral, Qwen, Gemma, GPT-NeoX, BERT.",
        model_type=network.config.model_type,
    )
