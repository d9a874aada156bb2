"""Plain transformers with eager attention, watched by ordinary hooks: what the modules of each family take and give.

Where a family keeps its attention's output matrix, what it adds to the residual stream, and its MLP's output matrix is written
down here by hand, so that tests of the backend, which finds these by itself, compare with something else.
"""

from functools import cache

import torch

from tests.tiny_models import ENCODERS, network

_LLAMA = ("llama", "mistral", "qwen3", "gemma2", "gemma3_text", "phi3", "mixtral", "cohere", "gpt_oss")

# {layer} and, with two stacks, {side}: the matrix W_O of self-attention
PROJECTIONS = dict.fromkeys(_LLAMA, "model.layers.{layer}.self_attn.o_proj") | {
    "gpt2": "transformer.h.{layer}.attn.c_proj",
    "gpt_neox": "gpt_neox.layers.{layer}.attention.dense",
    "opt": "model.decoder.layers.{layer}.self_attn.out_proj",
    "gptj": "transformer.h.{layer}.attn.out_proj",
    "bloom": "transformer.h.{layer}.self_attention.dense",
    "gpt_neo": "transformer.h.{layer}.attn.attention.out_proj",
    "bert": "bert.encoder.layer.{layer}.attention.output.dense",
    "roberta": "roberta.encoder.layer.{layer}.attention.output.dense",
    "distilbert": "distilbert.transformer.layer.{layer}.attention.out_lin",
    "modernbert": "model.layers.{layer}.attn.Wo",
    "t5": "{side}.block.{layer}.layer.0.SelfAttention.o",
    "bart": "model.{side}.layers.{layer}.self_attn.out_proj",
    "marian": "model.{side}.layers.{layer}.self_attn.out_proj",
}
CROSS_PROJECTIONS = {
    "t5": "decoder.block.{layer}.layer.1.EncDecAttention.o",
    "bart": "model.decoder.layers.{layer}.encoder_attn.out_proj",
    "marian": "model.decoder.layers.{layer}.encoder_attn.out_proj",
}

# what is added to the stream: by attention where that is not what W_O gives, and by the MLP
ATTENTION_PARTS = dict.fromkeys(("gemma2", "gemma3_text"), "model.layers.{layer}.post_attention_layernorm")
MLP_PARTS = dict.fromkeys(_LLAMA, "model.layers.{layer}.mlp") | {
    "gpt2": "transformer.h.{layer}.mlp",
    "gemma2": "model.layers.{layer}.post_feedforward_layernorm",
    "gemma3_text": "model.layers.{layer}.post_feedforward_layernorm",
    "gpt_neox": "gpt_neox.layers.{layer}.mlp",
    "opt": "model.decoder.layers.{layer}.fc2",
    "gptj": "transformer.h.{layer}.mlp",
    "bloom": "transformer.h.{layer}.mlp.dense_4h_to_h",
    "gpt_neo": "transformer.h.{layer}.mlp",
    "mamba": "backbone.layers.{layer}.mixer",
    "t5": "decoder.block.{layer}.layer.2.DenseReluDense",
}
DOWN = dict.fromkeys(("llama", "gemma2", "phi3", "cohere"), "model.layers.{layer}.mlp.down_proj") | {
    "gpt2": "transformer.h.{layer}.mlp.c_proj",
    "gpt_neox": "gpt_neox.layers.{layer}.mlp.dense_4h_to_h",
    "opt": "model.decoder.layers.{layer}.fc2",
    "gptj": "transformer.h.{layer}.mlp.fc_out",
    "bloom": "transformer.h.{layer}.mlp.dense_4h_to_h",
    "t5": "decoder.block.{layer}.layer.2.DenseReluDense.wo",
}


class Seen:
    """inputs[name], outputs[name]: [pos, width] of every module whose first argument and result are such tensors."""

    def __init__(self, family: str, ids: tuple[int, ...], target: tuple[int, ...] | None) -> None:
        self.inputs, self.outputs, model = {}, {}, network(family)
        inputs = {"input_ids": torch.tensor([ids])} | ({"decoder_input_ids": torch.tensor([target])} if target else {})
        handles = [module.register_forward_hook(self._hook(name)) for name, module in model.named_modules()]
        try:
            with torch.inference_mode():
                output = model(**inputs, output_attentions=family != "mamba", use_cache=False)
        finally:
            for handle in handles:
                handle.remove()
        self.logits = output.logits[0]
        side = "encoder" if family in ENCODERS else "decoder"
        self.attention = {side: getattr(output, "attentions", None)}
        if target:
            self.attention = {
                "encoder": output.encoder_attentions,
                "decoder": output.decoder_attentions,
                "cross": output.cross_attentions,
            }

    def _hook(self, name: str):
        def hook(module, args, output):
            output = output[0] if isinstance(output, tuple) else output
            if args and torch.is_tensor(args[0]) and torch.is_tensor(output):
                self.inputs[name] = args[0].reshape(-1, args[0].shape[-1]).clone()
                self.outputs[name] = output.reshape(-1, output.shape[-1]).clone()

        return hook


@cache
def _seen(family: str, ids: tuple[int, ...], target: tuple[int, ...] | None) -> Seen:
    return Seen(family, ids, target)


def seen(trace) -> Seen:
    """What plain transformers does with the tokens of a trace."""
    target = None if trace.target_tokens is None else tuple(trace.target_tokens.ids.tolist())
    return _seen(trace.info.family, tuple(trace.tokens.ids.tolist()), target)


def linear_matrix(family: str, name: str) -> torch.Tensor:
    """[in, out] of a linear module of the plain network."""
    module = network(family).get_submodule(name)
    return (module.weight.T if isinstance(module, torch.nn.Linear) else module.weight).detach().double()
