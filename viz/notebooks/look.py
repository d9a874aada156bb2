"""What a screen shows, as far as a notebook needs to know it to compute the same again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Look:
    """One screen of one person at one moment.

    `screen` is its key; `title`, `question` and `about` are words in the person's language; `kind`, `name`, `revision`,
    `dtype` and `quantization` say which model; `focus` is the position looked at, `hidden` those masked, `target` the ids
    that a translator's decoder reads. `shared` are the values that all screens share (temperature, layer, …), `shown` the
    cards by key in their order: title, answer, code, and what was chosen in them (`WIDGETS`).
    """

    screen: str
    title: str
    question: str
    about: str
    kind: str
    name: str
    revision: str
    dtype: str
    prompt: str
    focus: int
    hidden: tuple[int, ...]
    target: tuple[int, ...] | None
    target_focus: int | None
    quantization: str = ""
    shared: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Mapping] = field(default_factory=dict)

    @property
    def position(self) -> int:
        """The position looked at in the text that the model predicts: a translator's target, else the prompt."""
        return self.focus if self.target_focus is None else self.target_focus

    def chosen(self, card: str, name: str, default: Any = None) -> Any:
        """What the person chose in a card, by the key of the widget; the default where nothing was."""
        value = self.shown.get(card, {}).get("chosen", {}).get(name)
        return default if value is None else value
