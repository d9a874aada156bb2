"""Weights in 8 and 4 bits in the families: which open, that they read as plain transformers does, and what they hold."""

import numpy as np
import pytest
import torch

from model_backend import open_model
from model_backend.hub import fitting
from model_backend.hub.checkpoint import count_numbers, count_whole, read_config, weight_files
from model_backend.hub.finding import find_folder
from tests import tiny_models
from tests.few_bits import CONFIGS, bits, can_be_repacked, feed_alike, let_repack, record_inputs, stored


@pytest.mark.parametrize("quantization, repacks", [("8-bit", False), ("4-bit", False), ("4-bit", True)])
@pytest.mark.parametrize("family", ["gpt2", "llama", "gemma2", "gptj", "mixtral", "bert", "t5"])
def test_as_plain_transformers_reads(family, quantization, repacks, tmp_path, monkeypatch):
    """Catches: a processor with AVX512-BF16, where the package repacks matrices and fails on sides of 32, as most have here."""
    let_repack(monkeypatch, repacks)
    folder = tiny_models.save(tmp_path, family)
    model = open_model(str(folder), device="cpu", quantization=quantization)
    given = record_inputs(model.network)
    trace = model.trace(tiny_models.PROMPT)
    n = len(trace.tokens if trace.target_tokens is None else trace.target_tokens)
    logits = [trace.logits(position) for position in range(n)]
    plain = type(model.network).from_pretrained(
        folder, quantization_config=CONFIGS[quantization], device_map="cpu", dtype=torch.float32,
        attn_implementation="eager", local_files_only=True,
    ).eval()  # fmt: skip
    matrices = stored(plain).values()
    assert len(matrices) >= 12
    for matrix in matrices:
        matrix.support_avx512bf16_for_cpu = repacks and can_be_repacked(matrix)
    feed_alike(plain, given)
    inputs = {"input_ids": torch.tensor(trace.tokens.ids[None].astype(np.int64))}
    if trace.target_tokens is not None:
        inputs["decoder_input_ids"] = torch.tensor(trace.target_tokens.ids[None].astype(np.int64))
    with torch.inference_mode():
        expected = plain(**inputs).logits[0].numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-5)


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
    assert len(stored(model.network)) == 3 * 4 and sum(p.numel() for p in whole) > 0.9 * model.info.n_parameters
    n_router = 3 * 4 * 32  # no linear module either
    assert count_whole(weight_files(folder, ""), 400) == sum(p.numel() for p in whole) - n_router


@pytest.mark.parametrize("repacks", [False, True])
def test_only_the_rehearsal_repacks(repacks, monkeypatch):
    """Catches: a matrix repacked while a second thread multiplies with it."""
    let_repack(monkeypatch, repacks)
    model = open_model("bundled/storyteller", device="cpu", quantization="4-bit")
    matrices = stored(model.network).values()
    assert len(matrices) == 6 * 4 and not any(m.support_avx512bf16_for_cpu for m in matrices)
    assert {getattr(m.weight.quant_state, "packing_format_for_cpu", False) for m in matrices} == {repacks}
