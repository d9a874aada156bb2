"""The frame that every screen shares: the bar on top, the line of stations, the prompt and the token ribbon.

A screen is `with screen("tokens") as s:`; what it may use is on `s`. Errors that a person can cause are shown in place.
"""

import streamlit as st

from model_backend import BackendError
from pages.common import door, errors, hiding, hiding_control, state, taking, target
from pages.common.components import component
from pages.common.help import draw_help
from pages.common.outline import Outline
from pages.common.page_map import BY_KEY, Page
from pages.common.prompt import draw_prompt, gap_mark, kind_if_known
from pages.common.screen import Screen
from pages.common.text import rich, t, tn
from viz.chips import ribbon


class Frame:
    """Opens a Screen and draws what stands above its cards; shows what goes wrong in them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __enter__(self) -> Screen:
        outline = Outline(self.page)
        prompt = st.container(key="frame_prompt")
        kind = kind_if_known()
        is_drawn = False
        if kind in ("decoder", "encoder-decoder"):
            is_drawn = True  # before the model is there; else its own gap mark stands in the examples
            draw_prompt(prompt, kind)
        outline.fill()
        try:
            name = state.get("model")
            model = door.open_model(name)
            if not is_drawn:
                is_drawn = True
                draw_prompt(prompt, model.info.kind, gap_mark(model))
            s = Screen(self.page, name, model)
            _draw_tokens(s)
            draw_help(s)
            taking.begin(s)
        except BackendError as error:
            if not is_drawn:
                draw_prompt(prompt, "decoder")
            errors.show(error)
            st.stop()
        return s

    def __exit__(self, kind, error, trace) -> bool:
        told = errors.told(error)
        if told is not None:
            errors.show(told)
        return told is not None


def screen(key: str) -> Frame:
    """Open the screen of that key of the page map."""
    return Frame(BY_KEY[key])


def _draw_tokens(s: Screen) -> None:
    """The prompt in tokens and what belongs to it, by the kind of model."""
    if s.model.info.kind == "encoder-decoder":
        texts, controls = st.columns([5, 2], gap="medium")
        with controls:
            target.draw_controls(s.model)
        with texts:
            words = t("Source: your text. The encoder reads all of it.")
            st.html(rich('<p class="ts-note">{words}</p>', words=words))
            _draw_ribbon(s)
            target.draw_target(s)
        return
    _draw_ribbon(s)
    if s.model.info.kind == "encoder":
        hiding_control.draw(s)


def _draw_ribbon(s: Screen) -> None:
    data = ribbon(s.prompt_tokens, focus=s.focus, hidden=s.hidden)
    more = data["hidden"]
    component(
        "chips",
        key="ribbon",
        data=data
        | {
            "label": t("The prompt in tokens; choose one to look at"),
            "special": t("special token"),
            "masked": t("hidden"),
            "more": tn("… and {n} more token", "… and {n} more tokens", more) if more else "",
        },
        on_focus_change=lambda: _focus_from_ribbon(s),
    )


def _focus_from_ribbon(s: Screen) -> None:
    position = st.session_state["ribbon"].focus
    if position is not None:
        hiding.click(int(position), s.focus, s.page.guesses)
