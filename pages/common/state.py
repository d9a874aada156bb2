"""What all screens share, held in the session and in the address, so that a link reproduces the screen.

The address wins when it says something that this program did not write there (a deep link, the back button, a link from
the menu); otherwise the session does, and the address is brought up to date.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

MAX_PROMPT_IN_ADDRESS = 2_000
_STORE = "_shared"
_WRITTEN = "_shared_in_address"


@dataclass(frozen=True)
class Field:
    """One shared value: its default, how it is read from the address (ValueError = ignore), how it is written there."""

    default: object
    parse: Callable[[str], object]


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


def _language(raw: str) -> str:
    if raw not in ("en",):
        raise ValueError("unknown language")
    return raw


FIELDS = {
    "model": Field("bundled/storyteller", _short_text(400)),
    "prompt": Field("The dog's bark was", _short_text(100_000)),
    "focus": Field(None, _natural),
    "projector": Field(False, _switch),
    "lang": Field("en", _language),
}


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _store() -> dict:
    if _STORE not in st.session_state:
        st.session_state[_STORE] = {name: field.default for name, field in FIELDS.items()}
    return st.session_state[_STORE]


def _written_address() -> dict[str, str]:
    return st.session_state.setdefault(_WRITTEN, {})


def get(name: str) -> object:
    """The shared value of this session."""
    return _store()[name]


def put(name: str, value: object) -> None:
    """Change a shared value. A new prompt or model moves the focus back to the last token."""
    store = _store()
    if name in ("prompt", "model") and value != store[name]:
        store["focus"] = None
    store[name] = value


def address() -> dict[str, str]:
    """The parameters that reproduce this screen; values at their default are left out."""
    result = {}
    for name, field in FIELDS.items():
        value = get(name)
        if value != field.default and len(text := _written(value)) <= MAX_PROMPT_IN_ADDRESS:
            result[name] = text
    return result


def prompt_fits_address() -> bool:
    """Whether the prompt is short enough to travel in a link."""
    return len(get("prompt")) <= MAX_PROMPT_IN_ADDRESS


def read_address() -> None:
    """Take over what a link brought. Wrong values are ignored: the screen then shows its default."""
    written = _written_address()
    news = {name: raw for name, raw in st.query_params.items() if name in FIELDS and raw != written.get(name)}
    for name, raw in sorted(
        news.items(), key=lambda item: item[0] == "focus"
    ):  # the focus last: a new prompt resets it
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
