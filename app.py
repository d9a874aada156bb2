"""The home screen: what happens to the sentence from text to guess, with the numbers of this prompt at each station."""

import streamlit as st

from pages.common.frame import screen
from pages.home.guessing import show_filling, show_gap, show_next, show_translating, show_writing
from pages.home.reading import show_attention, show_embeddings, show_layers, show_tokens

READING = (show_tokens, show_embeddings, show_attention, show_layers)
STATIONS = {
    "decoder": (*READING, show_next, show_writing),
    "encoder": (*READING, show_gap, show_filling),
    "encoder-decoder": (*READING, show_next, show_translating),
}

with screen("home") as s:
    stations = STATIONS[s.model.info.kind]
    for start in range(0, len(stations), 3):
        with st.container(key=f"grid_home_{start}"):
            for column, show in zip(st.columns(3), stations[start : start + 3], strict=True):
                with column:
                    show(s)
