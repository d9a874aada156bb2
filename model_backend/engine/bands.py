"""Masks and position biases in linear memory.

Both are [query, key] squares that mostly repeat along their diagonals. Kept as a width, or as one number a distance, they
grow with the number of tokens and not with its square.
"""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Band:
    """A mask in two numbers: each query sees itself, `before` keys before it and `after` keys after it."""

    before: int
    after: int = 0

    def visible(self, n_query: int, n_key: int, device: torch.device | str) -> torch.Tensor:
        """[1, 1, query, key] bool; the last query stands at the last key."""
        query = torch.arange(n_key - n_query, n_key, device=device)[:, None]
        key = torch.arange(n_key, device=device)[None]
        return ((key >= query - self.before) & (key <= query + self.after))[None, None]


def compact_mask(mask: torch.Tensor | None) -> torch.Tensor | Band | None:
    """A band mask over as many queries as keys as a Band (causal, sliding, or sliding to both sides); any other as it is."""
    if mask is None or mask.dtype != torch.bool or mask.shape[:2] != (1, 1) or mask.shape[2] != mask.shape[3]:
        return mask
    n = mask.shape[3]
    band = Band(before=int(mask[0, 0, -1].sum()) - 1, after=int(mask[0, 0, 0].sum()) - 1)
    return band if torch.equal(mask, band.visible(n, n, mask.device)) else mask


@dataclass(frozen=True, slots=True, eq=False)
class RelativeBias:
    """A position bias that depends on key minus query alone (T5): `by_distance` [head, query + key - 1] from the lowest
    distance (first key, last query) to the highest."""

    by_distance: torch.Tensor
    n_query: int

    def expand(self) -> torch.Tensor:
        """[1, head, query, key]."""
        n_key = self.by_distance.shape[1] - self.n_query + 1
        distance = torch.arange(n_key)[None] - torch.arange(self.n_query)[:, None]
        return self.by_distance[:, distance + self.n_query - 1][None]


def compact_bias(bias: torch.Tensor) -> torch.Tensor | RelativeBias:
    """A position bias [1, head, query, key] by its distances, on the CPU; any other whole.

    >>> compact_bias(torch.tensor([[[[0.0, 1.0], [-1.0, 0.0]]]])).by_distance.tolist()
    [[-1.0, 0.0, 1.0]]
    """
    if not torch.equal(bias[..., 1:, 1:], bias[..., :-1, :-1]):
        return bias.to("cpu", copy=True)
    falling = bias[0, :, :, 0].flip(-1)  # [head, query]: the last query is farthest from the first key
    return RelativeBias(torch.cat([falling, bias[0, :, 0, 1:]], -1).cpu(), n_query=bias.shape[2])
