"""What a model is made of, as records: its stored tensors and what a token costs. Nothing here knows torch."""

from dataclasses import dataclass
from typing import Literal

WeightRole = Literal[
    "embedding", "position", "norm", "query", "key", "value", "qkv", "attention output", "attention other", "up", "gate",
    "gate and up", "down", "router", "mixer", "head", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weight:
    """One stored tensor: its name, what it does, `side` ("encoder", "decoder", "" outside the stacks), layer (-1 outside),
    shape as stored, parameters, share of the model's. `is_bias` says that it is added, not multiplied (norms' too).

    `tied_to` names the tensor with which it shares its numbers; then n_parameters and share are 0, so that sums are right.
    """

    name: str
    role: WeightRole
    side: str
    layer: int
    shape: tuple[int, ...]
    n_parameters: int
    share: float
    is_bias: bool
    tied_to: str = ""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a model is made of. `bytes_at` says how many bytes its parameters take at 32, 16, 8 and 4 bits.

    head_formula is "d_head = d_model / n_heads" filled in; is_head_split says whether the equation holds (some families
    choose d_head freely). flops_* are of one token read by the stack that predicts: flops_weights = 2 · the parameters it
    multiplies with (without embeddings, output matrix and experts that stand idle), flops_output = 2 · d_model · vocab,
    flops_attention = 2 · 2 · n_layers · d_attention · context (q · k and weights · v) for a token that sees `context` tokens.
    cache_bytes_per_token: keys and values kept for each token while writing, at the model's dtype; 0 where none are kept.
    """

    weights: tuple[Weight, ...]
    n_parameters: int
    n_embedding: int
    n_active: int
    bytes_at: dict[int, float]
    head_formula: str
    is_head_split: bool
    context: int
    flops_weights: int
    flops_output: int
    flops_attention: int
    flops_formula: str
    cache_bytes_per_token: int
    cache_formula: str

    @property
    def flops_per_token(self) -> int:
        """Floating-point operations for one token, a multiplication and an addition counted as two."""
        return self.flops_weights + self.flops_output + self.flops_attention
