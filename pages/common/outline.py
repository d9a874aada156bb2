"""What surrounds every page, also one without a prompt: the bar on top, the line of stations, the style, the words explained."""

from pathlib import Path

import streamlit as st

from pages.common import state
from pages.common.bar import draw_bar
from pages.common.glossary import draw_explanations
from pages.common.page_map import PAGES, Page
from pages.common.text import t
from viz.theme import CODE_FONT, PROJECTOR_SCALE, css_variables

STYLE, PROJECTOR_STYLE = ((Path(__file__).parent / name).read_text("utf-8") for name in ("style.css", "projector.css"))
ICON = str(Path(__file__).parent / "icon.png")


class Outline:
    """Opens a page: reads the address and keeps the places on top free until the shared values are known."""

    def __init__(self, page: Page) -> None:
        self.page = page
        state.read_address()  # the language, too, stands there
        st.set_page_config(page_title=f"{t(page.title)} · Tokenscope", page_icon=ICON, layout="wide")
        draw_style()
        self._bar = st.container(key="frame_bar", horizontal=True, vertical_alignment="center")
        self._stations = st.container(key="frame_stations", horizontal=True)

    def fill(self) -> None:
        """Draw what carries the shared values: the address, the stations, the bar."""
        state.write_address()
        draw_stations(self._stations, self.page)
        with self._bar:
            draw_bar()
        draw_explanations()


def draw_style() -> None:
    """The house's style sheet, with the roles of colour; in projector mode larger type and fewer words."""
    projector = f":root{{font-size:{16 * PROJECTOR_SCALE:g}px}}{PROJECTOR_STYLE}" if state.get("projector") else ""
    st.html(f"<style>:root{{{css_variables()}--ts-code-font:{CODE_FONT}}}{STYLE}{projector}</style>")


def draw_stations(place, now: Page) -> None:
    """The way a sentence takes, each station a link that carries the shared state."""
    here = state.address()
    with place:
        for page in PAGES:
            mark = "now_" if page is now else ""
            with st.container(key=f"station_{mark}{page.key}", width="content"):
                st.page_link(page.file, label=t(page.title), query_params=here)
