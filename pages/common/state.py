"""What all screens share, held in the session and in the address, so that a link reproduces the screen.

The address wins when it says something that this program did not write there (a deep link, the back button, a link from
the menu); otherwise the session does, and the address is brought up to date.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, overload
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model_backend.base.word_lists import WORD_LISTS
from pages.common.server_settings import settings

MAX_PROMPT_IN_ADDRESS = 2_000
_STORE = "_shared"
_WRITTEN = "_shared_in_address"

# The names of the shared values, by what these hold
TextName = Literal["model", "revision", "prompt", "target", "points", "words"]
ChoiceName = Literal["kind", "lang"]  # None: none was made
IndexName = Literal["focus", "target_focus", "layer", "head", "depth", "vectors"]  # None: none was chosen
WholeName = Literal["top_k", "seed"]
NumberName = Literal["temperature", "top_p", "min_p", "repetition", "presence", "frequency"]

_store_of_run: WeakKeyDictionary[object, dict] = WeakKeyDictionary()


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


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return str(int(value)) if isinstance(value, bool) else str(value)


def _store() -> dict:
    """The values of this session. Every sentence asks for its language, so the way there is remembered for a script run."""
    context = get_script_run_ctx(suppress_warning=True)
    store = None if context is None else _store_of_run.get(context.session_state)
    if store is None:
        if _STORE not in st.session_state:
            st.session_state[_STORE] = {name: field.default for name, field in FIELDS.items()}
        store = st.session_state[_STORE]
        if context is not None:
            _store_of_run[context.session_state] = store
    return store


def _written_address() -> dict[str, str]:
    return st.session_state.setdefault(_WRITTEN, {})


@overload
def get(name: TextName) -> str: ...
@overload
def get(name: ChoiceName) -> str | None: ...
@overload
def get(name: IndexName) -> int | None: ...
@overload
def get(name: WholeName) -> int: ...
@overload
def get(name: NumberName) -> float: ...
@overload
def get(name: Literal["masked"]) -> tuple[int, ...] | None: ...
@overload
def get(name: Literal["projector"]) -> bool: ...
@overload
def get(name: str) -> object: ...
def get(name: str) -> object:
    """The shared value of this session."""
    return _store()[name]


def put(name: str, value: object) -> None:
    """Change a shared value; what hangs on it goes back to its default: a new prompt is looked at from its own end."""
    store = _store()
    if value != store[name]:
        store.update({other: field.default for other, field in FIELDS.items() if name in field.hangs_on})
    store[name] = value


def shared() -> Mapping[str, object]:
    """The shared values of this session, as they are whenever one looks."""
    return MappingProxyType(_store())


def address() -> dict[str, str]:
    """The parameters that reproduce this screen; values at their default are left out."""
    result = {}
    for name, field in FIELDS.items():
        value = get(name)
        if value != field.default and len(text := _written(value)) <= MAX_PROMPT_IN_ADDRESS:
            result[name] = text
    return result


def fits_address(name: TextName) -> bool:
    """Whether a text (prompt, target) is short enough to travel in a link."""
    return len(get(name)) <= MAX_PROMPT_IN_ADDRESS


def read_address() -> None:
    """Take over what a link brought. Wrong values are ignored: the screen then shows its default."""
    written = _written_address()
    news = {name: raw for name, raw in st.query_params.items() if name in FIELDS and raw != written.get(name)}
    for name, raw in sorted(news.items(), key=lambda item: len(FIELDS[item[0]].hangs_on)):  # what hangs on others last
        try:
            put(name, FIELDS[name].parse(raw))
        except ValueError:
            continue


def write_address() -> None:
    """Bring the address up to date. Parameters that are not ours are dropped."""
    wanted = address()
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted
