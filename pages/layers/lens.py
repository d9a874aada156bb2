"""The lattice of tokens × layers: what each layer would predict at each position."""

import numpy as np
import streamlit as st

from model_backend.serving.questions.inside import lattice
from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, token
from pages.common.words import note
from pages.layers.looking import chosen_row, followed_ids, looked_at, row_names, window
from viz import inside_code
from viz import layers as pictures
from viz.labels import percent, visible


def settled(final_ranks: np.ndarray) -> int:
    """The first row from which the final favourite stays the favourite; final_ranks [layer]."""
    below = np.flatnonzero(final_ranks != 1)
    return int(below[-1]) + 1 if len(below) else 0


def answer(s: Screen, found, column: int, piece: str) -> Html:
    """When the final guess took the lead, in one sentence."""
    row = settled(found.final_ranks[:, column])
    fills_gaps = s.model.info.kind == "encoder"
    words = {
        "top": token(s.model.piece(int(found.top_ids[-1, column]))),
        "p": percent(float(found.top_probs[-1, column])),
        "word": token(piece),
        "first": f"{int(found.final_ranks[0, column]):,}",
        "row": row_names(len(found.top_ids))[row],
    }
    if row == 0 and fills_gaps:
        return rich("For the place of {word} the final guess {top} (<b>{p}</b>) leads from the start.", **words)
    if row == 0:
        return rich("After {word} the final guess {top} (<b>{p}</b>) leads from the start.", **words)
    if fills_gaps:
        return rich(
            "For the place of {word} the final guess {top} (<b>{p}</b>) starts at rank {first} and leads from <b>{row}</b> on.",
            **words,
        )
    return rich(
        "After {word} the final guess {top} (<b>{p}</b>) starts at rank {first} and leads from <b>{row}</b> on.",
        **words,
    )


def what_a_cell_guesses(s: Screen) -> str:
    """Which token the guesses are about, by the kind of model."""
    if s.model.info.kind == "encoder":
        return t(
            "A cell guesses the token at its own place. A word that the model can see is no riddle, so the one you "
            "look at is hidden unless you choose otherwise above."
        )
    if s.model.info.kind == "encoder-decoder":
        return t("Columns are the translation, read by the decoder; a cell guesses the token after its own.")
    return t("A cell guesses the token after its own.")


def show_lens(s: Screen) -> None:
    """The lattice, a token to follow, and the cell that is chosen."""
    focus, focus_field = s.predicted_focus, s.predicted_field
    positions = window(s)
    followed, ids = st.session_state.get("layers_followed", ""), followed_ids(s)
    found = s.ask(lattice, positions.start, positions.stop, ids)
    column = focus - positions.start
    with card("layers_lens", t("What would each layer say?"), answer(s, found, column, looked_at(s))) as c:
        st.text_input(
            t("Follow a token through the layers"),
            key="layers_followed",
            placeholder=t("Type a word, such as loud"),
            live=True,
            width=360,
        )
        if followed.strip() and not ids:
            note(t("That is not one token of this model; try it with or without a space before it, or a shorter word."))
        names = row_names(len(found.top_ids))
        data = pictures.lattice(
            found.top_ids[..., None], found.top_probs[..., None], found.entropy_bits, s.model.piece,
            tokens=[visible(s.predicted.pieces[i]) for i in positions],
            layers=names, chosen=(chosen_row(len(names)), column), label=t("What each layer would predict, one column a token"),
            words=words(), watched=s.model.piece(ids[0]) if ids else "", rank=found.ranks[0] if ids else None,
            version=f"{s.read_ids}{positions}{ids}{state.get('lang')}",
        )  # fmt: skip
        component(
            "lattice",
            key="layers_lattice",
            data=data,
            on_cell_change=lambda: _cell_from_lattice(positions.start, focus_field),
        )
        say_how_to_read_it(s, len(positions), len(s.predicted))
        c.numbers(numbers_of(s, found, positions, names), file="layers.csv")
        c.formula(
            r"p_\ell = \text{softmax}\big(W_U\,\text{norm}_f(h_\ell)\big)",
            t("h is the vector after a layer, norm the model’s final normalisation (once), W_U the output matrix "
              "that gives every token of the vocabulary its logit."),
        )  # fmt: skip
        ids = s.tokens.ids.tolist()
        c.code(inside_code.lens_code(s.model.info.name, ids, s.target_ids, chosen_row(len(names)), focus))


def say_how_to_read_it(s: Screen, n_shown: int, n_tokens: int) -> None:
    """What a cell guesses, how far the lens can be trusted, and what is left out."""
    note(what_a_cell_guesses(s))
    note(
        t(
            "The logit lens: each layer’s vector is read as if it were the last, through the final norm and the "
            "output matrix. Early layers were not trained to be read like this; their guesses are hints, not "
            "decisions."
        )
    )
    if n_shown < n_tokens:
        note(
            t(
                "Shown are {n} of {all} positions around the token in focus; more would take too long with this model.",
                n=n_shown,
                all=n_tokens,
            )
        )


def numbers_of(s: Screen, found, positions: range, names: list[str]) -> dict[str, list]:
    """The lattice as columns, a line a cell."""
    return {
        t("layer"): [name for name in names for _ in positions],
        t("position"): [i for _ in names for i in positions],
        t("best guess"): [visible(s.model.piece(int(i))) for i in found.top_ids.ravel()],
        t("probability"): [float(p) for p in found.top_probs.ravel()],
        t("entropy (bits)"): [float(x) for x in found.entropy_bits.ravel()],
        t("rank of the final guess"): [int(x) for x in found.final_ranks.ravel()],
    }


def words() -> dict:
    """What the lattice says."""
    return {
        "show": t("Show"),
        "guess": t("best guess"),
        "entropy": t("entropy (bits)"),
        "rank": t("rank of “{token}”"),
        "earlier": t("← earlier"),
        "later": t("later →"),
        "where": t("tokens {from} to {to} of {n}"),
        "sure": t("sure"),
        "bits": t("{bits} bits"),
        "far": t("rank 10,000 or worse"),
        "first": t("rank 1"),
        "layer": t("layer"),
        "says": t("{layer}, at “{token}”: {guesses}. Entropy {bits} bits."),
        "ranked": t("“{token}” has rank {rank} here."),
    }


def _cell_from_lattice(start: int, focus_field: str) -> None:
    cell = st.session_state["layers_lattice"].cell
    if cell is not None:
        state.put("depth", int(cell[0]))
        before = state.get(focus_field)
        state.put(focus_field, start + int(cell[1]))
        st.session_state["_layers_moved"] = before != start + int(cell[1])
