"""Numbers on their way to a browser component: a small header in JSON, then the arrays as they lie in memory.

A matrix of 512 × 512 is 1 MB this way and several as JSON; `unpack` in components/shared.js is the other end.
"""

import json

import numpy as np

_TYPES = ("float32", "uint8", "int32")


def pack(header: dict, **arrays: np.ndarray) -> bytes:
    """Header and arrays in one piece: uint32 length, the header as JSON, the arrays (float32, uint8 or int32).

    The arrays arrive flat under their names; nan arrives as nan.
    """
    for name, array in arrays.items():
        if array.dtype.name not in _TYPES:
            raise TypeError(f"{name} should be one of {', '.join(_TYPES)}, but is {array.dtype}")
    about = [{"name": name, "type": array.dtype.name, "shape": array.shape} for name, array in arrays.items()]
    text = json.dumps(header | {"arrays": about}, ensure_ascii=False).encode()
    return b"".join(
        [np.uint32(len(text)).tobytes(), text, *(np.ascontiguousarray(a).tobytes() for a in arrays.values())]
    )
