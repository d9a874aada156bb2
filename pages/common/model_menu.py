"""Choose a model: what is on this machine, what can be fetched, and whether it fits, before anything is loaded."""

import streamlit as st

from model_backend.hub.fitting import Fit, size
from model_backend.serving.choosing import Choice
from pages.common import door, state
from pages.common.components import component
from pages.common.server_settings import settings
from pages.common.text import t


def choose_model() -> None:
    """Open the dialog."""
    st.dialog(t("Choose a model"), width=1080)(_draw_choice)()


def _draw_choice() -> None:
    """What is here, a field for any other model, and what the hub has."""
    here, elsewhere = door.desk().choices()
    _draw_state(state.get("model"))
    chosen = _draw_table("models_here", t("On this machine"), "", t("On disk"), here)
    if settings().shared:
        st.caption(t("This server offers these models. Whoever runs it can add others to its settings."))
    else:
        chosen |= _draw_other()
    if elsewhere:
        note = t("Choosing one downloads it once; afterwards it opens without a network.")
        chosen |= _draw_table("models_hub", t("From the Hugging Face hub"), note, t("To download"), elsewhere)
    if chosen:
        st.rerun()


def _draw_other() -> bool:
    """The field for a model by its id or its folder; whether one was named now."""
    named = st.text_input(
        t("Another model: a Hugging Face id or a folder on this machine"),
        key="model_other",
        placeholder="owner/model",
        on_change=_take_other,
        help=t("Weights must be in the safetensors format; code that comes with a model is never run."),
    )
    return bool(named.strip())


def _draw_table(key: str, title: str, note: str, size_head: str, choices: list[Choice]) -> bool:
    """One group of models; whether one of them was chosen now."""
    head = [t("Model"), t("What it does"), t("Parameters"), size_head, t("Licence"), t("Memory"), t("Does it fit?")]
    rows = [_row(choice) for choice in choices]
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


def _row(choice: Choice) -> dict:
    """One line of the table, all in words."""
    entry, fit, is_here = choice.entry, choice.fit, choice.is_here
    is_now = entry.name == state.get("model")
    return {
        "name": entry.name,
        "title": entry.title,
        "text": t(entry.description) if entry.description else "",
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
    """Where models run here, the memory used and free there, and what is known of the model in use."""
    memory = door.desk().memory()
    sentences = [t("Models run on {device} here.", device=device_words(memory.device))]
    if memory.used is not None:
        sentences.append(t("This program holds {size} of its memory.", size=size(memory.used)))
    if memory.free is not None:
        sentences.append(
            t(
                "{size} are free for a model. What does not fit cannot be chosen: close other programs, or take a smaller model.",
                size=size(memory.free),
            )
        )
    info = door.info_if_open(name)
    if info:
        sentences.append(
            t(
                "The model in use has {layers} layers with {heads} heads and reads up to {limit:,} tokens; its numbers are kept "
                "as {dtype}.",
                layers=info.n_layers, heads=info.n_heads, limit=info.max_positions, dtype=dtype_words(info.dtype),
            )
        )  # fmt: skip
        if info.quantization:
            sentences.append(
                t(
                    "Its matrices are stored with {bits} a number to save memory, so it answers a little differently.",
                    bits={"8-bit": t("8 bits"), "4-bit": t("4 bits")}[info.quantization],
                )
            )
    st.caption(" ".join(sentences))


def device_words(device: str) -> str:
    """A device as a person knows it."""
    kind, _, number = device.partition(":")
    if kind == "cpu":
        return t("the processor")
    return t("graphics card {number}", number=int(number) + 1) if number else t("the graphics card")


def dtype_words(dtype: str) -> str:
    """A number format, and what it means."""
    return {
        "float32": t("float32 (4 bytes each, about 7 digits)"),
        "bfloat16": t("bfloat16 (2 bytes each, about 3 digits)"),
        "float16": t("float16 (2 bytes each, about 4 digits)"),
    }[dtype]
