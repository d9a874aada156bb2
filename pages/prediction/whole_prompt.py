"""What the model makes of the whole prompt: surprisal, uncertainty place by place, and the loss that training lowers."""

import numpy as np
import streamlit as st

from pages.common import state
from pages.common.components import card, component
from pages.common.text import Html, rich, t, tn, token
from pages.prediction.words import block, facts_html, note, note_html, scale
from viz import prediction, prediction_figures
from viz.chips import ribbon
from viz.labels import visible

SURPRISAL_LATEX = (
    r"\text{surprisal}(x_t) = -\log_2 p(x_t \mid x_{<t}) \qquad \text{perplexity} = 2^{\,\text{mean surprisal}}"
)
LOSS_LATEX = r"\text{loss} = -\ln p(x_{t+1} \mid x_{\le t}) = \ln \sum_v e^{z_v - z_{\max}} - (z_{x_{t+1}} - z_{\max})"


def show_surprisal(s, bits: np.ndarray) -> None:
    """The prompt coloured by how surprising each token was, bits [pos]; a click focuses a token everywhere."""
    whole = prediction.surprisal_summary(bits)
    answer = rich(
        "The text has a surprisal of <b>{total} bits</b>: {mean} bits a token, as if each had to be guessed among {n} equally likely ones.",
        total=f"{whole['total_bits']:,.1f}",
        mean=f"{whole['mean_bits']:.2f}",
        n=prediction.choices(whole["mean_bits"]),
    )
    with card("prediction_surprisal", t("Which tokens surprised the model?"), answer) as c:
        end = prediction.surprisal_end(bits)
        data = ribbon(s.tokens, focus=s.focus, amounts=bits, full=end, note=prediction.surprisal_note)
        words = {
            "label": t("The prompt, each token with its surprisal in bits; choose one to look at"),
            "special": t("special token"),
            "more": tn("… and {n} more token", "… and {n} more tokens", data["hidden"]) if data["hidden"] else "",
        }
        component("chips", key="prediction_chips", data=data | words, on_focus_change=focus_chip)
        scale(t("0 bits: expected"), t("{n} bits or more: surprising", n=f"{end:g}"))
        facts = [
            (t("tokens that were predicted"), f"{whole['n']:,}"),
            (t("total surprisal"), t("{bits} bits", bits=f"{whole['total_bits']:,.2f}")),
            (t("mean per token"), t("{bits} bits", bits=f"{whole['mean_bits']:.3f}")),
            (t("perplexity of the text"), prediction.choices(whole["mean_bits"])),
        ]
        st.html(facts_html(facts))
        note(t("On each token: its id, then its surprisal in bits."))
        note(convention(s))
        columns = {
            t("token"): [visible(piece) for piece in s.tokens.pieces],
            t("bits"): bits.tolist(),
            t("rank"): s.trace.ranks().tolist(),
        }
        c.numbers(columns, file="surprisal.csv")
        c.formula(
            SURPRISAL_LATEX,
            t("A token of probability one half surprises by 1 bit, one of a quarter by 2 bits, and so on."),
        )


def convention(s) -> str:
    """What counts: whether something stands before the first token of the text."""
    if s.tokens.is_special[0]:
        return t(
            "This model starts every text with a special token. It predicts the first word from that, and only the special token itself (–) does not count."
        )
    return t("Nothing stands before the first token, so nothing predicted it (–) and it does not count.")


def focus_chip() -> None:
    """A chip was clicked."""
    position = st.session_state["prediction_chips"].focus
    if position is not None:
        state.put("focus", int(position))


def show_entropy_curve(s) -> None:
    """How unsure the model is, place by place."""
    bits = s.trace.entropy_bits()
    sure, unsure = int(bits.argmin()), int(bits.argmax())
    answer = rich(
        "It is surest of what follows {sure} ({low} bits) and least sure of what follows {unsure} ({high} bits).",
        sure=token(s.tokens.pieces[sure]),
        unsure=token(s.tokens.pieces[unsure]),
        low=f"{bits[sure]:.2f}",
        high=f"{bits[unsure]:.2f}",
    )
    with card("prediction_curve", t("Where is the model sure of itself?"), answer) as c:
        labels = [visible(piece) for piece in s.tokens.pieces]
        figure = prediction_figures.entropy_curve(bits, labels, s.focus, tick, dark=s.is_dark)
        alt = t("Entropy of the next-token distribution after each token of the prompt")
        st.plotly_chart(figure, key="prediction_entropy", theme=None, alt=alt)
        note(
            t(
                "Across: the tokens of your text. Upwards: the entropy of the guess that follows each, and how many equally likely tokens that is like. The large dot is the focused token."
            )
        )
        c.numbers({t("token"): labels, t("bits"): bits.tolist()}, file="entropy.csv")


def tick(bits: int) -> str:
    """A mark on the axis of entropy."""
    return tn("{bits} bits<br>{count} token", "{bits} bits<br>{count} tokens", 2**bits, bits=bits, count=f"{2**bits:,}")


def show_loss(s, bits: np.ndarray) -> None:
    """The training loss, worked with the numbers of one token of this prompt."""
    at = min(s.focus, len(s.tokens) - 2)  # at the last token nothing followed: take the one before
    steps = prediction.loss_steps(s.trace.next_token(at), int(s.tokens.ids[at + 1]))
    followed, word = token(s.tokens.pieces[at + 1]), token(s.tokens.pieces[at])
    answer = rich(
        "Training raises the probability of the token that really came. For {token} after {word} the loss is <b>{loss}</b>; the mean over this text is <b>{mean}</b>.",
        token=followed,
        word=word,
        loss=prediction.decimal(steps["nats"], 3),
        mean=prediction.decimal(prediction.surprisal_summary(bits)["mean_nats"], 3),
    )
    with card("prediction_loss", t("What does training make smaller?"), answer) as c:
        picture, words = st.columns([3, 2], gap="medium")
        with picture:
            labels = {
                "p": t("probability of the token that really came"),
                "loss": t("loss in nats"),
                "this": visible(s.tokens.pieces[at + 1]),
            }
            known = 2.0 ** -np.delete(bits, at + 1)
            figure = prediction_figures.loss_curve(steps["p"], known[~np.isnan(known)], labels, dark=s.is_dark)
            st.plotly_chart(
                figure,
                key="prediction_loss_curve",
                theme=None,
                alt=t("The loss over the probability of the right token"),
            )
            note(
                t(
                    "The large dot is this token, the small ones are the other tokens of your text. A sure right guess costs 0; halving the probability adds ln 2 = 0.693 anywhere on the curve."
                )
            )
        with words:
            block(
                t("Worked with this token"),
                facts_html(worked(steps, followed)),
                note_html(t("Taking the highest logit away changes no probability and keeps the numbers small.")),
            )
        c.formula(LOSS_LATEX, t("z are the logits, x the tokens. The loss of a text is the mean over its tokens."))
        c.code(prediction.loss_code(source_of(s), s.model.info.dtype, s.tokens.text, at))


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


def source_of(s) -> str:
    """What plain transformers takes for this model: bundled models are folders of this program."""
    name = s.model.info.name
    return f"model_backend/{name}" if name.startswith("bundled/") else name
