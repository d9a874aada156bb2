"""The token ribbon: the prompt as a row of chips, for the browser component of that name."""

from collections.abc import Sequence

from model_backend.records import Tokenization
from viz.labels import chips

MAX_CHIPS = 400


def ribbon(tokens: Tokenization, *, focus: int, values: Sequence[float] | None = None, notes: Sequence[str] | None = None) -> dict:
    """Data for the `chips` component.

    `values` (one a token, nan = none) shade the chips on the sequential scale; they must lie in 0…1. `notes` (one a token)
    are printed in the chips. Long prompts are
    shown from the start, and always with the focused token: `first` is the position of the first chip shown, `hidden`
    the number of tokens left out.
    """
    groups = chips(tokens)
    at = next((i for i, chip in enumerate(groups) if focus in chip.positions), 0)
    start = 0 if at < MAX_CHIPS else at - MAX_CHIPS // 2
    shown = groups[start : start + MAX_CHIPS]
    return {
        "chips": [
            {
                "label": chip.label,
                "ids": list(chip.ids),
                "positions": list(chip.positions),
                "special": chip.is_special,
                **({"value": _strongest(values, chip.positions)} if values is not None else {}),
                **({"note": " ".join(notes[i] for i in chip.positions)} if notes is not None else {}),
            }
            for chip in shown
        ],
        "focus": focus,
        "hidden": sum(len(chip.positions) for chip in groups) - sum(len(chip.positions) for chip in shown),
    }


def _strongest(values: Sequence[float], positions: tuple[int, ...]) -> float | None:
    known = [float(values[i]) for i in positions if values[i] == values[i]]
    return max(known) if known else None
