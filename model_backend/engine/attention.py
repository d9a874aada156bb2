"""Attention matrices from recorded queries and keys, by each family's own arithmetic.

transformers writes the textbook form of every family's attention as `eager_attention_forward` in the family's module:
grouped keys, scale, soft cap, sinks, position bias. The matrices here come out of that function, in float32, from the
queries and keys of the pass, so a new family needs no new formula.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from model_backend.base.errors import UnsupportedArchitecture
from model_backend.engine.bands import Band, RelativeBias


@dataclass(frozen=True, slots=True, eq=False)
class AttentionRecord:
    """What one layer's attention saw: query [head, query, d_head], key [kv_head, key, d_head], on the CPU.

    `mask` is None, a Band or a tensor [1, 1, query, key] (bool: True is visible; float: added). `causal` counts where mask
    is None. `extras` are what the family's arithmetic takes besides: position_bias, softcap, s_aux (sinks).
    """

    module: nn.Module
    query: torch.Tensor
    key: torch.Tensor
    mask: torch.Tensor | Band | None
    causal: bool
    scaling: float | None
    extras: dict

    @classmethod
    def of(cls, module, query, key, mask, causal, scaling, extras) -> "AttentionRecord":
        """Copy queries and keys [head, pos, d_head] to the CPU; mask and extras come in their compact form, so that what is
        kept grows with the number of tokens and not with its square."""
        return cls(
            module=module, query=query.to("cpu", copy=True), key=key.to("cpu", copy=True),
            mask=mask, causal=causal and query.shape[1] > 1, scaling=scaling, extras=extras,
        )  # fmt: skip

    def weights(self, head: int | None = None) -> torch.Tensor:
        """Attention weights float32 [head, query, key] on the CPU; with `head`, that one: [query, key]."""
        device = next(self.module.parameters()).device
        query, key = self.query.to(device).float(), self.key.to(device).float()
        group = query.shape[0] // key.shape[0]
        first = 0
        extras: dict[str, Any] = {name: _ready(extra, device) for name, extra in self.extras.items()}
        if head is not None and "s_aux" not in extras:  # sinks come for all heads at once
            first = head // group * group
            query, key = query[first : first + group], key[first // group : first // group + 1]
            if "position_bias" in extras:
                extras["position_bias"] = extras["position_bias"][:, first : first + group]
        mask = additive_mask(self.mask, self.causal, query.shape[1], key.shape[1], device)
        value = torch.zeros_like(key[..., :1])  # only the weights are wanted
        _, weights = eager_function(self.module)(
            self.module, query[None], key[None], value[None], mask, scaling=self.scaling, **extras
        )
        weights = weights[0].float().cpu()
        return weights if head is None else weights[head - first]


def eager_function(module: nn.Module) -> Callable:
    """The textbook attention of the family that `module` belongs to, as transformers wrote it."""
    function = getattr(sys.modules[type(module).__module__], "eager_attention_forward", None)
    if function is None:
        raise UnsupportedArchitecture(
            "The attention of {module} cannot be looked into.",
            "Its other screens work; for attention choose another model.",
            module=type(module).__name__,
        )
    return function


def additive_mask(
    mask: torch.Tensor | Band | None, causal: bool, n_query: int, n_key: int, device: torch.device | str
) -> torch.Tensor | None:
    """The mask in the form that eager attention adds to its scores: 0 visible, the smallest float32 hidden.

    >>> additive_mask(None, True, 2, 2, "cpu")[0, 0].eq(0).tolist()
    [[True, False], [True, True]]
    """
    if torch.is_tensor(mask):
        if mask.dtype != torch.bool:
            return mask.to(device)
        visible = mask.to(device)
    elif mask is None and not (causal and n_query > 1):
        return None
    else:
        visible = (mask or Band(before=n_key)).visible(n_query, n_key, device)
    return torch.zeros(visible.shape, dtype=torch.float32, device=device).masked_fill(
        ~visible, torch.finfo(torch.float32).min
    )


def _ready(extra: object, device: torch.device) -> object:
    """An extra in the form that the family's arithmetic takes."""
    extra = extra.expand() if isinstance(extra, RelativeBias) else extra
    return extra.to(device) if torch.is_tensor(extra) else extra
