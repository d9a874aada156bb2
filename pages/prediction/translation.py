"""The Prediction screen of a translator: how likely each token of the target is, given the source."""

import math

import streamlit as st

from model_backend.base.records import Prompt
from model_backend.serving.questions.reading import next_token, read, surprisal_bits
from pages.common import door, state
from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, to_html, token
from pages.common.words import note
from pages.prediction import passage as passages
from pages.prediction.find import show_find
from pages.prediction.loss import show_loss
from pages.prediction.next_token import show_next
from pages.prediction.whole_prompt import show_entropy_curve, show_surprisal
from viz import prediction

LATEX = r"\ln p(y \mid x) = \sum_t \ln p(y_t \mid y_{<t},\, x)"


def show(s: Screen) -> None:
    """All cards; at the end of the target there is nothing to predict, but the rest stays."""
    passage = passages.of_screen(s)
    if passage.focus < passage.n_open:
        now = s.ask(next_token, passage.focus)
        show_next(passage, now)
        show_find(s.model, now, passage)
    else:
        with card("prediction_ledger", t("What does the decoder write next?")):
            end = token(passage.tokens.pieces[passage.focus])
            note(rich("{end} ends the translation: nothing follows. Choose an earlier token of the target.", end=end))
    if len(passage.tokens) < 2:
        note(t("The target is empty: there is nothing to be surprised at."))
        return
    surprisal = s.ask(surprisal_bits)
    show_likelihood(s, surprisal)
    show_surprisal(passage, surprisal)
    show_entropy_curve(passage)
    show_loss(passage, surprisal)


def show_likelihood(s: Screen, bits) -> None:
    """The log-probability of the whole target, beside that of the model's own where the person gave one."""
    shown = [(t("yours") if state.get("target") else t("the model's own"), s.predicted, bits)]
    if state.get("target"):
        with st.spinner(t("The model is translating …")):
            own = Prompt(s.prompt.text)
            _, written = door.ask(read, s.name, own)
        assert written is not None, "a translator writes"
        shown.append((t("the model's own"), written, door.ask(surprisal_bits, s.name, own)))
    was_broken_off = int(shown[-1][1].ids[-1]) not in s.model.end_ids
    nats = [-prediction.surprisal_summary(each)["total_bits"] * math.log(2) for _, _, each in shown]
    with card("prediction_likelihood", t("How likely is this translation?"), _answer(nats, was_broken_off)) as c:
        rows = [_row(name, tokens, each) for name, tokens, each in shown]
        names = (t("translation"), t("text"), t("tokens"), t("probability"), t("ln p"), t("bits a token"))
        st.html(_table(names, rows))
        if len(shown) > 1 and was_broken_off:
            note(t("The model's own was broken off before its end, so its number lacks the tokens that would follow."))
        elif len(shown) > 1:
            note(
                t(
                    "The model's own takes the likeliest token at each step. It looks only one token ahead, so "
                    "another translation can be likelier as a whole, and longer ones have more factors below 1."
                )
            )
        else:
            note(t("Type a translation of your own above, and the model says how likely it holds that one."))
        c.numbers({name: [row[i] for row in rows] for i, name in enumerate(names)}, file="translations.csv")
        c.formula(
            LATEX,
            t("The probabilities of the tokens y, each given the source x and the tokens before it, are multiplied."),
        )


def _answer(nats: list[float], was_broken_off: bool) -> str:
    """One sentence on one translation, or on which of two the model prefers."""
    if len(nats) == 1 and was_broken_off:
        return rich(
            "Its tokens so far have together the probability <b>{p}</b> (ln p = {ln_p}); it was broken off before its end.",
            p=prediction.percent_of_ln(nats[0]),
            ln_p=prediction.decimal(nats[0]),
        )
    if len(nats) == 1:
        return rich(
            "All its tokens together have the probability <b>{p}</b> (ln p = {ln_p}), the end token included.",
            p=prediction.percent_of_ln(nats[0]),
            ln_p=prediction.decimal(nats[0]),
        )
    yours, own = nats
    if abs(yours - own) < 5e-4:
        return rich(
            "It holds your translation as likely as its own: ln p = <b>{ln_p}</b>.", ln_p=prediction.decimal(own)
        )
    words = {
        "times": prediction.one_in(-abs(yours - own)),
        "yours": prediction.decimal(yours),
        "own": prediction.decimal(own),
    }
    if yours < own:
        return rich(
            "It holds its own translation <b>{times} times</b> as likely as yours: ln p = {own} against {yours}.",
            **words,
        )
    return rich(
        "It holds your translation <b>{times} times</b> as likely as its own: ln p = {yours} against {own}.", **words
    )


def _row(name: str, tokens, bits) -> list[str]:
    whole = prediction.surprisal_summary(bits)
    nats = -whole["total_bits"] * math.log(2)
    return [
        name,
        tokens.text,
        f"{whole['n']:,}",
        prediction.percent_of_ln(nats),
        prediction.decimal(nats),
        f"{whole['mean_bits']:.2f}",
    ]


def _table(names: tuple[str, ...], rows: list[list[str]]) -> Html:
    """One translation a column, one of `names` a line; the first line is its title and the second its text."""
    lines = []
    for name, *cells in list(zip(names, *rows, strict=True))[1:]:
        style = "text-align:end;padding-inline-start:1.5rem;max-width:24rem;overflow-wrap:anywhere;vertical-align:top"
        row = "".join(f'<td style="{style}"><bdi>{to_html(cell)}</bdi></td>' for cell in cells)
        lines.append(f'<tr><th scope="row">{to_html(name)}</th>{row}</tr>')
    titles = "".join(f'<th scope="col" style="text-align:end;padding:0">{to_html(row[0])}</th>' for row in rows)
    return Html(f'<table class="ts-facts"><tr><td></td>{titles}</tr>{"".join(lines)}</table>')
