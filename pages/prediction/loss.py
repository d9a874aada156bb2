"""The training loss, worked with the numbers of one token of this text."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from model_backend.base.records import NextToken
from model_backend.serving.questions.reading import next_token
from pages.common.cards import card
from pages.common.components import chart
from pages.common.text import Html, rich, t, token
from pages.common.words import block, facts_html, note, note_html
from pages.prediction.passage import Passage
from viz import prediction, prediction_figures
from viz.labels import visible

PASSAGE_LATEX = (
    r"\text{loss} = -\ln p(x_{t+1} \mid x_{\le t}) = \ln \sum_v e^{z_v - z_{\max}} - (z_{x_{t+1}} - z_{\max})"
)
TARGET_LATEX = (
    r"\text{loss} = -\ln p(y_{t+1} \mid y_{\le t},\, x) = \ln \sum_v e^{z_v - z_{\max}} - (z_{y_{t+1}} - z_{\max})"
)
GAP_LATEX = r"\text{loss} = -\ln p(x_t \mid x_{\setminus t}) = \ln \sum_v e^{z_v - z_{\max}} - (z_{x_t} - z_{\max})"


@dataclass(frozen=True)
class Loss:
    """One token's loss: the distribution it was scored by, its id and its text, and p of the other tokens of the text."""

    distribution: NextToken
    token_id: int
    piece: str
    others: np.ndarray
    latex: str
    symbols: str
    code: str


def show_loss(passage: Passage, bits: np.ndarray) -> None:
    """The loss at the focused token, bits [pos] being the surprisals of the whole text."""
    at = min(passage.focus, len(passage.tokens) - 2)  # at the last token nothing followed: take the one before
    known = 2.0 ** -np.delete(bits, at + 1)
    piece = passage.tokens.pieces[at + 1]
    loss = Loss(
        passage.ask(next_token, at),
        int(passage.tokens.ids[at + 1]),
        piece,
        known[~np.isnan(known)],
        TARGET_LATEX if passage.is_translation else PASSAGE_LATEX,
        t(
            "z are the logits, x the source, y the tokens of the target. The loss of a target is the mean over its tokens."
        )
        if passage.is_translation
        else t("z are the logits, x the tokens. The loss of a text is the mean over its tokens."),
        passage.code(at),
    )
    steps = prediction.loss_steps(loss.distribution, loss.token_id)
    words = dict(
        token=token(piece),
        word=token(passage.tokens.pieces[at]),
        loss=prediction.decimal(steps["nats"], 3),
        mean=prediction.decimal(prediction.surprisal_summary(bits)["mean_nats"], 3),
    )
    if passage.is_translation:
        answer = rich(
            "Training raises the probability of the token that a person wrote next. For {token} after {word} the "
            "loss is <b>{loss}</b>; the mean over this target is <b>{mean}</b>.",
            **words,
        )
    else:
        answer = rich(
            "Training raises the probability of the token that really came. For {token} after {word} the loss is "
            "<b>{loss}</b>; the mean over this text is <b>{mean}</b>.",
            **words,
        )
    draw_loss(loss, steps, answer, is_dark=passage.is_dark)


def draw_loss(loss: Loss, steps: dict[str, float], answer: str, *, is_dark: bool) -> None:
    """The card: the curve, the working, the formula and the code."""
    with card("prediction_loss", t("What does training make smaller?"), answer) as c:
        picture, words = st.columns([3, 2], gap="medium")
        with picture:
            labels = {
                "p": t("probability of the token that really came"),
                "loss": t("loss in nats"),
                "this": visible(loss.piece),
            }
            figure = prediction_figures.loss_curve(steps["p"], loss.others.tolist(), labels, dark=is_dark)
            alt = t("The loss over the probability of the right token")
            chart(figure, key="prediction_loss_curve", alt=alt)
            note(
                t(
                    "The large dot is this token, the small ones are the other tokens of your text. A sure right "
                    "guess costs 0; halving the probability adds ln 2 = 0.693 anywhere on the curve."
                )
            )
        with words:
            block(
                t("Worked with this token"),
                facts_html(worked(steps, token(loss.piece))),
                note_html(t("Taking the highest logit away changes no probability and keeps the numbers small.")),
            )
        ps = np.concatenate([[steps["p"]], loss.others])  # this token first
        c.numbers({labels["p"]: ps.tolist(), labels["loss"]: (-np.log(ps)).tolist()}, file="loss.csv")
        c.formula(loss.latex, loss.symbols)
        c.code(loss.code)


def worked(steps: dict, followed: Html) -> list[tuple[str, str]]:
    """The way from the logit to the loss, a line a step."""
    d, e = prediction.decimal, prediction.significant
    return [
        (rich("1. logit of {token}", token=followed), d(steps["logit"], 3)),
        (t("2. minus the highest logit, {best}", best=d(steps["best"], 3)), d(steps["gap"], 3)),
        (t("3. e to that power"), e(steps["numerator"])),
        (t("4. step 3 for every token, added up"), e(steps["denominator"])),
        (t("5. probability: 3. ÷ 4."), e(steps["p"])),
        (t("6. loss: −ln of that"), rich("<b>{nats} nats</b>", nats=d(steps["nats"], 3))),
        (t("the same in bits: ÷ ln 2"), t("{bits} bits", bits=d(steps["bits"], 3))),
    ]
