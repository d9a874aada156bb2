"""Who wrote this prediction: the parts of a logit, and the neurons behind them."""

import streamlit as st

from model_backend import BackendError, attribution, neurons
from pages.common.components import card
from pages.common.fragments import fragment
from pages.common.text import rich, t, token
from pages.common.words import note
from pages.layers.lens import predicting, token_typed
from viz import layers as pictures
from viz.labels import visible


@fragment
def show_attribution(s) -> None:
    """The logit of the predicted token, or of the difference of two tokens, as a sum of parts."""
    _, focus, _ = predicting(s)
    title = t("Who wrote this prediction?")
    if s.model.info.kind == "encoder":
        return
    now = s.trace.next_token(focus)
    typed, against = st.session_state.get("layers_token", ""), st.session_state.get("layers_against", "")
    chosen, other = token_typed(s, typed) or (int(now.ids[0]),), token_typed(s, against)
    try:
        found = attribution.logit_attribution(s.trace, chosen[0], focus, other[0] if other else None)
    except BackendError as error:
        with card("layers_attribution", title):
            note(f"{error} {error.hint}")
        return
    with card("layers_attribution", title, answer(s, found)) as c:
        with st.container(horizontal=True):
            st.text_input(
                t("Token"),
                key="layers_token",
                placeholder=visible(s.model.piece(int(now.ids[0]))),
                live=True,
                width=260,
            )
            st.text_input(
                t("against another token"), key="layers_against", placeholder=t("nothing"), live=True, width=260
            )
        labels = [part_name(kind, int(layer)) for kind, layer in zip(found.kinds, found.layers, strict=True)]
        figure = pictures.parts_figure(
            labels, found.values, found.kinds, {"sum": t("the logit"), "axis": t("logit")}, dark=s.is_dark
        )
        st.plotly_chart(figure, key="layers_parts", width="stretch", config={"displaylogo": False})
        note(
            t(
                "The parts add up to {total}; the model itself gives {logit}. The final norm divides by one number for the whole vector; it is held fixed here, else no sum would be possible.",
                total=signed(found.total),
                logit=signed(found.logit),
            )
        )
        if len(found.heads):
            st.plotly_chart(
                pictures.heads_figure(found.heads, {"layer": t("layer"), "head": t("head"), "axis": t("logit")}, dark=s.is_dark),
                key="layers_heads", width="stretch", config={"displaylogo": False},
            )  # fmt: skip
            note(t("The attention parts once more, head by head."))
        c.numbers({t("part"): labels, t("logit"): [float(v) for v in found.values]}, file="attribution.csv")
        c.formula(
            r"z_t = w_t \cdot \text{norm}\Big(\sum_p h_p\Big) = \sum_p w_t\cdot\frac{g\odot (h_p-\bar h_p)}{\sigma} + \dots",
            t("The vector before the output is a sum of what the embedding and every block added (h). With the norm’s σ fixed each part has its own share of the logit z."),
        )  # fmt: skip


def answer(s, found):
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


@fragment
def show_neurons(s) -> None:
    """The neurons of one MLP that stand out at the focused position."""
    tokens, focus, _ = predicting(s)
    n_layers = s.model.info.n_decoder_layers
    layer = min(st.session_state.get("layers_mlp", n_layers - 1), n_layers - 1)
    orders = {"activation": t("most active"), "written": t("writing most"), "token": t("raising the prediction most")}
    order = st.session_state.get("layers_order", "activation")
    title = t("Which neurons of the MLP are awake?")
    try:
        found = neurons.neurons(
            s.trace,
            layer,
            focus,
            n=10,
            k=6,
            order=order,
            token_id=int(s.trace.next_token(focus).ids[0]) if order == "token" else None,
        )
    except BackendError as error:
        with card("layers_neurons", title):
            note(f"{error} {error.hint}")
        return
    sentence = rich(
        "At {word} neuron {n} of layer {layer} is the first of {all}; it pushes {promoted} up.",
        word=token(tokens.pieces[focus]), n=int(found.index[0]), layer=layer, all=f"{found.n_neurons:,}",
        promoted=token(s.model.piece(int(found.promoted_ids[0, 0]))),
    )  # fmt: skip
    with card("layers_neurons", title, sentence) as c:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(t("Layer"), 0, n_layers - 1, n_layers - 1, key="layers_mlp", width=160)
            st.segmented_control(
                t("Order"),
                list(orders),
                default="activation",
                format_func=orders.get,
                required=True,
                key="layers_order",
            )
        st.html(neuron_table(s, found))
        note(
            t(
                "Each neuron is one number of the MLP’s wide middle. When it is active it adds its own fixed vector to the stream; listed are the tokens whose logits that vector raises and lowers most."
            )
        )
        c.numbers(
            {
                t("neuron"): [int(i) for i in found.index],
                t("activation"): [float(x) for x in found.activation],
                t("length written"): [float(x) for x in found.written],
                t("raises"): [" ".join(visible(s.model.piece(int(i))) for i in row) for row in found.promoted_ids],
                t("lowers"): [" ".join(visible(s.model.piece(int(i))) for i in row) for row in found.suppressed_ids],
            },
            file="neurons.csv",
        )


def neuron_table(s, found):
    """A line a neuron: its number, activation, and the tokens it raises and lowers."""

    def tokens_of(ids, values):
        parts = [
            rich("{token} <small>{value}</small>", token=token(s.model.piece(int(i))), value=signed(float(v)))
            for i, v in zip(ids[:4], values[:4], strict=True)
        ]
        return " ".join(parts)

    head = "".join(
        f'<th scope="col">{rich("{name}", name=name)}</th>'
        for name in (t("neuron"), t("activation"), t("raises"), t("lowers"))
    )
    lines = "".join(
        f"<tr><th scope='row'>{int(i)}</th><td class='ts-number'>{signed(float(a))}</td><td>{tokens_of(up, u)}</td><td>{tokens_of(down, d)}</td></tr>"
        for i, a, up, u, down, d in zip(
            found.index,
            found.activation,
            found.promoted_ids,
            found.promoted,
            found.suppressed_ids,
            found.suppressed,
            strict=True,
        )
    )
    return f'<div style="overflow-x:auto"><table class="ts-facts ts-neurons"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
