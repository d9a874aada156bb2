"""Which device and which number format a model gets, and how much memory the device has."""

import torch

from model_backend.base.errors import ModelUnavailable
from model_backend.hub.fitting import default_dtype

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def choose_device(device: str | None = None) -> str:
    """The device asked for, or the best there is: CUDA, else MPS, else the CPU. Raises ModelUnavailable if the one asked for
    is not there."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device is None:
        return next(name for name, there in present.items() if there)
    kind, _, number = device.partition(":")
    there = present.get(kind, False)
    if number or device.endswith(":"):
        there = there and kind == "cuda" and number.isdecimal() and int(number) < torch.cuda.device_count()
    if not there:
        raise ModelUnavailable(
            "This machine has no device “{device}”.", "It has: {names}.", reason="no_device", device=device,
            names=", ".join(name for name, there in present.items() if there),
        )  # fmt: skip
    return device


def choose_dtype(dtype: str | None, device: str) -> str:
    """The number format asked for; by itself float32 on the CPU, bfloat16 on a GPU that computes in it, float32 on others.

    float16 is never chosen by itself: its largest number is 65,504, and the inner states of some families are larger.
    """
    if dtype is None:
        chosen = default_dtype(device)
        return "float32" if chosen == "bfloat16" and not _has_bfloat16(device) else chosen
    if dtype not in DTYPES:
        raise ModelUnavailable(
            "There is no number format “{dtype}”.",
            "Choose one of these: {names}.",
            reason="no_device",
            dtype=dtype,
            names=", ".join(DTYPES),
        )
    return dtype


def _has_bfloat16(device: str) -> bool:
    """CUDA from the Ampere generation on, Apple's GPUs from macOS 14 on."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_capability(device) >= (8, 0)
    return device == "mps" and torch.backends.mps.is_macos_or_newer(14, 0)
