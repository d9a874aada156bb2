"""The slim bar on top: the name, the model, projector mode and theme."""

from html import escape

import streamlit as st

from model_backend import catalogue
from pages.common import cached, state
from pages.common.components import component
from pages.common.page_map import PAGES
from pages.common.text import t


def draw_bar() -> None:
    """Draw the bar into the current container."""
    st.html('<div class="ts-brand">Token<span>scope</span></div>', width="content")
    _draw_model_picker()
    st.space("stretch")
    component(
        "toolbar",
        key="toolbar",
        data={
            "projector": state.get("projector"),
            "projector_label": t("Projector"),
            "projector_help": t("Larger type for the back row"),
            "themes": {"System": t("Theme: as the device"), "Light": t("Theme: light"), "Dark": t("Theme: dark")},
            "pages": [page.url_path for page in PAGES],
            "theme_help": t("Light, dark, or as the device says"),
        },
        on_projector_change=_switch_projector,
    )


def _switch_projector() -> None:
    if st.session_state["toolbar"].projector is not None:
        state.put("projector", bool(st.session_state["toolbar"].projector))


def _draw_model_picker() -> None:
    name = state.get("model")
    entry = catalogue.find(name)
    title = entry.title if entry else name
    shown = title if len(title) <= 40 else title[:39] + "…"
    with st.popover(t("Model: {name}", name=_plain(shown)), key="model_picker"):
        entries = catalogue.entries()
        names = [item.name for item in entries]
        for item in entries:
            st.html(_entry_html(item, chosen=item.name == name))
            if item.name != name:
                st.button(t("Use this model"), key=f"use_{item.name}", on_click=state.put, args=("model", item.name))
        st.text_input(
            t("Another model: a Hugging Face id or a folder on this machine"),
            value="" if name in names else name,
            key="model_other",
            placeholder="openai-community/gpt2",
            on_change=_choose_other,
            help=t("Weights must be in the safetensors format; code that comes with a model is never run."),
        )
        _draw_device(name)


def _choose_other() -> None:
    name = st.session_state["model_other"].strip()
    if name:
        state.put("model", name)


def _draw_device(name: str) -> None:
    info = cached.info_if_open(name)
    if info:
        st.caption(
            t(
                "Loaded on {device} in {dtype}: {layers} layers, {heads} heads, {n:,} parameters, reads up to {limit:,} tokens.",
                device=info.device,
                dtype=info.dtype,
                layers=info.n_layers,
                heads=info.n_heads,
                n=info.n_parameters,
                limit=info.max_positions,
            )
        )


def _plain(text: str) -> str:
    """Text for a widget label, where Streamlit would read Markdown."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+-.!$:~|" else c for c in text)


def _entry_html(entry, chosen: bool) -> str:
    rows = [
        (
            t("Size"),
            t("{n:.1f} million parameters, {mb:.0f} MB", n=entry.n_parameters / 1e6, mb=entry.bytes_on_disk / 1e6),
        ),
        (t("Licence"), entry.licence),
        (t("Kind"), _kind(entry.kind)),
    ]
    facts = "".join(f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>" for label, value in rows)
    mark = f" · {escape(t('in use'))}" if chosen else ""
    return (
        f"<p><b>{escape(entry.title)}</b>{mark}<br>{escape(t(entry.description))}</p>"
        f'<table class="ts-facts">{facts}</table>'
    )


def _kind(kind: str) -> str:
    return {
        "decoder": t("decoder: reads left to right and predicts the next token"),
        "encoder": t("encoder: reads in both directions and fills gaps"),
        "encoder-decoder": t("encoder-decoder: reads one text and writes another"),
    }[kind]
