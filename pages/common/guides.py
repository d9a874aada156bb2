"""What the help of a screen is made of. Each screen's package has a module `guide` with its GUIDES, one a kind of model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from pages.common.literature import Reference
from pages.common.screen import Screen

KINDS = ("decoder", "encoder", "encoder-decoder")
STORYTELLER, CLOZE, INTERPRETER = "bundled/storyteller", "bundled/cloze", "bundled/interpreter"


@dataclass(frozen=True)
class Preset:
    """Something to try: `shared` are the shared values it sets (all others go back to their defaults), `widgets` those of the
    screen. `promise` says what is then seen in the card of that key; tests/unit/test_presets.py holds it to that."""

    key: str
    label: str
    promise: str
    card: str
    shared: Mapping[str, object]
    widgets: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Guide:
    """The help of one screen for one kind of model.

    `looking`: three sentences. `latex` and `symbols`: the formula, and what stands for what. `code` gives, from the screen, a
    few lines of Python that compute its main number. `words`: the keys of the glossary's terms that the screen needs.
    """

    looking: tuple[str, str, str]
    presets: tuple[Preset, Preset, Preset]
    latex: str
    symbols: str
    code: Callable[[Screen], str]
    literature: tuple[Reference, ...]
    words: tuple[str, ...]


def guide_of(page_key: str, kind: str) -> Guide:
    """The help of a screen for a kind of model. Read when asked: a screen's help needs the screen's own modules."""
    return import_module(f"pages.{page_key}.guide").GUIDES[kind]
