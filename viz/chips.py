"""The token ribbon: the prompt as a row of chips, for the browser component of that name."""

from collections.abc import Callable, Collection, Sequence

from model_backend.base.records import Tokenization
from viz.labels import Chip, chips

MAX_CHIPS = 400


def ribbon(
    tokens: Tokenization,
    *,
    focus: int,
    amounts: Sequence[float] | None = None,
    full: float = 1.0,
    note: Callable[[float], str] = str,
    hidden: Collection[int] = (),
) -> dict:
    """Data for the `chips` component.

    `amounts` (one a token, nan = none) shade the chips on the sequential scale from 0 to `full`, and `note` words the
    amount printed in a chip; a chip of several tokens shows their sum (attention and bits both add up). Long prompts are
    shown in part, and always with the focused token; `hidden` in the answer is the number of tokens left out. The argument
    `hidden` has the positions that the model may not see: their chips are marked.
    """
    groups = chips(tokens)
    at = next((i for i, chip in enumerate(groups) if focus in chip.positions), 0)
    start = 0 if at < MAX_CHIPS else at - MAX_CHIPS // 2
    shown = groups[start : start + MAX_CHIPS]
    return {
        "chips": [_chip(chip, hidden) | _shade(chip, amounts, full, note) for chip in shown],
        "focus": focus,
        "hidden": len(tokens) - sum(len(chip.positions) for chip in shown),
    }


def _chip(chip: Chip, hidden: Collection[int]) -> dict:
    return {
        "label": chip.label,
        "ids": list(chip.ids),
        "positions": list(chip.positions),
        "special": chip.is_special,
        "masked": any(position in hidden for position in chip.positions),
    }


def _shade(chip: Chip, amounts: Sequence[float] | None, full: float, note: Callable[[float], str]) -> dict:
    if amounts is None:
        return {}
    known = [float(amounts[i]) for i in chip.positions if amounts[i] == amounts[i]]
    if not known:
        return {"value": None, "note": "–"}
    return {"value": min(max(sum(known) / full, 0.0), 1.0), "note": note(sum(known))}
