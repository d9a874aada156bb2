"""Help where the question arises: one slim line under the prompt, and below it what was opened. Nothing is drawn unopened."""

import streamlit as st

from pages.common import state
from pages.common.fragments import fragment
from pages.common.glossary import term
from pages.common.guides import Guide, Preset, guide_of
from pages.common.literature import cited
from pages.common.screen import Screen
from pages.common.server_settings import settings
from pages.common.text import Html, rich, t
from viz.inside_code import quantized

KEPT = ("projector", "lang")  # what a preset leaves as it is: how one looks, not what one looks at


@fragment
def draw_help(s: Screen) -> None:
    """The line and its panel; only these run again when another topic is opened."""
    if st.session_state.pop("_help_tried", False):
        st.rerun(scope="app")
    topics = {
        "looking": (t("What am I looking at?"), show_looking),
        "trying": (t("What to try"), show_presets),
        "formula": (t("In formulas"), show_formula),
        "code": (t("In code"), show_code),
        "reading": (t("Read more"), show_literature),
    }
    st.session_state["help_topic"] = st.session_state.get(
        "_help_topic"
    )  # a screen's widgets are forgotten on the next one
    with st.container(key="help"):
        topic = st.pills(
            t("Help"),
            list(topics),
            format_func=lambda key: topics[key][0],
            key="help_topic",
            label_visibility="collapsed",
            on_change=_keep_topic,
        )
        if topic:
            with st.container(key="help_panel"):
                topics[topic][1](s, guide_of(s.page.key, s.model.info.kind))


def _keep_topic() -> None:
    st.session_state["_help_topic"] = st.session_state["help_topic"]


def show_looking(s: Screen, guide: Guide) -> None:
    """Three sentences, of which the back row gets the first, and the words that the screen needs."""
    sentences = [t(sentence) for sentence in guide.looking[: 1 if state.get("projector") else 3]]
    st.html(rich('<p class="ts-help">{text}</p>', text=" ".join(sentences)))
    if not state.get("projector"):
        words = Html(" ".join(map(term, guide.words)))
        st.html(rich('<p class="ts-words">{title} {words}</p>', title=t("Words on this screen:"), words=words))


def show_presets(s: Screen, guide: Guide) -> None:
    """Three things to try: a button each, and what it lets one see."""
    with st.container(key="help_presets", horizontal=True, gap="medium"):
        for preset in guide.presets:
            with st.container(key=f"help_preset_{preset.key}", gap=None):
                is_on = is_seen(preset)
                st.button(
                    t(preset.label),
                    key=f"help_try_{preset.key}",
                    type="primary" if is_on else "secondary",
                    icon=":material/check:" if is_on else None,
                    on_click=apply,
                    args=(preset,),
                )
                if is_on or not state.get("projector"):
                    look = rich('<a href="#{card}">{words}</a>', card=preset.card, words=t("Look there ↓"))
                    st.html(
                        rich(
                            '<p class="ts-help">{promise} {look}</p>',
                            promise=t(preset.promise),
                            look=look if is_on else "",
                        )
                    )


def is_seen(preset: Preset) -> bool:
    """Whether a preset was the last one tried and nothing that it sets was changed since."""
    return (
        st.session_state.get("_help_preset") == preset.key
        and all(state.get(name) == value for name, value in preset.shared.items())
        and all(st.session_state.get(name, value) == value for name, value in preset.widgets.items())
    )


def apply(preset: Preset) -> None:
    """Set what a preset sets, and all else that is looked at to its default."""
    for name, field in state.FIELDS.items():  # the model and the prompt come first; what hangs on them later
        if name not in KEPT:
            state.put(name, preset.shared.get(name, field.default))
    st.session_state.update(preset.widgets)
    st.session_state.update(_help_preset=preset.key, _help_tried=True)


def show_formula(s: Screen, guide: Guide) -> None:
    """The formula, after what its signs stand for."""
    st.html(rich('<p class="ts-help">{words}</p>', words=t(guide.symbols)))
    st.latex(guide.latex)


def show_code(s: Screen, guide: Guide) -> None:
    """Lines of Python that compute the screen's main number for this prompt."""
    st.html(
        rich(
            '<p class="ts-help">{words}</p>',
            words=t("These lines compute the main number of this screen without this program. Run them in its folder."),
        )
    )
    st.code(quantized(guide.code(s), settings().loading["quantization"]), language="python")


def show_literature(s: Screen, guide: Guide) -> None:
    """Where it is in the literature."""
    items = Html("".join(rich("<li>{source}</li>", source=cited(reference)) for reference in guide.literature))
    st.html(rich('<ul class="ts-literature">{items}</ul>', items=items))
