"""What a model is made of: every stored tensor with its role and size, and what one token costs."""

import math
import re
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from model_backend.analysis.dissection import is_linear
from model_backend.base.anatomy_records import Anatomy, Weight, WeightRole
from model_backend.base.families import EXPERTS
from model_backend.base.records import ModelInfo
from model_backend.base.sentences import Sentence
from model_backend.engine.model import Model
from model_backend.engine.network import embedding_weight, output_weight
from model_backend.engine.passes import prepared_blocks

BITS = (32, 16, 8, 4)

_ATTENTION = re.compile(r"attn|attention", re.IGNORECASE)
_CROSS = re.compile(r"EncDecAttention|encoder_attn|crossattention")
_IN_ATTENTION: dict[WeightRole, str] = {
    "query": "q_proj query q q_lin",
    "key": "k_proj key k k_lin",
    "value": "v_proj value v v_lin",
    "qkv": "c_attn query_key_value qkv_proj Wqkv",
    "attention output": "o_proj out_proj c_proj dense o out_lin Wo",
}
_IN_MLP: dict[WeightRole, str] = {
    "up": "up_proj c_fc fc1 fc_in dense_h_to_4h wi wi_1 lin1 w3",
    "gate": "gate_proj wi_0 w1",
    "gate and up": "gate_up_proj Wi",
    "down": "down_proj c_proj fc2 fc_out dense_4h_to_h wo lin2 w2 Wo",
    "router": "router gate",
}


def anatomy(model: Model, context: int | None = None) -> Anatomy:
    """The parts of a model, and the cost of one token that sees `context` tokens (None: as many as the model can).

    FLOPs as in Kaplan et al. 2020, "Scaling Laws for Neural Language Models", section 2.1: two for each parameter that is
    multiplied, and the products with the context, which Table 1 counts for q · k alone; here also for weights · v.
    """
    info, network = model.info, model.network
    context = info.max_positions if context is None else context
    weights = stored_weights(network, info)
    n_embedding = sum(w.n_parameters for w in weights if w.role in ("embedding", "position"))
    output, (vocab_size, width) = network.get_output_embeddings(), output_weight(network).shape
    output_name = next(name for name, module in network.named_modules() if module is output)
    n_embedding += sum(w.n_parameters for w in weights if w.name == f"{output_name}.weight")
    stack = "decoder" if info.kind == "encoder-decoder" else info.kind
    multiplied = [w for w in weights if _is_multiplied(w, stack, f"{output_name}.weight")]
    share_active = _active_share(network)
    idle = {w.name: w.n_parameters * (1 - share_active) for w in weights if ".experts." in w.name and not w.tied_to}
    flops_weights = round(2 * sum(w.n_parameters - idle.get(w.name, 0) for w in multiplied))
    d_attention = _attention_width(network, info)
    n_attentions = info.n_decoder_layers * (2 if info.kind == "encoder-decoder" else 1) if info.n_heads else 0
    cache_bytes, cache_formula = _cache(info, d_attention)
    return Anatomy(
        weights=weights, n_parameters=info.n_parameters, n_embedding=n_embedding,
        n_active=round(info.n_parameters - sum(idle.values())),
        bytes_at={bits: info.n_parameters * bits / 8 for bits in BITS},
        **_heads(info), context=context, flops_weights=flops_weights,
        flops_output=2 * width * vocab_size,
        flops_attention=2 * 2 * n_attentions * d_attention * context,
        flops_formula=(
            f"2 · {flops_weights // 2:,} + 2 · {width:,} · {vocab_size:,}"
            f" + 2 · 2 · {n_attentions} · {d_attention:,} · {context:,}"
        ),
        cache_bytes_per_token=cache_bytes, cache_formula=cache_formula,
    )  # fmt: skip


def stored_weights(network: PreTrainedModel, info: ModelInfo) -> tuple[Weight, ...]:
    """Every tensor of a network in stored order; one that shares its numbers with an earlier one says with which."""
    places = {f"{name}.": (place.side, place.layer) for name, _, place in prepared_blocks(network)}
    embedding, output = embedding_weight(network), output_weight(network)
    first_names: dict[int, str] = {}
    weights = []
    for name, parameter in network.named_parameters(remove_duplicate=False):
        path, _, last = name.rpartition(".")
        owner: Any = network.get_submodule(path)
        side, layer = next((place for prefix, place in places.items() if name.startswith(prefix)), ("", -1))
        tied_to = first_names.setdefault(id(parameter), name)
        if parameter is embedding and tied_to == name:
            role = "embedding"
        else:
            role = _role(name, owner, layer >= 0, is_output=parameter is output)
        shape = tuple(parameter.shape)
        if parameter.dtype == torch.uint8:  # 4-bit: two numbers in a byte, in an order of their own
            shape = (owner.out_features, owner.in_features)
        count = math.prod(shape) if tied_to == name else 0
        weights.append(
            Weight(
                name=name, role=role, side=side, layer=layer, shape=shape, n_parameters=count,
                share=count / info.n_parameters, is_bias=last.endswith("bias"), tied_to="" if tied_to == name else tied_to,
            )
        )  # fmt: skip
    return tuple(weights)


def _role(name: str, owner: nn.Module, is_in_block: bool, is_output: bool) -> WeightRole:
    """What a tensor does, by the names that the families use."""
    *path, last = name.split(".")
    leaf = path[-1] if last in ("weight", "bias") else last.removesuffix("_bias")
    if "norm" in type(owner).__name__.lower():
        return "norm"
    if "position" in name or leaf in ("wpe", "relative_attention_bias"):
        return "position"
    if not is_in_block:
        if (
            is_output
            or re.search(r"head|predictions|vocab_|project_out|final_logits", name)
            or name.startswith("decoder.")
        ):
            return "head"
        return "embedding" if "emb" in name or leaf in ("wte", "shared", "project_in") else "other"
    if "mixer" in path:
        return "mixer"
    if any(_ATTENTION.search(part) for part in path):
        return _role_of(leaf, _IN_ATTENTION, "attention other")
    if leaf == "dense":  # BERT and its kin
        return "up" if path[-2] == "intermediate" else "down"
    return _role_of(leaf, _IN_MLP, "other")


def _role_of(leaf: str, names: dict[WeightRole, str], otherwise: WeightRole) -> WeightRole:
    for role, leaves in names.items():
        if leaf in leaves.split():
            return role
    return otherwise


def _is_multiplied(weight: Weight, stack: str, output_name: str) -> bool:
    """Whether a token that the predicting stack reads is multiplied with this matrix (its output matrix apart)."""
    if len(weight.shape) < 2 or weight.is_bias or weight.name == output_name or weight.name.endswith("A_log"):
        return False
    if weight.name.endswith("project_in.weight"):  # OPT-350m
        return True
    if weight.role in ("embedding", "position", "norm"):
        return False
    reads_source = bool(_CROSS.search(weight.name)) and weight.role in ("key", "value")
    if weight.layer < 0:
        return weight.role == "head"
    return weight.side == stack and not reads_source


def _active_share(network: PreTrainedModel) -> float:
    """The share of the experts that a token passes through."""
    config = network.config.get_text_config()
    n_experts = next(
        (n for name in EXPERTS if (n := getattr(config, name, None))),
        1,
    )
    return (getattr(config, "num_experts_per_tok", None) or n_experts) / n_experts


def _attention_width(network: PreTrainedModel, info: ModelInfo) -> int:
    """n_heads · d_head of the stack that predicts: what enters its output projection."""
    if not info.n_heads:
        return 0
    for name, block, _ in reversed(list(prepared_blocks(network))):
        for path, module in block.named_modules():
            if is_linear(module) and _role(f"{name}.{path}.weight", module, True, False) == "attention output":
                return module.nx if isinstance(module, Conv1D) else module.in_features
    return info.n_heads * info.d_head


def _heads(info: ModelInfo) -> dict[str, Any]:
    if not info.n_heads:
        return {"head_formula": "", "is_head_split": False}
    split = info.d_head * info.n_heads == info.d_model
    quotient = f"d_model / n_heads = {info.d_model:,} / {info.n_heads} = {info.d_model / info.n_heads:g}"
    chosen = Sentence("d_head = {d_head}, chosen freely; {quotient}", d_head=info.d_head, quotient=quotient)
    formula = f"d_head = {quotient}" if split else chosen
    return {"head_formula": formula, "is_head_split": split}


def _cache(info: ModelInfo, d_attention: int) -> tuple[int, str]:
    """(bytes of keys and values kept for each token while writing, how they are counted)."""
    if info.kind == "encoder" or not info.n_heads:
        return 0, ""
    width = info.n_kv_heads * info.d_head if info.kind == "decoder" else d_attention
    size = 4 if info.dtype == "float32" else 2
    return 2 * info.n_decoder_layers * width * size, f"2 · {info.n_decoder_layers} · {width:,} · {size}"
