"""Choose a model: what is on this machine, what can be fetched, and whether it fits, before anything is loaded."""

import streamlit as st

from model_backend.fitting import Fit, size
from pages.common import cached, state
from pages.common.components import component
from pages.common.text import t


def choose_model() -> None:
    """Open the dialog."""
    st.dialog(t("Choose a model"), width=1080)(_draw_choice)()


def _draw_choice() -> None:
    """What is here, a field for any other model, and what the hub has."""
    here, elsewhere = cached.catalogue_entries()
    _draw_state(state.get("model"))
    chosen = _draw_table("models_here", t("On this machine"), "", t("On disk"), here)
    other = st.text_input(
        t("Another model: a Hugging Face id or a folder on this machine"),
        key="model_other",
        placeholder="owner/model",
        on_change=_take_other,
        help=t("Weights must be in the safetensors format; code that comes with a model is never run."),
    )
    if elsewhere:
        note = t("Choosing one downloads it once; afterwards it opens without a network.")
        chosen |= _draw_table("models_hub", t("From the Hugging Face hub"), note, t("To download"), elsewhere)
    if chosen or other.strip():
        st.rerun()


def _draw_table(key: str, title: str, note: str, size_head: str, entries) -> bool:
    """One group of models; whether one of them was chosen now."""
    head = [t("Model"), t("What it does"), t("Parameters"), size_head, t("Licence"), t("Memory"), t("Does it fit?")]
    rows = [_row(entry) for entry in entries]
    data = {"title": title, "note": note, "head": head, "models": rows}
    return bool(component("models", key=key, data=data, on_chosen_change=lambda: _take_chosen(key)).chosen)


def _take_chosen(key: str) -> None:
    name = st.session_state[key].chosen
    if name:
        state.put("model", name)


def _take_other() -> None:
    name = st.session_state["model_other"].strip()
    if name:
        state.put("model", name)


def _row(entry) -> dict:
    """One line of the table, all in words."""
    fit = cached.fit(entry)
    is_here = cached.is_here(entry)
    is_now = entry.name == state.get("model")
    return {
        "name": entry.name,
        "title": entry.title,
        "text": t(entry.description),
        "cells": [
            kind_words(entry.kind), parameters(entry.n_parameters), size(entry.bytes_on_disk), entry.licence,
            size(fit.needed_bytes),
        ],
        "verdict": fit.verdict,
        "fit": fit_words(fit),
        "hint": "" if is_here or not entry.is_gated else t(
            "First accept its terms at huggingface.co/{name}, then set HF_TOKEN where this program runs.", name=entry.name
        ),
        "state": t("in use") if is_now else t("too big"),
        "now": is_now,
        "open": None if is_now or fit.verdict == "too_big" else t("Use") if is_here else t("Download"),
    }  # fmt: skip


def kind_words(kind: str) -> str:
    """What a model of that kind does, plainly."""
    return {
        "decoder": t("writes on"),
        "encoder": t("fills gaps"),
        "encoder-decoder": t("reads one text, writes another"),
    }[kind]


def parameters(n: int) -> str:
    """A number of parameters: "124 million", "8.0 billion"."""
    return t("{n:.1f} billion", n=n / 1e9) if n >= 999.5e6 else t("{n:.0f} million", n=n / 1e6)


def fit_words(fit: Fit) -> str:
    """Whether a model fits."""
    return {
        "fits": t("yes"),
        "tight": t("just so"),
        "too_big": t("no"),
        "unknown": t("not known"),
    }[fit.verdict]


def _draw_state(name: str) -> None:
    """The free memory, and what is known of the model in use."""
    free, device = cached.free_memory()
    sentences = []
    if free is not None:
        sentences.append(
            t(
                "{size} of memory are free for a model on {device}. What does not fit cannot be chosen: close other programs, "
                "or take a smaller model.",
                size=size(free),
                device=t("the processor") if device == "cpu" else t("the graphics card"),
            )
        )
    info = cached.info_if_open(name)
    if info:
        sentences.append(
            t(
                "The model in use has {layers} layers with {heads} heads and reads up to {limit:,} tokens; its numbers are kept "
                "as {dtype}.",
                layers=info.n_layers, heads=info.n_heads, limit=info.max_positions, dtype=info.dtype,
            )
        )  # fmt: skip
    st.caption(" ".join(sentences))
