"""A lean GPT-2 decoder for training: the parameters (names and shapes) of transformers' `GPT2LMHeadModel`, nothing else.

Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3: pre-norm blocks, learnt positions,
tanh-GELU, tied embeddings; no dropout. Matrices are [in, out] as in transformers' Conv1D. Parameters stay float32; each
forward pass casts every one of them once to the compute type, so gradients arrive in float32 as well.
"""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

from training.corpus import END
from training.fast_ops import causal_attention, gelu, linear_cross_entropy
from training.optimiser import Matrix, Network
from training.tokenizer import id_of, save_tokenizer


@dataclass(frozen=True)
class Shape:
    """The sizes of a decoder; the words are those of `GPT2Config`."""

    vocab_size: int = 8192
    n_positions: int = 256
    n_embd: int = 320
    n_layer: int = 6
    n_head: int = 5

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def _affine(n_in: int, n_out: int, std: float) -> nn.ParameterDict:
    return nn.ParameterDict(
        {"weight": nn.Parameter(torch.randn(n_in, n_out) * std), "bias": nn.Parameter(torch.zeros(n_out))}
    )


def _norm(width: int) -> nn.ParameterDict:
    return nn.ParameterDict({"weight": nn.Parameter(torch.ones(width)), "bias": nn.Parameter(torch.zeros(width))})


def _block(shape: Shape) -> nn.ModuleDict:
    d = shape.n_embd
    into_residual = 0.02 / math.sqrt(2 * shape.n_layer)  # GPT-2, section 2.3: residual layers scaled by 1/sqrt(N)
    return nn.ModuleDict(
        {
            "ln_1": _norm(d),
            "attn": nn.ModuleDict({"c_attn": _affine(d, 3 * d, 0.02), "c_proj": _affine(d, d, into_residual)}),
            "ln_2": _norm(d),
            "mlp": nn.ModuleDict({"c_fc": _affine(d, 4 * d, 0.02), "c_proj": _affine(4 * d, d, into_residual)}),
        }
    )


class Decoder(Network):
    """`forward(ids)` gives the final hidden states, `loss(ids, targets)` the mean cross-entropy in nats per token."""

    def __init__(self, shape: Shape, compute_dtype: torch.dtype = torch.float32, fused: bool = False):
        super().__init__()
        self.shape, self.compute_dtype, self.fused = shape, compute_dtype, fused
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.ParameterDict({"weight": nn.Parameter(torch.randn(shape.vocab_size, shape.n_embd) * 0.02)}),
                "wpe": nn.ParameterDict({"weight": nn.Parameter(torch.randn(shape.n_positions, shape.n_embd) * 0.01)}),
                "h": nn.ModuleList(_block(shape) for _ in range(shape.n_layer)),
                "ln_f": _norm(shape.n_embd),
            }
        )

    @property
    def _parts(self) -> Any:
        """The parameters; nn.ModuleDict does not say of which type they are."""
        return self.transformer

    def _norm(self, x: Tensor, p: nn.ParameterDict) -> Tensor:
        return F.layer_norm(x, (x.shape[-1],), p["weight"].to(x.dtype), p["bias"].to(x.dtype), eps=1e-5)

    @staticmethod
    def _affine(x: Tensor, p: nn.ParameterDict) -> Tensor:
        """[batch, pos, in] -> [batch, pos, out]"""
        flat = torch.addmm(p["bias"].to(x.dtype), x.reshape(-1, x.shape[-1]), p["weight"].to(x.dtype))
        return flat.view(*x.shape[:-1], -1)

    def forward(self, ids: Tensor) -> Tensor:
        """ids [batch, pos] -> hidden states after the final norm [batch, pos, d_model]"""
        parts = self._parts
        embedded = F.embedding(ids, parts["wte"]["weight"]) + parts["wpe"]["weight"][: ids.shape[1]]
        x = embedded.to(self.compute_dtype)
        for block in parts["h"]:
            qkv = self._affine(self._norm(x, block["ln_1"]), block["attn"]["c_attn"])
            x = x + self._affine(causal_attention(qkv, self.shape.n_head), block["attn"]["c_proj"])
            inner = self._affine(self._norm(x, block["ln_2"]), block["mlp"]["c_fc"])
            x = x + self._affine(gelu(inner, self.fused), block["mlp"]["c_proj"])
        return self._norm(x, parts["ln_f"])

    def logits(self, ids: Tensor) -> Tensor:
        """ids [batch, pos] -> [batch, pos, vocab]"""
        return self(ids) @ self._parts["wte"]["weight"].to(self.compute_dtype).t()

    def loss(self, ids: Tensor, targets: Tensor) -> Tensor:
        """ids, targets [batch, pos]; a negative target is not counted -> scalar, nats per token"""
        hidden = self(ids).flatten(0, 1)  # [batch·pos, d_model]
        return linear_cross_entropy(hidden, self._parts["wte"]["weight"].to(self.compute_dtype), targets.flatten())

    def block_matrices(self) -> list[Matrix]:
        """What Muon trains; query, key and value lie joined in one matrix."""
        inside = [(name, p) for name, p in self._parts["h"].named_parameters() if p.ndim == 2]
        return [Matrix(p, n_joined=3 if name.endswith("c_attn.weight") else 1) for name, p in inside]


# --- as transformers has it ----------------------------------------------------------------------------------------------


def gpt2_config(shape: Shape, end_id: int) -> GPT2Config:
    options: dict[str, Any] = {
        **shape.as_dict(),
        "activation_function": "gelu_pytorch_tanh",
        **dict.fromkeys(("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0),
        **dict.fromkeys(("bos_token_id", "eos_token_id"), end_id),
        "tie_word_embeddings": True,
    }
    return GPT2Config(**options)


def as_transformers(state: dict[str, torch.Tensor], shape: Shape, end_id: int) -> GPT2LMHeadModel:
    """transformers' model with the decoder's parameters, float32; every parameter must find its place."""
    model = GPT2LMHeadModel(gpt2_config(shape, end_id))
    report = model.load_state_dict(state, strict=False)
    if report.unexpected_keys or set(report.missing_keys) - {"lm_head.weight"}:
        raise ValueError(f"parameters do not match: {report}")
    model.tie_weights()
    return model.eval()


def export(state: dict[str, torch.Tensor], shape: Shape, tokenizer: Tokenizer, folder: Path) -> None:
    """Model, generation config and tokenizer into `folder`; float16 halves the file, its error is below training noise."""
    end_id = id_of(tokenizer, END)
    model = as_transformers(state, shape, end_id).half()
    model.generation_config = GenerationConfig(bos_token_id=end_id, eos_token_id=end_id)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder))
    (folder / "model.safetensors").chmod(0o644)
    save_tokenizer(tokenizer, folder, shape.n_positions)
