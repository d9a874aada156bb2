"""Notebooks that compute again what a screen shows, with the backend alone.

`write(look)` gives the file. What a card computes stands in the module of its screen (`CELLS`): lines of Python, or a function
that makes them from what is looked at. A card without any brings the lines that it shows under "Code". `WIDGETS` names the
session's keys, or how they begin, whose values those functions ask for.
"""

from collections.abc import Callable, Mapping

from viz.notebooks import cells, choosing, guessing, inside, reading, setup, space
from viz.notebooks.look import Look

__all__ = ["WIDGETS", "Look", "write"]
_MODULES = (reading, space, inside, guessing, choosing)
_CELLS: dict[str, str | Callable[[Look], str]] = {
    key: cell for module in _MODULES for key, cell in module.CELLS.items()
}
WIDGETS: dict[str, tuple[str, ...]] = {key: names for module in _MODULES for key, names in module.WIDGETS.items()}
_ONLY_WITH_NUMBERS = {  # these cards may say instead why there is nothing to compute
    "attention_steps", "layers_attribution", "layers_neurons", "embeddings_analogy", "embeddings_axis", "embeddings_senses",
    "generation_cache", "generation_several", "generation_beam", "prediction_ledger", "sampling_panel",
}  # fmt: skip


def write(look: Look) -> str:
    """The notebook of a screen as JSON: a title, the opening, then each card's words and cell in their order."""
    about = f"# {cells.escaped(look.title)}\n\n{cells.escaped(look.question)}\n\n{cells.escaped(look.about)}"
    parts = [("markdown", about), ("code", setup.FIND), ("code", setup.opening(look))]
    if any(key.startswith(("sampling_", "generation_")) for key in look.shown):
        parts.append(("code", setup.settings(look)))
    if look.screen == "home":
        parts.append(("code", reading.place(look)))
    for key, card in look.shown.items():
        if lines := _lines(key, card, look):
            words = [f"## {cells.plain(card['title'])}", cells.plain(card["answer"])]
            parts += [("markdown", "\n\n".join(word for word in words if word)), ("code", lines)]
    return cells.notebook(parts)


def _lines(key: str, card: Mapping, look: Look) -> str:
    if key in _ONLY_WITH_NUMBERS and not card["numbers"]:
        return ""
    cell = _CELLS.get(key, card["code"])
    return cell(look) if callable(cell) else cell or ""
