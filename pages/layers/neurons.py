"""The neurons of one MLP that stand out, and the tokens that each raises and lowers."""

import streamlit as st

from model_backend import BackendError
from model_backend.serving.questions.inside import neurons
from model_backend.serving.questions.reading import next_token
from pages.common.cards import card
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import Html, rich, said, t, to_html, token
from pages.common.words import note
from pages.layers.attribution import signed
from pages.layers.looking import looked_at
from viz.labels import visible


@fragment
def show_neurons(s: Screen) -> None:
    """The neurons of one MLP that stand out at the focused position."""
    if s.model.info.kind == "encoder":  # the card above says why no logit of it splits into parts
        return
    focus = s.predicted_focus
    n_layers = s.model.info.n_decoder_layers
    layer = min(st.session_state.get(f"layers_mlp_{n_layers}", n_layers - 1), n_layers - 1)
    orders = {"activation": t("most active"), "written": t("writing most"), "token": t("moving the prediction most")}
    order = st.session_state.get("layers_order", "activation")
    title = t("Which neurons of the MLP are awake?")
    try:
        token_id = int(s.ask(next_token, focus).ids[0]) if order == "token" else None
        found = s.ask(neurons, layer, focus, order, token_id)
    except BackendError as error:
        with card("layers_neurons", title):
            note(said(error))
        return
    sentence = rich(
        "At {word} neuron {n} of layer {layer} is the first of {all}; it pushes {promoted} up.",
        word=token(looked_at(s)), n=int(found.index[0]), layer=layer, all=f"{found.n_neurons:,}",
        promoted=token(s.model.piece(int(found.promoted_ids[0, 0]))),
    )  # fmt: skip
    with card("layers_neurons", title, sentence) as c:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(t("Layer"), 0, n_layers - 1, n_layers - 1, key=f"layers_mlp_{n_layers}", width=160)
            st.segmented_control(
                t("Order"),
                list(orders),
                default="activation",
                format_func=orders.__getitem__,
                required=True,
                key="layers_order",
            )
        st.html(neuron_table(s, found))
        note(
            t(
                "Each neuron is one number of the MLP’s wide middle. When it is active it adds its own fixed vector "
                "to the stream; listed are the tokens whose logits that vector raises and lowers most."
            )
        )
        c.numbers(numbers_of(s, found), file="neurons.csv")


def numbers_of(s: Screen, found) -> dict[str, list]:
    """A line a neuron, with all the tokens that it moves most."""

    def pieces(ids) -> str:
        return " ".join(visible(s.model.piece(int(i))) for i in ids)

    return {
        t("neuron"): [int(i) for i in found.index],
        t("activation"): [float(x) for x in found.activation],
        t("length written"): [float(x) for x in found.written],
        t("raises"): [pieces(ids) for ids in found.promoted_ids],
        t("lowers"): [pieces(ids) for ids in found.suppressed_ids],
    }


def neuron_table(s: Screen, found) -> Html:
    """A line a neuron: its number, activation, and the tokens it raises and lowers."""

    def tokens_of(ids, values) -> Html:
        parts = [
            rich("{token} <small>{value}</small>", token=token(s.model.piece(int(i))), value=signed(float(v)))
            for i, v in zip(ids[:4], values[:4], strict=True)
        ]
        return Html(" ".join(parts))

    names = [to_html(name) for name in (t("neuron"), t("activation"), t("raises"), t("lowers"))]
    lines = []
    for n, neuron in enumerate(found.index):
        up = tokens_of(found.promoted_ids[n], found.promoted[n])
        down = tokens_of(found.suppressed_ids[n], found.suppressed[n])
        lines.append(
            f'<tr><th scope="row" data-name="{names[0]}">{neuron}</th>'
            f'<td class="ts-number" data-name="{names[1]}">{signed(float(found.activation[n]))}</td>'
            f'<td data-name="{names[2]}">{up}</td><td data-name="{names[3]}">{down}</td></tr>'
        )
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(lines)
    return Html(f'<table class="ts-facts ts-neurons"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')
