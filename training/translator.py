"""A lean Marian for training: transformers' own `MarianMTModel` holds the parameters, only the way forward is written anew.

Encoder-decoder of Vaswani et al. 2017 in Marian's shape (Junczys-Dowmunt et al. 2018): post-norm, sine positions, one embedding
for both sides and the head. Sentences are short, so a CPU spends its time on calls, not on arithmetic: the projections that
read the same states are joined into one product, and every weight is cast to the compute type once a step.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import MarianConfig, MarianMTModel

from training.fast_ops import linear_cross_entropy
from training.optimiser import Matrix, Network

PAD, END, UNKNOWN = 0, 1, 2  # ids in the tokenizer of this model


@dataclass(frozen=True)
class Shape:
    """The sizes of the translator; the words are those of `MarianConfig`."""

    vocab_size: int = 8192
    max_position_embeddings: int = 128
    d_model: int = 256
    n_layers: int = 3
    n_heads: int = 4
    ffn_dim: int = 1024

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    def config(self) -> MarianConfig:
        return MarianConfig(
            vocab_size=self.vocab_size,
            max_position_embeddings=self.max_position_embeddings,
            d_model=self.d_model,
            encoder_layers=self.n_layers,
            decoder_layers=self.n_layers,
            encoder_attention_heads=self.n_heads,
            decoder_attention_heads=self.n_heads,
            encoder_ffn_dim=self.ffn_dim,
            decoder_ffn_dim=self.ffn_dim,
            activation_function="relu",
            dropout=0.0,
            scale_embedding=True,
            share_encoder_decoder_embeddings=True,
            tie_word_embeddings=True,
            pad_token_id=PAD,
            eos_token_id=END,
            decoder_start_token_id=PAD,
            forced_eos_token_id=None,
        )


def _affine(x: Tensor, *layers: nn.Linear) -> tuple[Tensor, ...]:
    """The outputs of all `layers` on x [pos, in], by one product."""
    if len(layers) == 1:
        return (F.linear(x, layers[0].weight.to(x.dtype), layers[0].bias.to(x.dtype)),)
    weight = torch.cat([layer.weight for layer in layers]).to(x.dtype)
    bias = torch.cat([layer.bias for layer in layers]).to(x.dtype)
    return F.linear(x, weight, bias).chunk(len(layers), -1)


def _norm(x: Tensor, layer: nn.LayerNorm) -> Tensor:
    return F.layer_norm(x, layer.normalized_shape, layer.weight.to(x.dtype), layer.bias.to(x.dtype), layer.eps)


class Translator(Network):
    """`loss(source, target, labels)` of a batch of sentence pairs; `.marian` is what is saved."""

    def __init__(self, shape: Shape, compute_dtype: torch.dtype = torch.float32):
        super().__init__()
        self.shape, self.compute_dtype = shape, compute_dtype
        self.marian = MarianMTModel(shape.config())

    @property
    def _parts(self) -> Any:
        """transformers' encoder, decoder and embedding; it does not say of which type they are."""
        return self.marian.model

    def _embed(self, ids: Tensor) -> Tensor:
        """ids [batch, pos] -> scaled embeddings plus positions, [batch · pos, d_model]"""
        part = self._parts
        embedded = F.embedding(ids, part.shared.weight) * self.shape.d_model**0.5
        return (embedded + part.encoder.embed_positions.weight[: ids.shape[1]]).to(self.compute_dtype).flatten(0, 1)

    def _mix(self, qkv: Sequence[Tensor], batch: int, mask: Tensor | None) -> Tensor:
        """Attention of q over k, v [batch · pos, d_model]; `mask` is added to the scores [batch · head, query, key]."""
        heads, d = self.shape.n_heads, self.shape.d_model
        q, k, v = (
            t.reshape(batch, -1, heads, d // heads).transpose(1, 2).reshape(batch * heads, -1, d // heads) for t in qkv
        )
        scores = torch.bmm(q, k.transpose(1, 2)) * (d // heads) ** -0.5
        weights = (scores if mask is None else scores + mask).softmax(-1)
        return torch.bmm(weights, v).view(batch, heads, -1, d // heads).transpose(1, 2).reshape(-1, d)

    def _feed_forward(self, x: Tensor, block: Any) -> Tensor:
        (inner,) = _affine(x, block.fc1)
        (update,) = _affine(F.relu(inner), block.fc2)
        return _norm(x + update, block.final_layer_norm)

    def _encode(self, source: Tensor, mask: Tensor | None) -> Tensor:
        x, batch = self._embed(source), len(source)
        for block in self._parts.encoder.layers:
            own = block.self_attn
            (update,) = _affine(self._mix(_affine(x, own.q_proj, own.k_proj, own.v_proj), batch, mask), own.out_proj)
            x = self._feed_forward(_norm(x + update, block.self_attn_layer_norm), block)
        return x

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """source [batch, pos], target [batch, pos] with the start token in front -> decoder states [batch · pos, d_model]"""
        batch, n, blocks = len(target), target.shape[1], self._parts.decoder.layers
        filling = source == PAD
        mask = None
        if filling.any():
            mask = torch.zeros(source.shape, dtype=self.compute_dtype, device=source.device)
            mask = mask.masked_fill(filling, float("-inf"))[:, None].repeat_interleave(self.shape.n_heads, 0)
        states = self._encode(source, mask)
        causal = torch.full((n, n), float("-inf"), dtype=self.compute_dtype, device=source.device).triu(1)
        read = [layer for b in blocks for layer in (b.encoder_attn.k_proj, b.encoder_attn.v_proj)]
        keys_values = _affine(states, *read)
        x = self._embed(target)
        for i, block in enumerate(blocks):
            own, cross = block.self_attn, block.encoder_attn
            (update,) = _affine(self._mix(_affine(x, own.q_proj, own.k_proj, own.v_proj), batch, causal), own.out_proj)
            x = _norm(x + update, block.self_attn_layer_norm)
            (query,) = _affine(x, cross.q_proj)
            (update,) = _affine(self._mix((query, *keys_values[2 * i : 2 * i + 2]), batch, mask), cross.out_proj)
            x = self._feed_forward(_norm(x + update, block.encoder_attn_layer_norm), block)
        return x

    def loss(self, source: Tensor, target: Tensor, labels: Tensor) -> Tensor:
        """All [batch, pos]; a negative label is not counted -> scalar, nats per token"""
        counted = labels.flatten() >= 0
        hidden = self(source, target)[counted]
        weight = self._parts.shared.weight.to(self.compute_dtype)
        return linear_cross_entropy(hidden, weight, labels.flatten()[counted])

    def block_matrices(self) -> list[Matrix]:
        """The matrices inside the blocks, all [out, in]."""
        inside = (p for name, p in self.marian.named_parameters() if ".layers." in name and p.ndim == 2)
        return [Matrix(p, out_first=True) for p in inside]
