"""The same numbers, computed in another batch or in another order of sums, are rounded otherwise: how far apart they may lie."""

import torch

_OF_STATES = {torch.float32: 1e-3, torch.bfloat16: 0.25, torch.float16: 0.05}


def same_states(found: torch.Tensor, expected: torch.Tensor, dtype: torch.dtype) -> bool:
    """Whether two computations of residual vectors or logits agree, for a network whose weights are of `dtype`.

    >>> same_states(torch.ones(3), torch.ones(3) + 5e-4, torch.float32), same_states(torch.ones(3), torch.zeros(3), torch.float16)
    (True, False)
    """
    return torch.allclose(found, expected, atol=_OF_STATES[dtype], rtol=1e-3)
