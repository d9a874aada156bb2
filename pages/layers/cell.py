"""One cell of the lattice: what it would say, how far it moved, and whom it lies near."""

import streamlit as st

from model_backend import BackendError
from model_backend.serving.questions.inside import lattice, nearest_tokens
from model_backend.serving.questions.reading import lens
from pages.common.cards import card
from pages.common.components import component
from pages.common.screen import Screen
from pages.common.text import rich, said, t, token
from pages.common.words import block, facts_html, note_html
from pages.layers.looking import chosen_row, followed_ids, looked_at, row_names, window
from viz.labels import percent, visible

N_SHOWN = 8


def show_cell(s: Screen) -> None:
    """Everything about the chosen cell."""
    focus = s.predicted_focus
    positions = window(s)
    found = s.ask(lattice, positions.start, positions.stop, followed_ids(s))
    row, column = chosen_row(len(found.top_ids)), focus - positions.start
    name, piece = row_names(len(found.top_ids))[row], looked_at(s)
    title = t("What does this cell hold?")
    answer = rich(
        "{row}, at {word}: the best guess is {top} with <b>{p}</b>; the model’s final guess has rank {rank} here.",
        row=name,
        word=token(piece),
        top=token(s.model.piece(int(found.top_ids[row, column]))),
        p=percent(float(found.top_probs[row, column])),
        rank=f"{int(found.final_ranks[row, column]):,}",
    )
    with card("layers_cell", title, answer) as c:
        left, right = st.columns(2, gap="medium")
        table = s.ask(lens, N_SHOWN, focus)
        with left:
            rows = [
                {"label": visible(s.model.piece(int(i))), "share": float(p), "note": percent(float(p)), "token": True}
                for i, p in zip(table.top_ids[row, 0], table.top_probs[row, 0], strict=True)
            ]
            component(
                "bars",
                key="layers_cell_bars",
                data={"rows": rows, "label": t("Likeliest tokens of this cell"), "clickable": False},
            )
        with right:
            block(
                t("In numbers"),
                facts_html(facts(found, row, column)),
                note_html(t("The cosine says how much of the direction is kept: 1 is all of it.")),
            )
            show_near(s, row, focus)
        columns = {t("token"): [each["label"] for each in rows], t("probability"): [each["share"] for each in rows]}
        c.numbers(columns, file="cell.csv")


def facts(found, row: int, column: int) -> list[tuple[str, str]]:
    """Entropy, and the step from the cell below."""
    lines = [(t("entropy"), t("{bits} bits", bits=f"{found.entropy_bits[row, column]:.2f}"))]
    if row:
        lines += [
            (t("distance from the cell below"), f"{found.moved[row, column]:.2f}"),
            (t("cosine with the cell below"), f"{found.cosine[row, column]:.3f}".replace("-", "−")),
        ]
    return lines


def show_near(s: Screen, row: int, focus: int) -> None:
    """The tokens whose embedding points the same way as this cell's vector."""
    try:
        near = s.ask(nearest_tokens, row, focus)
    except BackendError as error:
        block(t("Nearest embeddings"), note_html(said(error)))
        return
    lines = [
        (visible(s.model.piece(int(i))), f"{c:.3f}".replace("-", "−"))
        for i, c in zip(near.ids, near.cosines, strict=True)
    ]
    block(
        t("Nearest embeddings"),
        facts_html(lines),
        note_html(
            t(
                "Cosine in the full space. The guesses say what the model would predict; a neighbour says what the vector resembles."
            )
        ),
    )
