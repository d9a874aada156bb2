"""What a block adds to the residual stream, part by part, whatever the family's arrangement of norms.

The parts are not looked up by name: among all that the modules of a block gave, those are taken whose sum is what the block
added.
"""

import itertools
from dataclasses import dataclass

import torch

from model_backend.analysis.dissection import BlockRun, Call
from model_backend.base.errors import BackendError


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What a block adds to the residual stream: after = before + scale · (attention … + mlp), each [row, d_model].

    `attention` has one entry an attention (self, then cross): (the call of W_O, the call whose output is the part, which is
    the same one or a norm after it).
    `mlp` is None in a block of one part (Mamba), whose part is then `mixer`.
    """

    scale: float
    attention: tuple[tuple[Call, Call], ...]
    mlp: Call | None
    mixer: Call | None = None


def parts_of(run: BlockRun, family: str) -> Parts:
    """Find, among what the modules of a block gave, the vectors that add up to what the block added.

    Their sum is checked, so it does not matter how a family arranges its norms: before the modules, beside each other
    (GPT-NeoX), or after them too (Gemma 2). Where the residual stream itself is normalised (BERT, BART) nothing adds up:
    raises BackendError.
    """
    added = run.after - run.before
    outputs = [call for call in run.calls if call.output.shape == added.shape]
    projections = [attention.projection for attention in run.attention if attention.projection is not None]
    if len(projections) < len(run.attention):
        raise not_additive(family)
    choices = [_downstream(projection, outputs) for projection in projections]
    taken = {id(call) for calls in choices for call in calls}
    others = [call for call in outputs if id(call) not in taken]
    best, error, scale = None, float("inf"), 1.0
    for chosen in itertools.product(*choices):
        attended = sum((call.output for call in chosen), torch.zeros_like(added))
        for other in reversed(others):
            fitted, remaining = _fit(added, attended + other.output)
            if remaining < 0.999 * error:
                best, error, scale = (chosen, other), remaining, fitted
    rounding = torch.finfo(run.dtype).eps
    allowed = 1e-4 * added.norm() + 4 * rounding * (run.before.norm() + run.after.norm())
    if best is None or error > allowed:
        raise not_additive(family)
    scale = 1.0 if abs(scale - 1) < max(1e-4, 4 * rounding) else scale
    chosen, other = best
    if not run.attention:
        return Parts(scale, (), None, mixer=other)
    return Parts(scale, tuple(zip(projections, chosen, strict=True)), other)


def _downstream(projection: Call, outputs: list[Call]) -> list[Call]:
    """W_O's own output, and what a module (a norm) made of it alone."""
    found = [projection]
    for call in outputs:
        if call.given.shape == projection.output.shape and any(
            torch.equal(call.given, other.output) for other in found
        ):  # fmt: skip
            found.append(call)
    return found


def _fit(added: torch.Tensor, total: torch.Tensor) -> tuple[float, float]:
    """(the factor with which `total` comes nearest to what was added, 1 in most families; what then remains)."""
    added, total = added.double(), total.double()
    factor = (added * total).sum() / (total * total).sum().clamp_min(1e-30)
    return float(factor), float((added - factor * total).norm())


def not_additive(family: str) -> BackendError:
    """The refusal of what needs a residual stream that only grows by addition."""
    return BackendError(
        "In {family} models what a layer writes is not simply added to what was there: it is normalised together with it.",
        "So a prediction cannot be split into parts that add up. Choose a model such as bundled/storyteller.",
        family=family,
    )
