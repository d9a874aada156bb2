"""What all screens share, held in the session and in the address, so that a link reproduces the screen.

The address wins when it says something that this program did not write there (a deep link, the back button, a link from
the menu); otherwise the session does, and the address is brought up to date.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, overload
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.common.fields import FIELDS, ChoiceName, IndexName, NumberName, TextName, WholeName, written

MAX_PROMPT_IN_ADDRESS = 2_000
_STORE = "_shared"
_WRITTEN = "_shared_in_address"

_store_of_run: WeakKeyDictionary[object, dict] = WeakKeyDictionary()


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
        if value != field.default and len(text := written(value)) <= MAX_PROMPT_IN_ADDRESS:
            result[name] = text
    return result


def fits_address(name: TextName) -> bool:
    """Whether a text (prompt, target) is short enough to travel in a link."""
    return len(get(name)) <= MAX_PROMPT_IN_ADDRESS


def read_address() -> None:
    """Take over what a link brought. Wrong values are ignored: the screen then shows its default."""
    ours = _written_address()
    news = {name: raw for name, raw in st.query_params.items() if name in FIELDS and raw != ours.get(name)}
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
