"""What is drawn in the browser: components of our own, and plotly figures."""

from functools import lru_cache
from typing import Literal

import streamlit as st
from streamlit.components import v2

from pages.common import state
from viz.components import FOLDER, source
from viz.theme import enlarged


@lru_cache(maxsize=64)
def _renderer(name: str, changed: float):
    parts = source(name)
    return v2.component(f"tokenscope.{name}", html=parts["html"], css=parts["css"], js=parts["js"])


def component(
    name: str,
    *,
    key: str,
    data: object,
    default: dict | None = None,
    height: int | Literal["content"] = "content",
    **callbacks,
):
    """Mount the browser component of that name (a folder of viz/components) and return its state."""
    changed = max(path.stat().st_mtime for path in (FOLDER / name).iterdir())
    # Streamlit looks long and hard whether a list is a table; a tuple is written down the same
    if isinstance(data, dict):
        data = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return _renderer(name, changed)(key=key, data=data, default=default, height=height, **callbacks)


def chart(figure, *, key: str, alt: str, config: dict | None = None, **more) -> None:
    """Draw a plotly figure, larger in projector mode; `alt` says what it shows to who cannot see it."""
    shown = enlarged(figure) if state.get("projector") else figure
    st.plotly_chart(shown, key=key, theme=None, alt=alt, config={"displaylogo": False} | (config or {}), **more)
