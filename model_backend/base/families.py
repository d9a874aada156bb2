"""What is known of each family of models: the one table, for every room and for the pictures.

Most of this program asks the model itself, its modules, buffers and config, and never its name. Here stands what cannot be asked:
what a test has to have compared first, and what a family does in its own way. A family that is not in the table opens too; of it
nothing is taken for granted. A family is named as in transformers, by the `model_type` of its config.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class OwnAttention:
    """Attention that a family computes by itself, outside transformers' attention interface.

    `method` of its attention module takes query, key and value first, or gives them (`gives`), each [text, head, pos, d_head].
    Scores are the dot products times the module's number `times`, or divided by `over`; empty is neither. `mask` is the module's
    buffer [1, 1, query, key] of who may look where; empty is causal.
    """

    method: str
    gives: bool = False
    times: str = ""
    over: str = ""
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """What is known of a family beyond what its models say themselves.

    - shares_pass: which texts may be read in one forward pass; only families that tests/unit/test_batching.py compares with plain
      transformers. "any length" needs a causal stack: padding on the right is then invisible. "" reads alone.
    - has_short_lens: the logit lens is a few lines of plain transformers, which know where the family keeps its final norm and its
      output matrix (`lens` in viz/programs/predicting.py).
    - padding_positions: rows of its table of positions that stand before position 0, and that its config counts as positions.
    - has_alibi: scores fall linearly with the distance, whatever its config says (Press et al. 2022, "Train Short, Test Long").
    - has_sinks: each head has a score more in its softmax, which belongs to no token (Xiao et al. 2024, "Attention Sinks").
    - own_attention: None where attention goes through transformers' interface.
    """

    name: str
    shares_pass: Literal["any length", "one length", ""] = ""
    has_short_lens: bool = False
    padding_positions: int = 0
    has_alibi: bool = False
    has_sinks: bool = False
    own_attention: OwnAttention | None = None


_ANY, _ONE = "any length", "one length"
_GPT_J = OwnAttention("_attn", over="scale_attn")  # in transformers 5.23; from 5.24 on through the interface

_FAMILIES = (
    # decoders
    Family("gpt2", _ANY, has_short_lens=True),
    Family("gpt_neox", _ANY, has_short_lens=True),
    Family("llama", _ANY, has_short_lens=True),
    Family("mistral", _ANY, has_short_lens=True),
    Family("qwen2", has_short_lens=True),
    Family("qwen3", _ANY, has_short_lens=True),
    Family("gemma", has_short_lens=True),
    Family("smollm3", has_short_lens=True),
    Family("olmo2", has_short_lens=True),
    Family("gemma2", _ANY),  # caps its logits
    Family("gemma3_text", _ANY),
    Family("phi3", _ANY),
    Family("mixtral", _ANY),
    Family("opt", _ANY),
    Family("cohere", _ANY),  # scales its logits
    Family("gpt_oss", _ANY, has_sinks=True),
    Family("mamba", _ANY),  # a running state looks back alone, as a causal mask does
    Family("gptj", _ANY, own_attention=_GPT_J),
    Family("codegen", own_attention=_GPT_J),
    Family("gpt_neo", _ANY, own_attention=OwnAttention("_attn", mask="bias")),  # its scores are not divided
    Family("gpt_neox_japanese", own_attention=OwnAttention("_attn")),
    Family("bloom", _ANY, has_alibi=True, own_attention=OwnAttention("_reshape", gives=True, times="inv_norm_factor")),
    Family("mpt", has_alibi=True),
    # encoders: every position sees all others, padding too
    Family("bert", _ONE, has_short_lens=True),
    Family("distilbert", _ONE),
    Family("modernbert", _ONE),
    Family("roberta", _ONE, padding_positions=2),
    Family("xlm-roberta", padding_positions=2),
    Family("xlm-roberta-xl", padding_positions=2),
    Family("camembert", padding_positions=2),
    # encoder-decoders
    Family("t5", _ONE),
    Family("bart", _ONE),
    Family("marian", _ONE, has_short_lens=True),
)

FAMILIES: Mapping[str, Family] = MappingProxyType({family.name: family for family in _FAMILIES})


def family_of(model_type: str) -> Family:
    """What is known of a family; of one that is not in the table, nothing."""
    return FAMILIES.get(model_type) or Family(model_type)


# What families call the same size in their config, the most common name first.
LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers")
DECODER_LAYERS = ("num_decoder_layers", "decoder_layers")
WIDTH = ("hidden_size", "n_embd", "d_model", "dim")
HEADS = ("num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads")
HEAD_WIDTH = ("head_dim", "d_kv")
MLP_WIDTH = ("intermediate_size", "n_inner", "ffn_dim", "d_ff", "ffn_hidden_size", "encoder_ffn_dim", "hidden_dim")
POSITIONS = ("max_position_embeddings", "seq_length", "n_positions")
EXPERTS = ("num_local_experts", "num_experts", "n_routed_experts")
