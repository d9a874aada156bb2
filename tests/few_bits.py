"""Weights in 8 and 4 bits for tests: how plain transformers is told to store them, and both ways in which 4 bits are multiplied.

bitsandbytes multiplies 4-bit matrices on a CPU in one of two ways. Everywhere: weights back to float32, a float32 product. On a
processor with AVX512-BF16: the matrix is repacked at its first product and its inputs are rounded to bfloat16 (8 bits of
mantissa). LLM.int8() rounds its inputs to 8 bits on every processor. Where inputs are rounded, the last digit of a float32 sum,
which hangs on the processor and on where in memory a matrix lies, may decide between two neighbouring bfloat16 numbers; one such
step moves a logit of the tiny models by up to 5e-3, and in the storyteller one in int8 moves a logit by 0.1 and an attention by
0.02 (measured with inputs moved by one unit in the last place). So networks are compared by `record_inputs` and `feed_alike`.
"""

from functools import partial

import numpy as np
import pytest
import torch
from transformers import BitsAndBytesConfig

functional = pytest.importorskip("bitsandbytes.functional", reason="no bitsandbytes: quantized weights were NOT tested")
modules = pytest.importorskip("bitsandbytes.nn.modules", reason="no bitsandbytes: quantized weights were NOT tested")
pytest.importorskip("accelerate", reason="accelerate is not installed: quantized weights were NOT tested")

CONFIGS = {
    "8-bit": BitsAndBytesConfig(load_in_8bit=True),
    "4-bit": BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=torch.float32
    ),
}  # fmt: skip
bits = pytest.mark.parametrize("quantization", CONFIGS)
STORED = (modules.Linear8bitLt, modules.Linear4bit)


def let_repack(monkeypatch, is_allowed: bool) -> None:
    """From now on the processor has AVX512-BF16, or has not; where it is only said to have it, the product is done by hand."""
    if is_allowed and not functional.has_avx512bf16():
        monkeypatch.setattr(functional, "gemv_4bit", _product_of_packed)
    monkeypatch.setattr(modules, "has_avx512bf16", lambda: is_allowed)


def can_be_repacked(module: torch.nn.Module) -> bool:
    """Whether bitsandbytes can repack this matrix: stripes of 32 rows, one scale for 64 numbers of a row; it fails on others."""
    return module.out_features % 32 == module.in_features % 64 == 0


def stored(network: torch.nn.Module) -> dict[str, torch.nn.Module]:
    """The modules whose matrix is kept in few bits, by name."""
    return {name: module for name, module in network.named_modules() if isinstance(module, STORED)}


def record_inputs(network: torch.nn.Module) -> dict[str, list[torch.Tensor]]:
    """What each stored module is given from now on, [pos, in] a call, by its name; empty as yet."""
    given = {name: [] for name in stored(network)}

    def note(calls: list, module: torch.nn.Module, args: tuple) -> None:
        calls.append(args[0].flatten(0, -2).clone())

    for name, module in stored(network).items():
        module.register_forward_pre_hook(partial(note, given[name]))
    return given


def feed_alike(network: torch.nn.Module, given: dict[str, list[torch.Tensor]]) -> None:
    """From now on each stored module of a network is given what that of another was given, to the last bit, after it is
    asserted that it would have been given the same to 1e-5. So a rounding to few bits falls alike in both, and an error shows at
    the first module behind it. Calls for single positions count as one call for all of them."""

    def compare_and_hand_over(name: str, module: torch.nn.Module, args: tuple) -> tuple:
        theirs = torch.cat(given[name]).view_as(args[0])
        np.testing.assert_allclose(theirs, args[0], atol=1e-5, rtol=1e-5, err_msg=name)
        return (theirs, *args[1:])

    assert given.keys() == stored(network).keys()
    for name, module in stored(network).items():
        module.register_forward_pre_hook(partial(compare_and_hand_over, name))


def _product_of_packed(A, B, out=None, transposed_A=False, transposed_B=False, state=None):
    """What bitsandbytes' gemv_4bit computes on a repacked matrix: bfloat16 inputs, levels and scales, summed in float32, given in
    bfloat16. A [..., in], B the packed bytes [out, in / 2] -> [..., out]."""
    n_out, n_in = state.shape
    halves = torch.cat([B.reshape(-1, 32) & 0xF, B.reshape(-1, 32) >> 4], -1)
    indices = halves.reshape(n_out // 32, n_in // 2, 32, 2).transpose(1, 2).reshape(n_out, n_in)
    levels = state.code.to(torch.bfloat16).float()[indices.int()]
    scales = state.absmax.float().T.repeat_interleave(state.blocksize, 1)
    product = A.to(torch.bfloat16).float() @ (levels * scales).T
    return product.to(torch.bfloat16).to(A.dtype)
