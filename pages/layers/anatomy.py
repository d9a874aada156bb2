"""What the model is made of: every weight matrix to scale, memory, and the cost of a token."""

import streamlit as st

from model_backend.serving.questions.inside import anatomy
from pages.common.cards import card
from pages.common.components import chart
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import Html, rich, t
from pages.common.words import block, facts_html, note
from viz import layers as pictures
from viz.labels import percent


def role_names() -> dict[str, str]:
    """What a weight does, in words."""
    return {
        "embedding": t("embedding"), "position": t("positions"), "norm": t("norms"), "query": t("query"), "key": t("key"),
        "value": t("value"), "qkv": t("query, key, value"), "attention output": t("attention output"),
        "attention other": t("attention, other"), "up": t("MLP up"), "gate": t("MLP gate"), "gate and up": t("MLP gate and up"),
        "down": t("MLP down"), "router": t("router"), "mixer": t("mixer"), "head": t("output"), "other": t("other"),
    }  # fmt: skip


def size(n_bytes: float) -> str:
    """Bytes for people."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= factor:
            return f"{n_bytes / factor:.3g} {unit}"
    return f"{n_bytes:.0f} B"


def count(n: float) -> str:
    """A large number for people."""
    for unit, factor in ((t("billion"), 1e9), (t("million"), 1e6), (t("thousand"), 1e3)):
        if n >= factor:
            return f"{n / factor:.3g} {unit}"
    return f"{n:.0f}"


def answer(info, found) -> Html:
    """The model's size in one sentence."""
    shape = t("{layers} layers", layers=info.n_layers)
    if info.n_heads:
        shape = t("{layers} layers of {heads} heads", layers=info.n_layers, heads=info.n_heads)
    if info.kind == "encoder-decoder":
        shape = t(
            "{encoder} layers of {encoder_heads} heads that read and {decoder} layers of {decoder_heads} heads that write",
            encoder=info.n_layers, encoder_heads=info.n_heads, decoder=info.n_decoder_layers, decoder_heads=info.n_decoder_heads,
        )  # fmt: skip
    return rich(
        "{model} has <b>{n}</b> parameters: {shape}, vectors of {d} numbers, a vocabulary of {vocab}.",
        model=info.name.rstrip("/").split("/")[-1], n=f"{found.n_parameters:,}", shape=shape, d=info.d_model,
        vocab=f"{info.vocab_size:,}",
    )  # fmt: skip


@fragment
def show_anatomy(s: Screen) -> None:
    """The picture to scale, memory at several precisions, FLOPs."""
    info, found = s.model.info, s.ask(anatomy)
    with card("layers_anatomy", t("What is this model made of?"), answer(info, found)) as c:
        figure = pictures.anatomy_figure(
            found.weights, role_names(),
            {"outside": t("outside the layers"), "layer": t("layer {n}"), "model": t("all parameters"),
             "encoder": t("encoder"), "decoder": t("decoder")},
            dark=s.is_dark,
        )  # fmt: skip
        alt = t("All parameters of the model as boxes, drawn to scale")
        chart(figure, key="layers_anatomy_picture", alt=alt)
        note(
            t(
                "Every box is a set of weights, as large as its number of parameters. Click a box to go inside, the "
                "bar on top to come back."
            )
        )
        show_costs(found)
        if info.n_heads:
            note(t("Each head works with its own part of a vector: {formula}.", formula=found.head_formula))
        if found.cache_bytes_per_token:
            note(
                t(
                    "While it writes, the model keeps {size} of keys and values for every token so far.",
                    size=size(found.cache_bytes_per_token),
                )
            )
        c.numbers(numbers_of(found), file="weights.csv")
        c.formula(
            r"\text{FLOPs per token} \approx 2\,N + 4\,n_{layers}\,d\,n_{context}",
            t(
                "Two operations for each parameter that is multiplied (N), and the products with every token in sight. {formula}",
                formula=found.head_formula,
            ),
        )


def show_costs(found) -> None:
    """Memory at several precisions, and the operations for one token."""
    left, right = st.columns(2, gap="medium")
    with left:
        block(
            t("Memory of the weights"),
            facts_html([(t("{bits} bits a number", bits=bits), size(found.bytes_at[bits])) for bits in (32, 16, 8, 4)]),
        )
    with right:
        lines = [
            (t("through the weights"), count(found.flops_weights)),
            (t("to the vocabulary"), count(found.flops_output)),
            (t("attention to {n} tokens", n=f"{found.context:,}"), count(found.flops_attention)),
            (t("one token, together"), count(found.flops_per_token)),
        ]
        block(t("Arithmetic for one token (operations)"), facts_html(lines))


def numbers_of(found) -> dict[str, list]:
    """Every weight as a line."""
    names = role_names()
    return {
        t("weight"): [w.name for w in found.weights],
        t("what it does"): [names[w.role] for w in found.weights],
        t("layer"): ["" if w.layer < 0 else str(w.layer) for w in found.weights],
        t("shape"): [" × ".join(map(str, w.shape)) for w in found.weights],
        t("parameters"): [w.n_parameters for w in found.weights],
        t("share"): [percent(w.share) for w in found.weights],
        t("the same numbers as"): [w.tied_to for w in found.weights],
    }
