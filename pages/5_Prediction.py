"""The Prediction screen: the distribution over the next token at any position, and what it makes of the whole prompt."""

import math

import streamlit as st

from model_backend import BackendError
from pages.common import state
from pages.common.components import card, component
from pages.common.frame import screen
from pages.common.text import Html, rich, t, tn, to_html, token
from viz import prediction
from viz.chips import ribbon
from viz.labels import visible

LEDGER_LATEX = r"p_i = \frac{e^{z_i}}{\sum_v e^{z_v}} \qquad H = -\sum_v p_v \log_2 p_v \qquad \text{perplexity} = 2^H"
SURPRISAL_LATEX = (
    r"\text{surprisal}(x_t) = -\log_2 p(x_t \mid x_{<t}) \qquad \text{perplexity} = 2^{\text{mean surprisal}}"
)
LOSS_LATEX = r"\text{loss} = -\ln p(x_{t+1} \mid x_{\le t}) = \ln \sum_v e^{z_v - z_{\max}} - (z_{x_{t+1}} - z_{\max})"


def note(text: str) -> None:
    """A quiet line of explanation."""
    st.html(f'<p class="ts-note">{to_html(text)}</p>')


def facts(rows: list[tuple[str, str]]) -> None:
    """Names and numbers, one pair a line."""
    lines = (f'<tr><th scope="row">{to_html(name)}</th><td>{to_html(value)}</td></tr>' for name, value in rows)
    st.html(f'<table class="ts-facts">{"".join(lines)}</table>')


def scale(low: str, high: str) -> None:
    """The ends of the sequential scale in words."""
    bar = "flex:0 1 14rem;height:0.9rem;border-radius:5px;border:1px solid var(--ts-line);background:linear-gradient(to right,var(--ts-raised),var(--ts-probability))"
    st.html(
        f'<div class="ts-note" style="display:flex;gap:0.6rem;align-items:center">{to_html(low)}<span style="{bar}"></span>{to_html(high)}</div>'
    )


def show_ledger(s, next_token) -> None:
    """Every number of the likeliest tokens, what the rows leave out, and how unsure the model is."""
    writes_on = s.model.info.kind == "decoder"
    at = s.focus + writes_on  # a model that fills gaps predicts the token that stands there
    followed = int(s.tokens.ids[at]) if at < len(s.tokens) else None
    data = prediction.ledger(next_token, s.model.piece, s.model.token_bytes, followed)
    top = data["rows"][0]
    sentence = (
        "After {word} the model's best guess is {top} with <b>{p}</b>."
        if writes_on
        else "Where {word} stands the model's best guess is {top} with <b>{p}</b>."
    )
    answer = rich(sentence, word=token(s.tokens.pieces[s.focus]), top=token(s.model.piece(top["id"])), p=top["p"])
    with card("prediction_ledger", t("What comes next?"), answer) as c:
        picture, words = st.columns([2, 1], gap="medium")
        with picture:
            component("ledger", key="prediction_rows", data=data | ledger_words(data, s.model.info.vocab_size))
        with words:
            show_followed(s, data["pinned"])
            show_entropy(next_token)
        names = [t("rank"), t("token"), t("id"), t("logit"), t("probability"), t("ln p"), t("cumulative")]
        c.numbers(prediction.ledger_columns(data, names), file="next_token.csv")
        c.formula(
            LEDGER_LATEX,
            t("The logits z of all tokens become probabilities that add up to 1. H is the entropy in bits."),
        )


def ledger_words(data: dict, n_vocab: int) -> dict:
    """What the ledger component says."""
    columns = {"rank": t("rank"), "token": t("token"), "p": t("probability"), "logit": t("logit"), "ln_p": t("ln p")}
    others = [
        other
        | {"text": tn("the one other token", "all other {count} tokens together", other["n"], count=f"{other['n']:,}")}
        for other in data["others"]
    ]
    return {
        "caption": t("The likeliest next tokens, the best first"),
        "columns": columns | {"cumulative": t("cumulative"), "scale": t("probability as a bar")},
        "sizes_label": t("Rows"),
        "mark": t("really followed"),
        "detail_names": [t("id"), t("bytes"), t("probability"), t("one in"), t("logit"), t("cumulative")],
        "hint": t(
            "Choose a row for its id and bytes. The bars end at the best guess; all {n} tokens add up to 100 %.",
            n=f"{n_vocab:,}",
        ),
        "others": others,
    }


def show_followed(s, row: dict | None) -> None:
    """The token that really came, and how much of a surprise it was."""
    st.html(f"<h3>{t('What really followed?')}</h3>")
    if row is None:
        note(
            t(
                "Nothing yet: this is the last token. Choose an earlier one above to compare the guess with what really came."
            )
        )
        return
    st.html(
        rich(
            "<p>{token} was given <b>{p}</b>, rank {rank}. Its surprisal is <b>{bits} bits</b>.</p>",
            token=token(s.model.piece(row["id"])),
            p=row["p"],
            rank=row["rank"],
            bits=row["bits"],
        )
    )


def show_entropy(next_token) -> None:
    """Entropy and perplexity in plain words."""
    bits, most = next_token.entropy_bits, math.log2(len(next_token.ids))
    n = prediction.choices(bits)
    st.html(f"<h3>{t('How unsure is the model?')}</h3>")
    st.html(rich("<p>As unsure as a fair choice among <b>{n}</b> equally likely tokens.</p>", n=n))
    facts(
        [
            (t("entropy"), t("{bits:.2f} bits", bits=bits)),
            (t("perplexity"), n),
            (t("entropy if it knew nothing"), t("{bits:.2f} bits", bits=most)),
        ]
    )
    note(t("0 bits would be certainty. Each bit more doubles the number of tokens to choose among."))


@st.fragment
def show_find(s, next_token) -> None:
    """Any token by its text, and the chain rule for a text of several tokens."""
    with card("prediction_find", t("How likely is the word you think of?")):
        typed = st.text_input(
            t("Text to look for"),
            key="prediction_typed",
            live=True,
            placeholder=t("Type a word, such as dog"),
            max_chars=80,
        )
        if not typed.strip(" "):
            note(
                t("Type a word or a part of one: every token that holds it appears with its rank and its probability.")
            )
            return
        ln_p, ranks = prediction.ln_probabilities(next_token), prediction.ranks(next_token)
        if s.model.info.kind == "decoder":
            for form in [typed] if typed.startswith(" ") else [" " + typed, typed]:
                st.html(f"<p>{likelihood_of(s, form, ln_p, ranks)}</p>")
        show_matches(s, typed, ln_p, ranks)


def likelihood_of(s, form: str, ln_p, ranks) -> Html:
    """What the model gives a text as the continuation: one token's probability, or the product along its tokens."""
    words = {
        "text": token(form),
        "how": t("with a leading space") if form.startswith(" ") else t("without a leading space"),
    }
    token_id = prediction.token_of(s.model.vocabulary.table[: len(ranks)], form)
    if token_id is not None:
        rank = int(ranks[token_id])
        p = prediction.percent_of_ln(ln_p[rank - 1])
        return rich("{text}, {how}: <b>one token</b> with {p}, rank {rank}.", **words, p=p, rank=f"{rank:,}")
    try:
        trace = s.model.trace(s.tokens.text[: s.tokens.spans[s.focus][1]] + form)
        new = prediction.continuation(s.tokens.ids[: s.focus + 1], trace.tokens.ids)
        nats = trace.surprisal_bits()[new].tolist() if new else []
    except BackendError as error:
        return to_html(str(error))
    if not new:
        return rich("{text}, {how}: glued to the text before it, it is cut into other tokens.", **words)
    nats = [bits * math.log(2) for bits in nats]
    factors = [
        f"{token(trace.tokens.pieces[at])} {prediction.percent_of_ln(-x)}"
        for at, x in zip(range(new.start, new.stop), nats, strict=True)
    ]
    return rich(
        "{text}, {how}: <b>{n} tokens</b>, one after the other {factors} = <b>{p}</b> (ln p = {ln_p}).",
        **words,
        n=len(nats),
        factors=Html(" × ".join(factors)),
        p=prediction.percent_of_ln(-sum(nats)),
        ln_p=prediction.decimal(-sum(nats)),
    )


def show_matches(s, typed: str, ln_p, ranks) -> None:
    """The tokens whose text is, starts with or holds what was typed."""
    matches, n = prediction.find(s.model.vocabulary.table, typed, ranks)
    if not matches:
        note(t("No single token of this model holds that text."))
        return
    words = {"equals": t("is it"), "starts": t("starts with it"), "contains": t("holds it")}
    at = [int(ranks[token_id]) for _, token_id in matches]
    columns = {
        t("token"): [visible(s.model.piece(token_id)) for _, token_id in matches],
        t("text"): [words[relation] for relation, _ in matches],
        t("rank"): at,
        t("probability"): [prediction.percent_of_ln(ln_p[rank - 1]) for rank in at],
        t("ln p"): [prediction.decimal(ln_p[rank - 1]) for rank in at],
        t("id"): [token_id for _, token_id in matches],
    }
    st.dataframe(columns, hide_index=True, width="stretch", key="prediction_matches", alt=t("Tokens that match"))
    found = tn("One token matches.", "{count} tokens match; the closest are shown.", n, count=f"{n:,}")
    note(
        t("{found} A dot (·) is a space: a word with one before it is another token than the word alone.", found=found)
    )


def show_surprisal(s, bits) -> None:
    """The whole prompt coloured by how surprising each token was; a click focuses a token everywhere."""
    whole = prediction.surprisal_summary(bits)
    answer = rich(
        "The text has a surprisal of <b>{total} bits</b>. That is {mean} bits a token, as if the model had to guess among {n} equally likely ones each time.",
        total=f"{whole['total_bits']:,.1f}",
        mean=f"{whole['mean_bits']:.2f}",
        n=prediction.choices(whole["mean_bits"]),
    )
    with card("prediction_surprisal", t("Which tokens surprised the model?"), answer) as c:
        data = ribbon(s.tokens, focus=s.focus, values=bits / whole["scale_end"], notes=prediction.surprisal_notes(bits))
        words = {
            "label": t("The prompt, each token with its surprisal in bits; choose one to look at"),
            "special": t("special token"),
        }
        component("chips", key="prediction_chips", data=data | words, on_focus_change=focus_chip)
        scale(t("0 bits: expected"), t("{n} bits: surprising", n=f"{whole['scale_end']:g}"))
        note(
            t(
                "The first mark is the start token that the model puts before every text: from it the first word is guessed."
            )
            if s.tokens.is_special[0]
            else t(
                "Nothing stands before the first token, so nothing guessed it (–) and it does not count. Under each token: its id, its bits."
            )
        )
        columns = {
            t("token"): [visible(piece) for piece in s.tokens.pieces],
            t("bits"): bits.tolist(),
            t("rank"): s.trace.ranks().tolist(),
        }
        c.numbers(columns, file="surprisal.csv")
        c.formula(
            SURPRISAL_LATEX,
            t("A token with probability one half surprises by 1 bit, one with a quarter by 2 bits, and so on."),
        )


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
        "It is surest after {sure} ({low} bits) and least sure after {unsure} ({high} bits).",
        sure=token(s.tokens.pieces[sure]),
        unsure=token(s.tokens.pieces[unsure]),
        low=f"{bits[sure]:.2f}",
        high=f"{bits[unsure]:.2f}",
    )
    with card("prediction_curve", t("Where is the model sure of itself?"), answer) as c:
        labels = [visible(piece) for piece in s.tokens.pieces]
        ticks = lambda n: t("{bits} bits = {n} choices", bits=n, n=f"{2**n:,}")  # noqa: E731
        figure = prediction.entropy_curve(bits, labels, s.focus, ticks, dark=s.is_dark)
        alt = t("Entropy of the next-token distribution after each token of the prompt")
        st.plotly_chart(figure, key="prediction_entropy", theme=None, alt=alt)
        note(
            t(
                "Across: the tokens of your text. Upwards: the entropy of the guess that follows each. The large dot is the focused token."
            )
        )
        c.numbers({t("token"): labels, t("bits"): bits.tolist()}, file="entropy.csv")


def show_loss(s, bits) -> None:
    """The training loss, worked with the numbers of one token of this prompt."""
    at = min(s.focus, len(s.tokens) - 2)  # at the last token nothing followed: take the one before
    step = prediction.loss_steps(s.trace.next_token(at), int(s.tokens.ids[at + 1]))
    mean = prediction.surprisal_summary(bits)["mean_nats"]
    answer = rich(
        "Training pushes up the probability of the token that really followed. For {token} after {word} the loss is <b>{loss}</b>; the mean over this text is <b>{mean}</b>.",
        token=token(s.tokens.pieces[at + 1]),
        word=token(s.tokens.pieces[at]),
        loss=prediction.decimal(step["nats"], 3),
        mean=prediction.decimal(mean, 3),
    )
    with card("prediction_loss", t("What does training make smaller?"), answer) as c:
        followed, d = token(s.tokens.pieces[at + 1]), prediction.decimal
        facts(
            [
                (rich("1. logit of {token}", token=followed), d(step["logit"], 3)),
                (t("2. minus the highest logit of all ({best})", best=d(step["best"], 3)), d(step["gap"], 3)),
                (t("3. e to that power"), prediction.significant(step["numerator"])),
                (t("4. the same for all tokens, added up"), prediction.significant(step["denominator"])),
                (
                    t("5. probability = 3. ÷ 4."),
                    rich(
                        "{p} ({percent})",
                        p=prediction.significant(step["p"]),
                        percent=prediction.percent_of_ln(-step["nats"]),
                    ),
                ),
                (
                    t("6. loss = −ln of that"),
                    rich("<b>{nats} nats</b> = {bits} bits", nats=d(step["nats"], 3), bits=d(step["bits"], 3)),
                ),
            ]
        )
        note(
            t(
                "A certain right guess costs 0. Halving the probability adds ln 2 = 0.693, wherever it stood. Taking the highest logit away changes nothing and keeps the numbers small."
            )
        )
        c.formula(LOSS_LATEX, t("z are the logits, x the tokens. The loss of a text is the mean over its tokens."))
        c.code(prediction.loss_code(source_of(s), s.tokens.text, at))


def source_of(s) -> str:
    """What plain transformers takes for this model: bundled models are folders of this program."""
    name = s.model.info.name
    return f"model_backend/{name}" if name.startswith("bundled/") else name


with screen("prediction") as s:
    now = s.trace.next_token(s.focus)
    show_ledger(s, now)
    show_find(s, now)
    if s.model.info.kind != "decoder":
        note(
            t(
                "This model fills gaps and does not write on, so the surprisal of a text and its loss are not defined for it."
            )
        )
    elif len(s.tokens) < 2:
        note(t("Type at least two tokens to see how surprising each was and what its loss is."))
    else:
        surprisal = s.trace.surprisal_bits()
        show_surprisal(s, surprisal)
        show_entropy_curve(s)
        show_loss(s, surprisal)
