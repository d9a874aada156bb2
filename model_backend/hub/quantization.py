"""Weights in 8 or 4 bits, where the package bitsandbytes is installed: a model takes less memory and answers a little
differently. The devices are those that bitsandbytes knows: the processor too.

The matrices of the blocks are stored in few bits; embeddings, norms and the output matrix stay as they are. What reads a
matrix of a block directly (attribution, neurons) refuses such a model.

8-bit is LLM.int8() (Dettmers et al. 2022): a column of the activations in which any position passes 6 is multiplied in 16 bits,
so what follows a token can change its numbers a little, and a text read token by token differs a little from the same at once.
"""

import logging
from importlib.util import find_spec
from typing import Any

import torch
from torch import nn

from model_backend.base.errors import ModelUnavailable

BITS = {"8-bit": 8, "4-bit": 4}

# they say at every product of every pass that activations become float16, and that a kernel could be downloaded
for _talker in ("bitsandbytes.autograd._functions", "bitsandbytes.backends.cpu.ops"):
    logging.getLogger(_talker).setLevel(logging.ERROR)


def check_quantization(quantization: str | None, device: str) -> None:
    """Raise ModelUnavailable with reason "no_device" unless weights can be kept that way on that device."""
    if quantization is None:
        return
    if quantization not in BITS:
        raise ModelUnavailable(
            "Weights cannot be kept as “{quantization}”.", "Choose one of these: {names}.",
            reason="no_device", quantization=quantization, names=", ".join(BITS),
        )  # fmt: skip
    missing = [package for package in ("bitsandbytes", "accelerate") if find_spec(package) is None]
    if missing:
        raise ModelUnavailable(
            "{quantization} weights need a package that is not installed here: {missing}.",
            "Run `pip install bitsandbytes accelerate`, or leave the setting quantization out.",
            reason="no_device", quantization=quantization, missing=", ".join(missing),
        )  # fmt: skip
    import bitsandbytes

    devices = sorted(bitsandbytes.supported_torch_devices)
    if device.partition(":")[0] not in devices:
        raise ModelUnavailable(
            "{quantization} weights are not possible on “{device}”.",
            "Leave the setting quantization out, or choose another device: {names}.",
            reason="no_device", quantization=quantization, device=device, names=", ".join(devices),
        )  # fmt: skip


def allow_repacking(network: nn.Module, is_allowed: bool) -> None:
    """Whether a 4-bit matrix may be repacked at its first product, for the quick way of processors with AVX512-BF16.

    bitsandbytes packs it in stripes of 32 rows, with a scale for 64 numbers of one row, and fails on other sizes: those go
    the other way. It does so in place, which no second thread may see, so it is allowed in the rehearsal alone; what was
    repacked there stays so.
    """
    module: Any  # a kind of bitsandbytes
    for module in network.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            fits = module.out_features % 32 == module.in_features % 64 == 0
            module.support_avx512bf16_for_cpu = module.support_avx512bf16_for_cpu and is_allowed and fits


def held_bytes(network: nn.Module) -> int:
    """Bytes that the weights of a network take, the scales of those in few bits included."""
    tensors = [*network.parameters(), *network.buffers()]
    for module in network.modules():
        tensors.append(getattr(getattr(module, "state", None), "SCB", None))  # 8 bits: one a row
        packed = getattr(getattr(module, "weight", None), "quant_state", None)  # 4 bits: one for 64, perhaps in 8 bits
        tensors += [getattr(state, "absmax", None) for state in (packed, getattr(packed, "state2", None))]
    distinct = {id(tensor): tensor for tensor in tensors if torch.is_tensor(tensor)}
    return sum(tensor.nbytes for tensor in distinct.values())


def loading_options(quantization: str | None, device: str, dtype: torch.dtype) -> dict[str, object]:
    """What from_pretrained takes besides, to store the matrices that way on the device; nothing without quantization."""
    if quantization is None:
        return {}
    from transformers import BitsAndBytesConfig

    if quantization == "8-bit":
        config = BitsAndBytesConfig(load_in_8bit=True)
    else:  # NF4 with doubly quantized scales: Dettmers et al. 2023, "QLoRA", section 3
        config = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=dtype
        )
    return {"quantization_config": config, "device_map": {"": device}}
