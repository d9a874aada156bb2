"""What a person takes along from a screen: its pictures, its numbers, its link, and a notebook that computes it again.

Every card holds a button (cards.py); the menu behind it is one component a screen (viz/components/take), which draws
the pictures in the browser. Files of numbers and the notebook are made when they are asked for.
"""

import streamlit as st

from model_backend.base.version import VERSION
from pages.common import state
from pages.common.cards import SHOWN
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import t
from viz import notebooks
from viz.labels import visible

MAX_PROMPT_IN_SOURCE = 70


def begin(s: Screen) -> None:
    """Draw the menu of this screen. Its prompt was cut; its cards come after this."""
    shown = st.session_state[SHOWN] = {}
    _hold_to_revision(s.model.info.revision)
    made = {"software": f"Tokenscope {VERSION}", "source": _source(s), "fits": _fits_a_link()}
    component("take", key="take", data={"words": _words(), **made})
    looked_at, shared = _looked_at(s), state.shared()
    st.download_button(
        t("Notebook of this screen (.ipynb)"),
        lambda: notebooks.write(notebooks.Look(**looked_at, shared=dict(shared), shown=dict(shown))),
        file_name=f"tokenscope-{s.page.key}.ipynb",
        mime="application/x-ipynb+json",
        key="take_notebook",
        on_click="ignore",
    )


def _hold_to_revision(here: str) -> None:
    """Let the address name the version of the model that is open, and say so if a link was made with another."""
    asked = state.get("revision")
    if not here or asked == here:
        return
    if asked:
        st.toast(
            t("This link was made with version {asked} of the model; here it is {here}. Numbers may differ.",
              asked=asked[:12], here=here[:12]),
            icon=":material/info:", duration="long",
        )  # fmt: skip
    state.put("revision", here)
    state.write_address()


def _looked_at(s: Screen) -> dict:
    """What the notebook has to open and to read. The file is made later, in a thread that knows no session."""
    target = s.target_tokens
    return {
        "screen": s.page.key,
        "title": t(s.page.title),
        "question": t(s.page.question),
        "about": t("Computed again with Tokenscope’s backend: each part below is a card of the screen."),
        "kind": s.model.info.kind,
        "name": s.model.info.name,
        "revision": s.model.info.revision,
        "dtype": s.model.info.dtype,
        "quantization": s.model.info.quantization,
        "prompt": state.get("prompt"),
        "focus": s.focus,
        "hidden": s.hidden,
        "target": None if target is None else tuple(target.ids.tolist()),
        "target_focus": None if target is None else s.target_focus,
    }


def _source(s: Screen) -> str:
    """The line below a picture: where it comes from."""
    text = visible(state.get("prompt")).replace("·", " ")
    short = text if len(text) <= MAX_PROMPT_IN_SOURCE else text[: MAX_PROMPT_IN_SOURCE - 1] + "…"
    return f"Tokenscope · {s.model.info.name} · “{short}”"


def _fits_a_link() -> bool:
    return all(state.fits_address(name) for name in ("prompt", "target"))


def _words() -> dict[str, str]:
    """What the menu says."""
    return {
        "menu": t("Take away"),
        "png": t("Picture (PNG)"),
        "svg": t("Picture to edit (SVG)"),
        "csv": t("Numbers (CSV)"),
        "link": t("Copy a link to this screen"),
        "notebook": t("Notebook of this screen (.ipynb)"),
        "no_numbers": t("This card has no table of numbers."),
        "too_long": t("Your text is too long for a link. The notebook holds all of it."),
        "copied": t("Copied. Whoever opens the link sees this screen."),
        "copy_by_hand": t("This browser lets no page copy. Copy the link from the field."),
        "drawing": t("Drawing …"),
        "cannot": t("This browser could not make the picture. A screenshot will do, or another browser."),
    }
