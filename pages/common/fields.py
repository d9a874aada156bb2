"""Which values all screens share: the default of each, how it stands in the address, and what it hangs on."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from model_backend.base.word_lists import WORD_LISTS
from pages.common.server_settings import settings

# The names of the shared values, by what these hold
TextName = Literal["model", "revision", "prompt", "target", "points", "words"]
ChoiceName = Literal["kind", "lang"]  # None: none was made
IndexName = Literal["focus", "target_focus", "layer", "head", "depth", "vectors"]  # None: none was chosen
WholeName = Literal["top_k", "seed"]
NumberName = Literal["temperature", "top_p", "min_p", "repetition", "presence", "frequency"]


@dataclass(frozen=True)
class Field:
    """One shared value: its default, how it is read from the address (ValueError = ignore), and the values it hangs on: when
    one of those changes, it goes back to its default."""

    default: object
    parse: Callable[[str], object]
    hangs_on: tuple[str, ...] = ()


def _short_text(limit: int) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if len(raw) > limit:
            raise ValueError("too long")
        return raw

    return parse


def _natural(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        raise ValueError("not a whole number")
    return int(raw)


def _switch(raw: str) -> bool:
    return raw == "1"


def _between(low: float, high: float) -> Callable[[str], float]:
    def parse(raw: str) -> float:
        value = float(raw) if len(raw) <= 24 else math.nan  # no float64 is written longer
        if not low <= value <= high:  # nan is not
            raise ValueError("out of range")
        return value

    return parse


def _positions(raw: str) -> tuple[int, ...]:
    """ "3,7" -> (3, 7); "none" -> ()."""
    return () if raw == "none" else tuple(sorted({_natural(part) for part in raw.split(",")}))


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in choices:
            raise ValueError("unknown choice")
        return raw

    return parse


FIELDS = {
    "model": Field(settings().first_model, _short_text(400)),
    "revision": Field("", _short_text(64), ("model",)),  # the commit of a model of the hub that a link was made with
    "prompt": Field("The dog's bark was", _short_text(100_000)),
    "focus": Field(None, _natural, ("model", "prompt")),
    "masked": Field(None, _positions, ("model", "prompt")),  # None: the focused word, while it is to be guessed
    "target": Field("", _short_text(100_000), ("model", "prompt")),  # empty: the model's own translation
    "target_focus": Field(None, _natural, ("model", "prompt", "target")),
    "layer": Field(None, _natural),
    "head": Field(None, _natural),
    "kind": Field(None, _one_of("encoder", "decoder", "cross")),
    "depth": Field(None, _natural),  # row of the lattice: 0 is what enters the first layer
    "points": Field("words", _one_of("words", "prompt", "vocabulary")),
    "words": Field(", ".join(WORD_LISTS["animals"]), _short_text(4_000)),
    "vectors": Field(None, _natural),
    "temperature": Field(1.0, _between(0, 3)),  # 0 is greedy; the rest of the sampling settings is off by default
    "top_k": Field(0, _natural),
    "top_p": Field(1.0, _between(0, 1)),
    "min_p": Field(0.0, _between(0, 1)),
    "repetition": Field(1.0, _between(0.5, 2)),
    "presence": Field(0.0, _between(-2, 2)),
    "frequency": Field(0.0, _between(-2, 2)),
    "seed": Field(0, _natural),
    "projector": Field(False, _switch),
    "lang": Field(settings().language or None, _one_of("en", "zh")),  # None: the language of the browser
}


def written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return str(int(value)) if isinstance(value, bool) else str(value)
