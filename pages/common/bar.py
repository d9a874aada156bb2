"""The slim bar on top: the name, the model, projector mode, theme and language."""

import streamlit as st

from model_backend.hub import catalogue
from pages.common import state
from pages.common.components import component
from pages.common.model_menu import choose_model
from pages.common.page_map import BY_KEY
from pages.common.text import LANGUAGES, TAGS, language, t
from viz.labels import no_markdown


def draw_bar() -> None:
    """Draw the bar into the current container."""
    st.html('<div class="ts-brand">Token<span>scope</span></div>', width="content")
    _draw_model_picker()
    st.space("stretch")
    with st.container(key="frame_glossary", width="content"):
        st.page_link(BY_KEY["glossary"].file, label=t(BY_KEY["glossary"].title), query_params=state.address())
    component(
        "toolbar",
        key="toolbar",
        data={
            "projector": state.get("projector"),
            "projector_label": t("Projector"),
            "projector_help": t("Larger type for the back row"),
            "themes": {"System": t("Theme: as the device"), "Light": t("Theme: light"), "Dark": t("Theme: dark")},
            "pages": [page.url_path for page in BY_KEY.values()],
            "theme_help": t("Light, dark, or as the device says"),
            "languages": LANGUAGES,
            "language": language(),
            "language_label": t("Language"),
            "tag": TAGS[language()],
        },
        on_projector_change=_switch_projector,
        on_language_change=_switch_language,
        on_scheme_change=_draw_anew,
    )


def _switch_projector() -> None:
    if st.session_state["toolbar"].projector is not None:
        state.put("projector", bool(st.session_state["toolbar"].projector))


def _draw_anew() -> None:
    """Nothing to note: the run that follows knows the theme."""


def _switch_language() -> None:
    if st.session_state["toolbar"].language in LANGUAGES:
        state.put("lang", st.session_state["toolbar"].language)


def _draw_model_picker() -> None:
    name = state.get("model")
    entry = catalogue.describe(name)
    title = entry.title if entry else name
    shown = title if len(title) <= 40 else title[:39] + "…"
    label = t("Model: {name}", name=no_markdown(shown))
    if st.button(label, key="model_picker", icon=":material/unfold_more:", icon_position="right"):
        choose_model()
