"""The Layers screen: how the prediction forms on its way through the layers, who wrote it, and what the model is made of."""

import streamlit as st

from pages.common import state
from pages.common.fragments import fragment
from pages.common.frame import screen
from pages.common.screen import Screen
from pages.layers.anatomy import show_anatomy
from pages.layers.attribution import show_attribution
from pages.layers.cell import show_cell
from pages.layers.lens import show_lens
from pages.layers.neurons import show_neurons


@fragment
def show_lattice(s: Screen) -> None:
    """The lattice and the chosen cell; only these run again when another cell is chosen in the same column."""
    if st.session_state.pop("_layers_moved", False):
        st.rerun(scope="app")
    state.write_address()
    show_lens(s)
    show_cell(s)


with screen("layers") as s:
    s.read()  # here, where the frame sees what goes wrong
    show_lattice(s)
    show_attribution(s)
    show_neurons(s)
    show_anatomy(s)
