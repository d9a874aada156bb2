"""How each word of a text fares when it alone is hidden: surprisal, uncertainty, and the loss that training lowers."""

import numpy as np
import streamlit as st

from model_backend.base.records import Prompt
from model_backend.serving.questions.reading import gap_statistics, next_token
from pages.common import door, hiding, state
from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import facts_html, note
from pages.prediction.loss import GAP_LATEX, Loss, draw_loss
from pages.prediction.whole_prompt import columns, curve_card, draw_surprisal
from viz import help_code, prediction

MAX_TOKENS_AT_ONCE = 128  # past that the work grows to seconds, and waits until it is asked for
LATEX = r"\text{PLL}(x) = \sum_t \log p(x_t \mid x_{\setminus t}) \qquad \text{surprisal}(x_t) = -\log_2 p(x_t \mid x_{\setminus t})"


def show_each_word(s: Screen, n_words: int) -> None:
    """Each token hidden in turn: at once for short texts, when asked for long ones."""
    key = f"prediction_each_{hash((state.get('model'), state.get('prompt')))}"
    if n_words > MAX_TOKENS_AT_ONCE and not st.session_state.get(key):
        with card("prediction_surprisal", t("How surprising is each word, given all the others?")):
            note(
                t("For that the model reads the text {n} times, each time with another token hidden.", n=f"{n_words:,}")
            )
            st.button(
                t("Hide each in turn"), key="prediction_each", on_click=st.session_state.__setitem__, args=(key, True)
            )
        return
    with st.spinner(t("The model reads the text with each word hidden in turn …")):
        gaps = s.ask(gap_statistics, s.prompt.text)
        bits, ranks, entropy = gaps.surprisal_bits, gaps.rank, gaps.entropy_bits
    show_surprises(s, bits, ranks)
    show_sureness(s, entropy)
    show_gap_loss(s, bits)


def show_surprises(s: Screen, bits: np.ndarray, ranks: np.ndarray) -> None:
    """How badly each word is guessed from all the others."""
    whole = prediction.surprisal_summary(bits)
    hardest = int(np.nanargmax(bits))
    answer = rich(
        "Hidden alone, a token surprises by <b>{mean} bits</b> on average; {word} is the hardest to guess with {most} bits.",
        mean=f"{whole['mean_bits']:.2f}",
        word=token(s.prompt_tokens.pieces[hardest]),
        most=f"{bits[hardest]:.1f}",
    )
    with card("prediction_surprisal", t("How surprising is each word, given all the others?"), answer) as c:
        draw_surprisal(s.prompt_tokens, s.focus, bits, lambda at: hiding.click(at, s.focus, s.page.guesses))
        facts = [
            (t("tokens that were hidden, one at a time"), f"{whole['n']:,}"),
            (t("their surprisals added up"), t("{bits} bits", bits=f"{whole['total_bits']:,.2f}")),
            (t("mean per token"), t("{bits} bits", bits=f"{whole['mean_bits']:.3f}")),
            (t("pseudo-perplexity: 2 to the mean"), prediction.choices(whole["mean_bits"])),
        ]
        st.html(facts_html(facts))
        note(
            t(
                "Each token is hidden alone and guessed from those before and after it. With a minus sign the sum is "
                "the pseudo-log-likelihood of the text: it serves to rank texts, but it is no probability of the "
                "text, since each token was also used to guess the others."
            )
        )
        c.numbers(columns(s.prompt_tokens, bits, ranks), file="pseudo_surprisal.csv")
        c.formula(LATEX, t("Given all tokens but x_t itself (Salazar et al. 2020, Masked Language Model Scoring)."))


def show_sureness(s: Screen, entropy: np.ndarray) -> None:
    """How unsure the model is of each hidden word."""
    places = np.flatnonzero(~np.isnan(entropy))
    bits, pieces = entropy[places], [s.prompt_tokens.pieces[i] for i in places]
    sure, unsure = int(bits.argmin()), int(bits.argmax())
    answer = rich(
        "It is surest of what belongs in the place of {sure} ({low} bits) and least sure in the place of {unsure} ({high} bits).",
        sure=token(pieces[sure]),
        unsure=token(pieces[unsure]),
        low=f"{bits[sure]:.2f}",
        high=f"{bits[unsure]:.2f}",
    )
    explained = t(
        "Across: the tokens of your text. Upwards: the entropy of the guess when that token alone is hidden, and how "
        "many equally likely tokens that is like. The large dot is the focused token."
    )
    alt = t("Entropy of the guess at each token when it is hidden")
    focus = int(np.flatnonzero(places == s.focus)[0]) if s.focus in places else -1
    curve_card(bits, pieces, focus, answer, explained, alt, is_dark=s.is_dark)


def show_gap_loss(s: Screen, bits: np.ndarray) -> None:
    """The loss of the focused word, hidden alone; of the hardest one where no word is focused."""
    at = s.focus if not np.isnan(bits[s.focus]) else int(np.nanargmax(bits))
    alone = Prompt(s.prompt.text, masked=(at,))
    info, tokens = s.model.info, s.prompt_tokens
    known = 2.0 ** -np.delete(bits, at)
    loss = Loss(
        door.ask(next_token, s.name, alone, at),
        int(tokens.ids[at]),
        tokens.pieces[at],
        known[~np.isnan(known)],
        GAP_LATEX,
        t(
            "z are the logits behind the mask, x the tokens. Training hides some tokens of each text; its loss is the mean over them."
        ),
        help_code.gap_loss_code(info.name, info.dtype, tokens.text, at, np.flatnonzero(~np.isnan(bits)).tolist()),
    )
    steps = prediction.loss_steps(loss.distribution, loss.token_id)
    answer = rich(
        "Training hides words and raises the probability of what really stood there. For {token}, hidden alone, the "
        "loss is <b>{loss}</b>; the mean over this text is <b>{mean}</b>.",
        token=token(loss.piece),
        loss=prediction.decimal(steps["nats"], 3),
        mean=prediction.decimal(prediction.surprisal_summary(bits)["mean_nats"], 3),
    )
    draw_loss(loss, steps, answer, is_dark=s.is_dark)
