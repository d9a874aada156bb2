"""Parts of a screen that run again by themselves."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from pages.common import errors


def fragment(draw: Callable) -> Callable:
    """`st.fragment`, whose errors that a person can cause are shown in its place: the frame does not see them."""

    @st.fragment
    @wraps(draw)
    def guarded(*args, **kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except Exception as error:
            told = errors.told(error)
            if told is None:
                raise
            errors.show(told)

    return guarded
