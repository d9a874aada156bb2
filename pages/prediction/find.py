"""Any token by its text, and the chain rule for a text of several tokens."""

import math

import numpy as np
import streamlit as st

from model_backend import BackendError
from model_backend.base.arithmetic import log_softmax
from model_backend.serving.questions.reading import surprisal_bits
from pages.common import door
from pages.common.cards import card
from pages.common.text import Html, rich, said, t, tn, token
from pages.common.words import note
from pages.prediction.ledger import piece_of
from pages.prediction.passage import Passage
from viz import prediction
from viz.labels import visible


@st.fragment
def show_find(model, next_token, passage: Passage | None = None) -> None:
    """What the model gives a text that the person types: as the continuation of a passage up to its focused token, or, for a
    model that fills gaps, as the one token in the gap."""
    with card("prediction_find", t("How likely is the word you think of?")):
        typed = st.text_input(
            t("Text to look for"),
            key="prediction_typed",
            live=True,
            placeholder=t("Type a word, such as dog"),
        )
        if not typed.strip(" "):
            note(
                t("Type a word or a part of one: every token that holds it appears with its rank and its probability.")
            )
            return
        ln_p, ranks = log_softmax(next_token.logits), prediction.ranks(next_token)
        if passage is not None:
            show_likelihoods(passage, typed, ln_p, ranks)
        show_matches(model, typed, ln_p, ranks)


def show_likelihoods(passage: Passage, typed: str, ln_p: np.ndarray, ranks: np.ndarray) -> None:
    """The text with a space before it and without: they are different tokens."""
    forms = [typed] if typed.startswith(" ") else [" " + typed, typed]
    try:
        answers = [likelihood_of(passage, form, ln_p, ranks) for form in forms]
    except BackendError as error:  # too long to follow; a fragment is outside the frame's own care
        note(said(error))
        return
    st.html("".join(f'<p style="margin:0.2rem 0">{answer}</p>' for answer in answers))


def likelihood_of(passage: Passage, form: str, ln_p: np.ndarray, ranks: np.ndarray) -> Html:
    """What the model gives `form` next: one token's probability, or the product along its tokens (teacher forcing)."""
    is_spaced = form.startswith(" ")
    words = {"text": token(form), "how": t("with a leading space") if is_spaced else t("without a leading space")}
    token_id = prediction.token_of(passage.model.target_vocabulary.table[: len(ranks)], form)
    if token_id is not None:
        rank = int(ranks[token_id])
        p = prediction.percent_of_ln(ln_p[rank - 1])
        return rich("{text}, {how}: <b>one token</b> with {p}, rank {rank}.", **words, p=p, rank=f"{rank:,}")
    prompt, tokens = passage.going_on_with(form)
    new = prediction.continuation(passage.tokens.ids[: passage.focus + 1].tolist(), tokens.ids.tolist())
    if not new:
        return rich("{text}, {how}: glued to the text before it, it is cut into other tokens.", **words)
    nats = (door.ask(surprisal_bits, passage.name, prompt)[new] * math.log(2)).tolist()
    factors = (
        f"{token(piece)} {prediction.percent_of_ln(-x)}" for piece, x in zip(tokens.pieces[new], nats, strict=True)
    )
    return rich(
        "{text}, {how}: <b>{n} tokens</b>, one after the other {factors} = <b>{p}</b> (ln p = {ln_p}).",
        **words,
        n=len(nats),
        factors=Html(" × ".join(factors)),
        p=prediction.percent_of_ln(-sum(nats)),
        ln_p=prediction.decimal(-sum(nats)),
    )


def show_matches(model, typed: str, ln_p: np.ndarray, ranks: np.ndarray) -> None:
    """The tokens whose text is, starts with or holds what was typed, with rank and probability."""
    matches, n = prediction.find(model.vocabulary.table, typed, ranks)
    if not matches:
        note(t("No single token of this model holds that text."))
        return
    words = {"equals": t("is it"), "starts": t("starts with it"), "contains": t("holds it")}
    at = [int(ranks[token_id]) for _, token_id in matches]
    columns = {
        t("token"): [visible(piece_of(model)(token_id)) for _, token_id in matches],
        t("text"): [words[relation] for relation, _ in matches],
        t("rank"): at,
        t("probability"): [prediction.percent_of_ln(ln_p[rank - 1]) for rank in at],
        t("ln p"): [prediction.decimal(ln_p[rank - 1]) for rank in at],
        t("id"): [token_id for _, token_id in matches],
    }
    settings = {name: st.column_config.Column(alignment="right") for name in (t("probability"), t("ln p"))}
    st.dataframe(
        columns,
        hide_index=True,
        width="stretch",
        key="prediction_matches",
        alt=t("Tokens that match"),
        column_config=settings,
    )
    if n > len(matches):
        note(t("{n} tokens match; these {shown} are the closest.", n=f"{n:,}", shown=len(matches)))
    else:
        note(tn("One token matches.", "{n} tokens match.", n))
    if model.vocabulary.style == "word pieces":
        note(t("## marks a piece that goes on with a word; without it a piece begins one."))
    else:
        note(t("A dot (·) is a space: a word with a space before it is another token than the word alone."))
