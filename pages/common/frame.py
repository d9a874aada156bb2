"""The frame that every screen shares: the bar on top, the line of stations, the prompt and the token ribbon.

A screen is `with screen("tokens") as s:`; what it may use is on `s`. Errors that a person can cause are shown in place.
"""

from functools import cached_property
from pathlib import Path

import streamlit as st

from model_backend import BackendError, UnsupportedArchitecture
from pages.common import cached, errors, state
from pages.common.bar import draw_bar
from pages.common.components import component
from pages.common.examples import EXAMPLES
from pages.common.page_map import BY_KEY, PAGES, Page
from pages.common.text import t, tn
from viz.chips import ribbon
from viz.theme import CODE_FONT, css_variables

STYLE = (Path(__file__).parent / "style.css").read_text("utf-8")
ICON = str(Path(__file__).parent / "icon.png")
PROJECTOR_SCALE = 1.35


class Screen:
    """What a screen works with: the model, the prompt's tokens, its trace, the focused position."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __enter__(self) -> "Screen":
        st.set_page_config(page_title=f"{t(self.page.title)} · Tokenscope", page_icon=ICON, layout="wide")
        state.read_address()
        draw_style()
        bar = st.container(key="frame_bar", horizontal=True, vertical_alignment="center")
        stations = st.container(key="frame_stations", horizontal=True)
        draw_prompt()
        state.write_address()
        draw_stations(stations, self.page)
        with bar:
            draw_bar()
        try:
            self.model = cached.open_model(state.get("model"))
            if self.model.info.kind == "encoder-decoder":  # its target has no place on the screens yet
                raise UnsupportedArchitecture(
                    t("This model reads one text and writes another; the screens show models of one text so far."),
                    t("Choose a model that writes on or fills gaps."),
                )
            self.tokens = cached.tokenize(state.get("model"), state.get("prompt"))
        except BackendError as error:
            errors.show(error)
            st.stop()
        self._draw_ribbon()
        return self

    def __exit__(self, kind, error, trace) -> bool:
        if isinstance(error, BackendError):
            errors.show(error)
            return True
        return False

    @property
    def is_dark(self) -> bool:
        """Whether the person looks at the dark theme (plotly figures need to know; components do not)."""
        return st.context.theme.type == "dark"

    @property
    def focus(self) -> int:
        """The focused position, inside the prompt; the last token unless another was chosen."""
        last = max(len(self.tokens) - 1, 0)
        chosen = state.get("focus")
        return last if chosen is None else min(chosen, last)

    @cached_property
    def trace(self):
        """The forward pass over the prompt. Raises PromptTooLong or EmptyPrompt, which the screen shows."""
        with st.spinner(t("The model is reading …")):
            return cached.trace(state.get("model"), state.get("prompt"))

    def append(self, text: str) -> None:
        """Let the prompt go on with `text`."""
        state.put("prompt", state.get("prompt") + text)

    def _draw_ribbon(self) -> None:
        data = ribbon(self.tokens, focus=self.focus)
        hidden = data["hidden"]
        component(
            "chips",
            key="ribbon",
            data=data
            | {
                "label": t("The prompt in tokens; choose one to look at"),
                "special": t("special token"),
                "more": tn("… and {n} more token", "… and {n} more tokens", hidden) if hidden else "",
            },
            on_focus_change=_focus_from_ribbon,
        )


def screen(key: str) -> Screen:
    """Open the screen of that key of the page map."""
    return Screen(BY_KEY[key])


def draw_style() -> None:
    """The house's style sheet, with the roles of colour and the size of type."""
    size = f":root{{font-size:{16 * PROJECTOR_SCALE:g}px}}" if state.get("projector") else ""
    st.html(f"<style>:root{{{css_variables()}--ts-code-font:{CODE_FONT}}}{size}{STYLE}</style>")


def draw_stations(place, now: Page) -> None:
    """The way a sentence takes, each station a link that carries the shared state."""
    with place:
        for page in PAGES:
            mark = "now_" if page is now else ""
            with st.container(key=f"station_{mark}{page.key}", width="content"):
                st.page_link(page.file, label=t(page.title), query_params=state.address())


def draw_prompt() -> None:
    """The prompt, its ready-made examples, and the link to share."""
    revision = st.session_state.get("_prompt_revision", 0)
    shown = st.session_state.get("_prompt_shown")
    if shown != state.get("prompt"):  # changed by something else than typing: the box must follow
        revision += 1
        st.session_state["_prompt_revision"] = revision
        st.session_state["_prompt_shown"] = state.get("prompt")
    component(
        "prompt",
        key="prompt_box",
        data={
            "text": state.get("prompt"),
            "revision": revision,
            "label": t("Your text"),
            "placeholder": t("Type a sentence …"),
            "examples_label": t("Try"),
            "examples": [{"label": t(label), "text": text} for label, text in EXAMPLES],
            "copy": t("Copy link"),
            "copied": t("Link copied"),
            "copy_failed": t("Copy the address of this page"),
            "too_long": "" if state.prompt_fits_address() else t("This text is too long to travel in a link."),
        },
        on_text_change=_prompt_from_box,
    )


def _prompt_from_box() -> None:
    text = st.session_state["prompt_box"].text
    if text is not None:
        st.session_state["_prompt_shown"] = text
        state.put("prompt", text)


def _focus_from_ribbon() -> None:
    position = st.session_state["ribbon"].focus
    if position is not None:
        state.put("focus", int(position))
