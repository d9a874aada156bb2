"""The ledger of the likeliest tokens with every number of theirs, what the rows leave out, and how unsure the model is."""

import math
from collections.abc import Callable

import streamlit as st

from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.text import Html, rich, t, tn, token
from pages.common.words import block, facts_html, note_html, paragraph
from viz import prediction

LATEX = r"p_i = \frac{e^{z_i}}{\sum_v e^{z_v}} \qquad H = -\sum_v p_v \log_2 p_v \qquad \text{perplexity} = 2^H"


def piece_of(model) -> Callable[[int], str]:
    """How a token is written in tables: a piece that continues a word (WordPiece) keeps its ##, which tells it from the word."""

    def piece(token_id: int) -> str:
        return ("##" if model.vocabulary.is_continuation(token_id) else "") + model.piece(token_id)

    return piece


def show_ledger(
    model,
    next_token,
    *,
    title: str,
    answer: Callable[[dict], str],
    there: int | None,
    words: dict[str, str],
    beside: Callable[[dict | None], None],
    file: str = "next_token.csv",
) -> None:
    """The card. `there` is the id of the token that is really there, its row marked; `answer` makes the sentence from the first
    row, `beside` draws what stands beside from the row of `there`. `words`: "caption" and "mark" of the table."""
    data = prediction.ledger(next_token, piece_of(model), model.token_bytes, there)
    with card("prediction_ledger", title, answer(data["rows"][0])) as c:
        is_large = state.get("projector")  # large type: one below the other
        picture, side = (st.container(), st.container()) if is_large else st.columns([7, 3], gap="medium")
        with picture:
            component("ledger", key="prediction_rows", data=data | _component_words(data, len(next_token.ids)) | words)
        with side:
            beside(data["pinned"])
            show_entropy(next_token)
        names = [t("rank"), t("token"), t("id"), t("logit"), t("probability"), t("ln p"), t("cumulative")]
        c.numbers(prediction.ledger_columns(data, names), file=file)
        c.formula(
            LATEX, t("The logits z of all tokens become probabilities that add up to 1. H is the entropy in bits.")
        )


def _component_words(data: dict, n_vocab: int) -> dict:
    """What the ledger component says whatever it shows."""
    columns = {"rank": t("rank"), "token": t("token"), "p": t("probability"), "logit": t("logit"), "ln_p": t("ln p")}
    others = [
        other | {"text": tn("the one other token", "all other {count} tokens together", n, count=f"{n:,}") if n else ""}
        for other in data["others"]
        for n in [other["n"]]
    ]
    return {
        "columns": columns | {"cumulative": t("cumulative"), "scale": t("probability as a bar")},
        "sizes_label": t("Rows"),
        "detail_names": [t("id"), t("bytes"), t("probability"), t("one in"), t("logit"), t("ln p"), t("cumulative")],
        "hint": t(
            "Choose a row for its id and bytes. The bars end at the best guess; all {n} tokens add up to 100 %.",
            n=f"{n_vocab:,}",
        ),
        "others": others,
    }


def given(row: dict, piece: str) -> Html:
    """How the token that is really there fared."""
    return paragraph(
        rich(
            "{token} was given <b>{p}</b>, rank {rank}. Its surprisal is <b>{bits} bits</b>.",
            token=token(piece),
            p=row["p"],
            rank=row["rank"],
            bits=row["bits"],
        )
    )


def show_entropy(next_token) -> None:
    """Entropy and perplexity in plain words."""
    bits, most = next_token.entropy_bits, math.log2(len(next_token.ids))
    n = prediction.choices(bits)
    numbers = [
        (t("entropy"), t("{bits} bits", bits=f"{bits:.2f}")),
        (t("perplexity"), n),
        (t("if it knew nothing"), t("{bits} bits", bits=f"{most:.2f}")),
    ]
    block(
        t("How unsure is the model?"),
        rich('<p style="margin:0">As unsure as a fair choice among <b>{n}</b> equally likely tokens.</p>', n=n),
        facts_html(numbers),
        note_html(t("0 bits would be certainty. Each bit more doubles the number of tokens to choose among.")),
    )
