"""What is looked at on this screen: the positions and the row of the lattice, a token that is followed."""

import streamlit as st

from model_backend.serving.questions.inside import affordable_positions
from pages.common import state
from pages.common.screen import Screen
from pages.common.text import t
from viz.prediction import token_of


def looked_at(s: Screen) -> str:
    """The piece at the focus as the text has it: of a word that is hidden from the model, the word."""
    tokens = s.prompt_tokens if s.target_tokens is None else s.predicted
    return tokens.pieces[s.predicted_focus]


def window(s: Screen) -> range:
    """The positions whose lens is computed: all, or as many around the focus as can be paid for."""
    focus, n, room = s.predicted_focus, len(s.predicted), s.ask(affordable_positions)
    start = max(0, min(focus - room // 2, n - room))
    return range(start, min(n, start + room))


def row_names(n_rows: int) -> list[str]:
    """Names of the lattice's rows: what enters, then each layer."""
    return [t("start"), *(t("layer {n}", n=i) for i in range(n_rows - 1))]


def chosen_row(n_rows: int) -> int:
    """The row of the lattice that is looked at; the last unless another was chosen."""
    depth = state.get("depth")
    return n_rows - 1 if depth is None else min(depth, n_rows - 1)


def token_typed(s: Screen, typed: str) -> tuple[int, ...]:
    """The id of a typed text if it is one token, with a space before it first; else nothing."""
    table = s.model.target_vocabulary.table[: s.model.info.vocab_size]
    forms = (" " + typed.strip(), typed) if typed.strip() else ()
    found = (token_of(table, form) for form in forms)
    return tuple(token_id for token_id in found if token_id is not None)[:1]


def followed_ids(s: Screen) -> tuple[int, ...]:
    """The token that is followed through the layers, if one is."""
    return token_typed(s, st.session_state.get("layers_followed", ""))
