"""Who wrote this prediction: the parts of a logit."""

import streamlit as st

from model_backend import BackendError
from model_backend.serving.questions.inside import attribution
from model_backend.serving.questions.reading import next_token
from pages.common.cards import card
from pages.common.components import chart
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, said, t, token
from pages.common.words import note
from pages.layers.looking import token_typed
from viz import inside_code
from viz import layers as pictures
from viz.labels import visible


@fragment
def show_attribution(s: Screen) -> None:
    """The logit of the predicted token, or of the difference of two tokens, as a sum of parts."""
    focus = s.predicted_focus
    title = t("Who wrote this prediction?")
    guess = int(s.ask(next_token, focus).ids[0])
    chosen, other, remark = asked_for(s, guess)
    try:
        found = s.ask(attribution, chosen, focus, other)
    except BackendError as error:
        with card("layers_attribution", title):
            note(said(error))
        return
    with card("layers_attribution", title, answer(s, found)) as c:
        with st.container(horizontal=True):
            shown = visible(s.model.piece(guess))
            st.text_input(t("Token"), key="layers_token", placeholder=shown, live=True, width=260)
            st.text_input(
                t("against another token"), key="layers_against", placeholder=t("nothing"), live=True, width=260
            )
        if remark:
            note(remark)
        labels = [part_name(kind, int(layer)) for kind, layer in zip(found.kinds, found.layers, strict=True)]
        axis = t("logit") if other is None else t("difference of the logits")
        sum_name = t("the logit") if other is None else t("the difference")
        figure = pictures.parts_figure(
            labels, found.values, found.kinds, {"sum": sum_name, "axis": axis}, dark=s.is_dark
        )
        alt = t("What each part of the model added, from the embedding to the last layer: {n} bars", n=len(labels))
        chart(figure, key="layers_parts", alt=alt)
        note(
            t(
                "The parts add up to {total}; the model itself gives {logit}. The final norm divides by one number "
                "for the whole vector; it is held fixed here, else no sum would be possible.",
                total=signed(found.total),
                logit=signed(found.logit),
            )
        )
        show_heads(found.heads, "layers_heads", t("The attention parts once more, head by head."), axis, s.is_dark)
        words = t("And the parts of the cross-attention, which looks at the source, head by head.")
        show_heads(found.cross_heads, "layers_cross_heads", words, axis, s.is_dark)
        c.numbers({t("part"): labels, t("logit"): [float(v) for v in found.values]}, file="attribution.csv")
        c.formula(
            r"z_t = w_t \cdot \text{norm}\Big(\sum_p h_p\Big) = \sum_p w_t\cdot\frac{g\odot (h_p-\bar h_p)}{\sigma} + \dots",
            t("The vector before the output is a sum of what the embedding and every block added (h). With the "
              "norm’s σ fixed each part has its own share of the logit z."),
        )  # fmt: skip
        c.code(inside_code.parts_code(s.model.info.name, s.tokens.ids.tolist(), s.target_ids, focus, chosen))


def asked_for(s: Screen, guess: int) -> tuple[int, int | None, str]:
    """(the token, the one it is set against or None, what to say about what was typed). Untyped, the token is the guess."""
    typed, against = st.session_state.get("layers_token", ""), st.session_state.get("layers_against", "")
    chosen, other = token_typed(s, typed), token_typed(s, against)
    wrong = [text.strip() for text, found in ((typed, chosen), (against, other)) if text.strip() and not found]
    token_id = chosen[0] if chosen else guess
    if other and other[0] == token_id:
        return token_id, None, t("Both are the same token; type another one to compare with.")
    words = t("“{typed}” is not one token of this model and is left out.", typed=wrong[0]) if wrong else ""
    return token_id, other[0] if other else None, words


def show_heads(values, key: str, words: str, axis: str, is_dark: bool) -> None:
    """What each head gave, with a line below; nothing where there are no such heads."""
    if not values.size:
        return
    labels = {"layer": t("layer"), "head": t("head"), "axis": axis}
    figure = pictures.heads_figure(values, labels, dark=is_dark)
    chart(figure, key=key, alt=words)
    note(words)


def answer(s: Screen, found):
    """The part that did most, in one sentence."""
    best = int(found.values.argmax())
    words = {
        "token": token(s.model.piece(found.token_id)),
        "logit": signed(found.logit),
        "part": part_name(found.kinds[best], int(found.layers[best])),
        "value": signed(float(found.values[best])),
    }
    if found.other_id is None:
        return rich(
            "The logit of {token} is <b>{logit}</b>. Most of it was written by the {part}: <b>{value}</b>.", **words
        )
    return rich(
        "{token} is ahead of {other} by <b>{logit}</b>. Most of that was written by the {part}: <b>{value}</b>.",
        other=token(s.model.piece(found.other_id)), **words,
    )  # fmt: skip


def part_name(kind: str, layer: int) -> str:
    """A part of a logit in words."""
    names = {
        "embedding": t("embedding"),
        "attention": t("attention of layer {n}", n=layer),
        "cross": t("cross-attention of layer {n}", n=layer),
        "mlp": t("MLP of layer {n}", n=layer),
        "mixer": t("block of layer {n}", n=layer),
        "norm_bias": t("offset of the final norm"),
        "output_bias": t("offset of the output"),
        "soft_cap": t("soft cap"),
    }
    return names[kind]


def signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
