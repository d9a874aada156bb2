"""How much memory is free here: psutil asks the system, the limits of a container are read beside it; torch only for a GPU."""

import ctypes
import gc
import os
import re
import sys
from pathlib import Path

import psutil

_UNLIMITED = 1 << 60  # what cgroup version 1 writes for "no limit" is near the largest 64-bit number


def free_bytes(device: str = "cpu") -> int | None:
    """Bytes that can still be taken on "cpu", "cuda", "cuda:1" or "mps"; None where the system does not say.

    On the CPU: what the system could give without swapping, or what the container's limit leaves, whichever is less. Apple's
    GPU shares that memory.
    """
    if device.startswith("cuda"):
        import torch

        free, _ = torch.cuda.mem_get_info(device)
        idle = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return free + idle  # torch keeps what was given back, and takes it again first
    counts = [n for n in (_free_of_system(), _free_in_cgroup()) if n is not None]
    if device == "mps":
        import torch

        counts.append(max(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory(), 0))
    return min(counts) if counts else None


def used_bytes(device: str = "cpu") -> int | None:
    """Bytes that this process holds on a device: torch's tensors on a GPU, all of the process on the CPU; None where the
    system does not say."""
    if device != "cpu":
        import torch

        return torch.mps.current_allocated_memory() if device == "mps" else torch.cuda.memory_allocated(device)
    try:
        return psutil.Process().memory_info().rss
    except (OSError, psutil.Error):
        return None


def _free_of_system() -> int | None:
    """What could be taken without swapping; None where the system does not say."""
    try:
        return psutil.virtual_memory().available
    except (OSError, psutil.Error):
        return None


def _free_in_cgroup() -> int | None:
    """The least that any limit around this process leaves (version 2, or the memory controller of version 1)."""
    try:
        lines = Path("/proc/self/cgroup").read_text("ascii").splitlines()
    except OSError:
        return None
    left = []
    for line in lines:
        number, controllers, inside = line.split(":", 2)
        if number == "0":
            left.append(cgroup_left(Path("/sys/fs/cgroup"), inside, "memory.max", "memory.current", "inactive_file"))
        elif "memory" in controllers.split(","):
            left.append(
                cgroup_left(
                    Path("/sys/fs/cgroup/memory"), inside, "memory.limit_in_bytes", "memory.usage_in_bytes",
                    "total_inactive_file",
                )
            )  # fmt: skip
    return min((n for n in left if n is not None), default=None)


def cgroup_left(root: Path, inside: str, limit_file: str, used_file: str, cache_key: str) -> int | None:
    """Limit less use, for the group `inside` and all that contain it; file pages that nobody reads count as free."""
    left = []
    group = root / inside.strip("/")
    for folder in (group, *group.parents):
        if not folder.is_relative_to(root):
            break
        try:
            limit = int((folder / limit_file).read_text("ascii"))  # "max" is no number: no limit
            used = int((folder / used_file).read_text("ascii"))
            stat = (folder / "memory.stat").read_text("ascii")
        except (OSError, ValueError):
            continue
        if limit < _UNLIMITED:
            cached = re.search(rf"^{cache_key} (\d+)", stat, re.MULTILINE)
            left.append(max(limit - used + (int(cached[1]) if cached else 0), 0))
    return min(left, default=None)


def give_back() -> None:
    """Return to the system what was freed: unreachable objects, torch's reserve on a GPU, glibc's on the heap."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
    if os.name == "posix" and sys.platform != "darwin":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
