"""Writes a trained decoder as a folder that transformers' Auto classes open: config, float16 safetensors, tokenizer."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

from .corpus import END
from .decoder import Shape
from .tokenizer import save_tokenizer


def gpt2_config(shape: Shape, end_id: int) -> GPT2Config:
    return GPT2Config(
        **shape.as_dict(),
        activation_function="gelu_pytorch_tanh",
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=end_id,
        eos_token_id=end_id,
        tie_word_embeddings=True,
    )


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
    end_id = tokenizer.token_to_id(END)
    model = as_transformers(state, shape, end_id).to(torch.float16)
    model.generation_config = GenerationConfig(bos_token_id=end_id, eos_token_id=end_id)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder))
    (folder / "model.safetensors").chmod(0o644)
    save_tokenizer(tokenizer, folder, shape.n_positions)
