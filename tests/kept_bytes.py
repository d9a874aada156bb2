"""How much memory an object holds on to, found by walking it and not by asking it."""

import gc
import types
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from model_backend.engine.model import Model

_SHARED = (type, types.ModuleType, types.FunctionType, nn.Module, Model)  # the model is there without the trace, too


def kept_bytes(thing: object) -> int:
    """Bytes of all arrays and tensors that can be reached from `thing`, the model left out.

    Whole buffers count, each once: a narrow view keeps all of what it looks into.
    """
    buffers = {}
    for found in _reachable(thing):
        if torch.is_tensor(found):
            storage = found.untyped_storage()
            buffers[storage.data_ptr()] = storage.nbytes()
        elif isinstance(found, np.ndarray) and found.base is None:
            buffers[found.ctypes.data] = found.nbytes
    return sum(buffers.values())


def _reachable(thing: object) -> Iterator[object]:
    """`thing` and what hangs on it."""
    seen, waiting = set(), [thing]
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, _SHARED):
            continue
        seen.add(id(found))
        yield found
        waiting += gc.get_referents(found)
        if isinstance(found, np.ndarray) and found.base is not None:
            waiting.append(found.base)
