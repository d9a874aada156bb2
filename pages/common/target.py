"""The second text of a translator: the language it is to write in, the target, and the tokens of it to look at."""

import re

import streamlit as st

from model_backend.tokens.face import ModelFace
from pages.common import state
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import rich, t, tn
from viz.chips import ribbon

_MARK = re.compile(r">>[\w-]{2,12}<<")


def marks(model: ModelFace) -> list[str]:
    """The tokens `>>fra<<` that tell this model which language to write in."""
    return sorted(token for token in model.vocabulary.backend.get_vocab() if _MARK.fullmatch(token))


def language_name(mark: str) -> str:
    """A mark in words: its ISO 639-3 code by name where it is a common one."""
    names = {
        "eng": t("English"), "fra": t("French"), "deu": t("German"), "nld": t("Dutch"), "spa": t("Spanish"),
        "ita": t("Italian"), "por": t("Portuguese"), "pol": t("Polish"), "tur": t("Turkish"), "rus": t("Russian"),
        "ell": t("Greek"), "ara": t("Arabic"), "heb": t("Hebrew"), "hin": t("Hindi"), "zho": t("Chinese"),
        "jpn": t("Japanese"), "kor": t("Korean"),
    }  # fmt: skip
    return names.get(mark.strip("<>"), mark)


def draw_controls(model: ModelFace) -> None:
    """The language to write in, and the box for a translation of one's own."""
    _draw_languages(model)
    _draw_box()


def _draw_languages(model: ModelFace) -> None:
    """A choice of the language, written as a mark before the prompt; nothing for models without marks."""
    known = marks(model)
    if not known:
        return
    opened = _MARK.match(state.get("prompt"))
    now = opened.group() if opened and opened.group() in known else ""
    st.session_state["frame_language"] = now
    names = {"": t("no mark")} | {mark: language_name(mark) for mark in known}
    st.segmented_control(
        t("Translate into"),
        list(names),
        format_func=names.__getitem__,
        key="frame_language",
        required=True,
        on_change=_write_mark,
        args=(now,),
        help=t("The language is a token before the text, such as {mark}. You can type it yourself.", mark=known[0]),
    )


def _write_mark(before: str) -> None:
    mark = st.session_state["frame_language"]
    text = state.get("prompt").removeprefix(before).lstrip()
    state.put("prompt", f"{mark} {text}" if mark else text)


def draw_target(s: Screen) -> None:
    """The target in tokens."""
    tokens, is_own = s.predicted, bool(state.get("target"))
    if is_own:
        words = t("Target: your translation. The decoder reads it token by token.")
    else:
        words = t("Target: the model's own translation, always the likeliest token next.")
    if not is_own and int(tokens.ids[-1]) not in s.model.end_ids:
        words = t("Target: the model did not come to an end; this is where it was broken off.")
    st.html(rich('<p class="ts-note">{words}</p>', words=words))
    data = ribbon(tokens, focus=s.target_focus)
    component(
        "chips",
        key="target_ribbon",
        data=data
        | {
            "label": t("The target in tokens; choose one to look at"),
            "special": t("special token"),
            "more": tn("… and {n} more token", "… and {n} more tokens", data["hidden"]) if data["hidden"] else "",
        },
        on_focus_change=_focus_from_target,
    )


def _draw_box() -> None:
    """The box follows the shared value, as the prompt box does."""
    revision = st.session_state.get("_target_revision", 0)
    if st.session_state.get("_target_shown", "") != state.get("target"):
        revision += 1
        st.session_state["_target_revision"] = revision
        st.session_state["_target_shown"] = state.get("target")
    component(
        "prompt",
        key="target_box",
        data={
            "text": state.get("target"),
            "revision": revision,
            "label": t("Your own translation: how likely does the model hold it?"),
            "placeholder": t("Type a translation …"),
            "is_small": True,
            "examples_label": "",
            "examples": [],
            "copy": "",
            "too_long": "" if state.fits_address("target") else t("This text is too long to travel in a link."),
        },
        on_text_change=_target_from_box,
    )
    if state.get("target"):
        st.button(t("Back to the model's own"), key="target_clear", on_click=state.put, args=("target", ""))


def _target_from_box() -> None:
    text = st.session_state["target_box"].text
    if text is not None:
        st.session_state["_target_shown"] = text
        state.put("target", text if text.strip() else "")


def _focus_from_target() -> None:
    position = st.session_state["target_ribbon"].focus
    if position is not None:
        state.put("target_focus", int(position))
