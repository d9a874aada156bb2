"""Weights in 8 and 4 bits in the families: which open, that they read as plain transformers does, and what they hold."""

import numpy as np
import pytest
import torch

from model_backend import open_model
from model_backend.engine.loading import find_folder
from model_backend.hub import fitting
from model_backend.hub.checkpoint import count_numbers, count_whole, read_config, weight_files
from tests import tiny_models
from tests.unit.test_quantization import CONFIGS, bits

modules = pytest.importorskip("bitsandbytes.nn.modules", reason="no bitsandbytes: quantized weights were NOT tested")


@bits
@pytest.mark.parametrize("family", ["gpt2", "llama", "gemma2", "gptj", "mixtral", "bert", "t5"])
def test_as_plain_transformers_reads(family, quantization, tmp_path, monkeypatch):
    """Catches: a processor with AVX512-BF16, where the package repacks matrices and fails on sides of 32, as most have here."""
    folder = tiny_models.save(tmp_path, family)
    model = open_model(str(folder), device="cpu", quantization=quantization)
    trace = model.trace(tiny_models.PROMPT)
    inputs = {"input_ids": torch.tensor(trace.tokens.ids[None].astype(np.int64))}
    if trace.target_tokens is not None:
        inputs["decoder_input_ids"] = torch.tensor(trace.target_tokens.ids[None].astype(np.int64))
    repacks = modules.has_avx512bf16()
    monkeypatch.setattr(modules, "has_avx512bf16", lambda: False)
    plain = type(model.network).from_pretrained(
        folder, quantization_config=CONFIGS[quantization], device_map="cpu", dtype=torch.float32,
        attn_implementation="eager", local_files_only=True,
    ).eval()  # fmt: skip
    stored = [m for m in plain.modules() if isinstance(m, modules.Linear8bitLt | modules.Linear4bit)]
    assert len(stored) >= 12
    for module in stored:  # a matrix whose sides are multiples of 32 and 64 would not fail
        module.support_avx512bf16_for_cpu = repacks and module.out_features % 32 == module.in_features % 64 == 0
    with torch.inference_mode():
        expected = plain(**inputs).logits[0].numpy()
    np.testing.assert_allclose([trace.logits(i) for i in range(len(expected))], expected, atol=1e-5)


def test_what_the_weights_take():
    """The storyteller by hand: six blocks of 12 · 320² numbers in matrices, the other 2,728,960 in float32; 8 bits add a scale
    for each row, 4 bits one for each 64 numbers, of one byte or two."""
    n_stored, n_whole = 6 * 12 * 320**2, 10_101_760 - 6 * 12 * 320**2
    assert open_model("bundled/storyteller", device="cpu").info.n_bytes == 4 * 10_101_760
    eight, four = (open_model("bundled/storyteller", device="cpu", quantization=q).info.n_bytes for q in CONFIGS)
    assert eight == n_stored + 4 * n_whole + 4 * 6 * (960 + 320 + 1280 + 320)
    assert n_stored / 2 + 4 * n_whole + n_stored / 64 <= four <= (n_stored / 2 + 4 * n_whole + n_stored / 32) * 1.001


@bits
@pytest.mark.parametrize("name", ["bundled/storyteller", "bundled/cloze", "bundled/interpreter"])
def test_what_is_needed_is_what_it_takes(name, quantization):
    folder = find_folder(name)
    files, config = weight_files(folder, name), read_config(folder, name)
    is_tied = config.get("tie_word_embeddings", False)
    n, n_whole = count_numbers(files, is_tied), count_whole(files, config["vocab_size"], is_tied)
    needed = fitting.bytes_needed(n, 0, 1, "float32", quantization, n_whole)
    held = open_model(name, device="cpu", quantization=quantization).info.n_bytes
    assert (needed - fitting.WORK_BYTES) / (1 + fitting.WORK_SHARE) == pytest.approx(held, rel=0.02)


def test_experts_are_counted_in_full(tmp_path):
    """Most of a mixture stays as it is, so that it needs nearly as much memory as without."""
    folder = tiny_models.save(tmp_path, "mixtral")
    model = open_model(str(folder), device="cpu", quantization="4-bit")
    whole = [p for p in model.network.parameters() if p.is_floating_point()]
    stored = [m for m in model.network.modules() if isinstance(m, modules.Linear4bit)]
    assert len(stored) == 3 * 4 and sum(p.numel() for p in whole) > 0.9 * model.info.n_parameters
    n_router = 3 * 4 * 32  # no linear module either
    assert count_whole(weight_files(folder, ""), 400) == sum(p.numel() for p in whole) - n_router


def test_only_the_rehearsal_repacks():
    """Catches: a matrix repacked while a second thread multiplies with it."""
    model = open_model("bundled/storyteller", device="cpu", quantization="4-bit")
    stored = [m for m in model.network.modules() if isinstance(m, modules.Linear4bit)]
    assert len(stored) == 6 * 4 and not any(m.support_avx512bf16_for_cpu for m in stored)
    are_packed = {getattr(m.weight.quant_state, "packing_format_for_cpu", False) for m in stored}
    assert are_packed == {modules.has_avx512bf16()}
