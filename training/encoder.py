"""transformers' BertForMaskedLM in the form in which it is trained here: fast arithmetic, float32 parameters, no padding.

Devlin et al. 2019, "BERT", section 3: post-norm blocks, learnt positions, GELU, the vocabulary head tied to the embedding; no
dropout and no next-sentence task. Only the masked positions go through the head, and rows of one length need no mask.
"""

from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor, nn
from torch.func import functional_call
from transformers import BertConfig, BertForMaskedLM

from training.fast_ops import linear_cross_entropy, product_type
from training.optimiser import Matrix, Network


@dataclass(frozen=True)
class EncoderShape:
    """The sizes of an encoder; the words are those of `BertConfig`."""

    vocab_size: int = 8192
    max_position_embeddings: int = 128
    hidden_size: int = 256
    intermediate_size: int = 1024
    num_hidden_layers: int = 4
    num_attention_heads: int = 4

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def bert_config(shape: EncoderShape) -> BertConfig:
    """One token type, as a text here is never a pair. `eager` because the CPU's flash attention is slow on the way back."""
    options: dict[str, Any] = {
        **shape.as_dict(),
        **dict.fromkeys(("hidden_dropout_prob", "attention_probs_dropout_prob"), 0.0),
        "type_vocab_size": 1,
        "pad_token_id": 0,
        "attn_implementation": "eager",
    }
    return BertConfig(**options)


def fast(module: nn.Module, *inputs):
    """The module's output with every parameter cast once to the type to multiply in, so that gradients arrive in float32."""
    dtype = product_type(next(module.parameters()).device.type)
    cast = {name: parameter.to(dtype) for name, parameter in module.named_parameters()}
    return functional_call(module, cast, inputs)


class MaskedEncoder(Network):
    """`network` is the transformers model; `loss` trains all of it but the head's vocabulary bias, which stays zero."""

    def __init__(self, shape: EncoderShape):
        super().__init__()
        self.network = BertForMaskedLM(bert_config(shape))

    def loss(self, ids: Tensor, positions: Tensor, targets: Tensor) -> Tensor:
        """ids [row, pos]; positions [target] into the flattened ids, targets [target] -> scalar, nats per target"""
        hidden = fast(self.network.bert, ids).last_hidden_state  # [row, pos, d_model]
        picked = hidden.flatten(0, 1)[positions]  # [target, d_model]
        transformed = fast(self.network.cls.predictions.transform, picked)
        table = self.network.bert.embeddings.word_embeddings.weight
        return linear_cross_entropy(transformed, table.to(transformed.dtype), targets)

    def block_matrices(self) -> list[Matrix]:
        inside = (self.network.bert.encoder, self.network.cls.predictions.transform)
        return [Matrix(p, out_first=True) for part in inside for p in part.parameters() if p.ndim == 2]
