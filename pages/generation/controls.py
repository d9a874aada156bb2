"""What the person decides before writing: how the dice fall, and when to stop."""

import streamlit as st

from pages.common import server_settings, state
from pages.common.screen import Screen
from pages.common.text import rich, t
from pages.common.words import note
from pages.generation import writing

WINDOWS = (16, 32, 64, 128)


def show(s: Screen) -> None:
    """The row of controls."""
    with st.container(key="generation_controls", horizontal=True, vertical_alignment="bottom"):
        _shared("temperature", t("Temperature (0 = greedy)"), 0.0, 3.0, 0.05)
        _shared("top_p", t("top-p (1 = off)"), 0.05, 1.0, 0.05)
        _number("seed", t("Seed of the dice"))
        longest = min(s.model.info.max_positions, server_settings.settings().max_new_tokens)
        _own("length", t("Longest text, in new tokens"), 1, longest, 40)
        _stop_words()
        if s.model.info.kind == "decoder":
            _window(s)
    others = _others()
    if others:
        words = rich("Set on the Sampling screen besides: {others}. They hold here too.", others=others)
        note(words)


def _shared(name: state.NumberName, label: str, low: float, high: float, step: float) -> None:
    key = f"generation_{name}"
    st.session_state[key] = float(min(max(state.get(name), low), high))
    st.slider(label, low, high, step=step, key=key, on_change=_put, args=(name,), width=200)


def _number(name: state.WholeName, label: str) -> None:
    key = f"generation_{name}"
    st.session_state[key] = state.get(name)
    st.number_input(label, 0, 999_999_999, key=key, on_change=_put, args=(name,), width=150)


def _put(name: str) -> None:
    state.put(name, st.session_state[f"generation_{name}"])


def _own(name: str, label: str, low: int, high: int, default: int) -> None:
    key = f"generation_{name}"
    st.session_state[key] = min(st.session_state.get(f"_{key}", default), high)
    st.number_input(label, low, high, key=key, on_change=_keep, args=(name,), width=190)


def _keep(name: str) -> None:
    st.session_state[f"_generation_{name}"] = st.session_state[f"generation_{name}"]


def _stop_words() -> None:
    st.session_state["generation_stop_words"] = st.session_state.get("_generation_stop_words", "")
    st.text_input(
        t("Stop words"),
        key="generation_stop_words",
        placeholder=t("such as .|\\n"),
        on_change=_keep,
        args=("stop_words",),
        help=t("Writing stops as soon as one of them stands in the text. Separate several by |; \\n is a line break."),
        width=170,
    )


def _window(s: Screen) -> None:
    """How many tokens the model may see, and what happens when there are more."""
    largest = s.model.info.max_positions
    sizes = [n for n in WINDOWS if n < largest] + [largest]
    st.session_state["generation_window"] = min(writing.window() or largest, largest)
    st.selectbox(
        t("Context window"),
        sizes,
        key="generation_window",
        format_func=lambda n: t("{n} tokens (all)", n=n) if n == largest else t("{n} tokens", n=n),
        on_change=_keep_window,
        args=(largest,),
        help=t("The most that the model sees at once. Make it small to watch it fill and overflow."),
        width=170,
    )
    st.session_state["generation_slides"] = st.session_state.get("_generation_slides", False)
    st.toggle(
        t("When full, forget the oldest"),
        key="generation_slides",
        on_change=_keep,
        args=("slides",),
        help=t(
            "Off: writing stops at a full window. On: the oldest quarter falls out, and the model goes on without it."
        ),
    )


def _keep_window(largest: int) -> None:
    chosen = st.session_state["generation_window"]
    st.session_state["_generation_window"] = None if chosen == largest else chosen


def _others() -> str:
    """Settings that have no control here and are not at their default."""
    names = {
        "top_k": "top-k", "min_p": "min-p", "repetition": t("repetition penalty"), "presence": t("presence penalty"),
        "frequency": t("frequency penalty"),
    }  # fmt: skip
    now = [
        f"{label} {state.get(name):g}" for name, label in names.items() if state.get(name) != state.FIELDS[name].default
    ]
    return ", ".join(now)
