"""The prompt: its box, ready-made examples for the kind of model, and the link to share."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model_backend.hub import catalogue
from model_backend.tokens.face import ModelFace
from pages.common import door, state
from pages.common.components import component
from pages.common.examples import examples_for
from pages.common.text import t


def kind_if_known() -> str | None:
    """What kind of model is chosen, as far as can be said without opening it."""
    name = state.get("model")
    known = door.info_if_open(name) or catalogue.find(name)
    return known.kind if known else None


def gap_mark(model: ModelFace) -> str:
    """The token that stands for a gap in a text for this model, as it is typed."""
    return "" if model.mask_id is None else model.piece(model.mask_id)


def draw_prompt(place: DeltaGenerator, kind: str, gap: str = "") -> None:
    """The prompt, ready-made examples for that kind of model with its mark of a gap, and the link to share."""
    with place:
        _draw_prompt_box(examples_for(kind, gap))


def _draw_prompt_box(examples: tuple[tuple[str, str], ...]) -> None:
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
            "skip": t("Go on to the picture"),
            "examples_label": t("Try"),
            "examples": [{"label": t(label), "text": text} for label, text in examples],
            "copy": t("Copy link"),
            "copied": t("Link copied"),
            "copy_failed": t("Copy the address of this page"),
            "too_long": "" if state.fits_address("prompt") else t("This text is too long to travel in a link."),
        },
        on_text_change=_prompt_from_box,
    )


def _prompt_from_box() -> None:
    text = st.session_state["prompt_box"].text
    if text is not None:
        st.session_state["_prompt_shown"] = text
        state.put("prompt", text)
