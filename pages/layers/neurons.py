"""The neurons of one MLP that stand out, and the tokens that each raises and lowers."""

import streamlit as st

from model_backend import BackendError, neurons
from pages.common.components import card
from pages.common.fragments import fragment
from pages.common.text import rich, t, token
from pages.common.words import note
from pages.layers.attribution import signed
from pages.layers.lens import looked_at, predicting
from viz.labels import visible


@fragment
def show_neurons(s) -> None:
    """The neurons of one MLP that stand out at the focused position."""
    if s.model.info.kind == "encoder":  # the card above says why no logit of it splits into parts
        return
    _, focus, _ = predicting(s)
    n_layers = s.model.info.n_decoder_layers
    layer = min(st.session_state.get(f"layers_mlp_{n_layers}", n_layers - 1), n_layers - 1)
    orders = {"activation": t("most active"), "written": t("writing most"), "token": t("moving the prediction most")}
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
            note(str(error))
        return
    sentence = rich(
        "At {word} neuron {n} of layer {layer} is the first of {all}; it pushes {promoted} up.",
        word=token(looked_at(s, focus)), n=int(found.index[0]), layer=layer, all=f"{found.n_neurons:,}",
        promoted=token(s.model.piece(int(found.promoted_ids[0, 0]))),
    )  # fmt: skip
    with card("layers_neurons", title, sentence) as c:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(t("Layer"), 0, n_layers - 1, n_layers - 1, key=f"layers_mlp_{n_layers}", width=160)
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


def neuron_table(s, found) -> str:
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
