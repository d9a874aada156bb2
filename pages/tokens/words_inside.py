"""One word under the glass: how the tokenizer cut it step by step, and which letters the model never sees."""

import streamlit as st

from model_backend.serving.questions.cutting import merge_trace, own_cuts
from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, t, tn, token
from pages.tokens import words
from pages.tokens.words import answer
from viz import merges, tokens

MAX_WORD = 40
MAX_OPTIONS = 60
EXAMPLE = "strawberry"


@fragment
def show_merges(s: Screen) -> None:
    """How the tokenizer came to the tokens of one word."""
    follow_focus(s)
    with card("tokens_merges", t("How did the cutter decide?")) as c:
        place = st.container()
        wide, narrow = st.columns([3, 1], vertical_alignment="bottom")
        options = tokens.words(s.prompt_tokens.text)[:MAX_OPTIONS]
        label = t("Word (choose one of the text, or type your own)")
        word = wide.selectbox(
            label, options, key="tokens_word", accept_new_options=True, on_change=space_as_in, args=(s,)
        )
        is_byte_level = s.model.vocabulary.style == "byte-level"
        spaced = is_byte_level and narrow.toggle(t("with the space before it"), key="tokens_space")
        word = (word or EXAMPLE)[:MAX_WORD]
        trace = s.ask(merge_trace, " " + word if spaced else word)
        answer(place, how_cut(trace, word))
        data = merges.ladder(trace)
        component("merges", key="tokens_ladder", data=data | {"id": word + str(spaced), "labels": words.merges()})
        if not trace.agrees:
            st.html(
                f"<p "
                f'class="ts-note">{t("Inside a sentence this tokenizer cuts the word differently; shown is our reading of its rules.")}</p>'
            )
        c.numbers(words.columns(merges.columns(trace)), file="merges.csv")
        if trace.kind == "bpe":
            c.formula(
                r"(a, b)^{*} = \underset{(a,b)\ \text{neighbours}}{\arg\min}\ \text{rank}(a, b), \qquad a\,b \to ab",
                t(
                    "Of all neighbours that stand in the merge table, join those with the lowest rank; repeat until there are none."
                ),
            )


def follow_focus(s: Screen) -> None:
    """The word is that of the token the person focused, or the longest one, until the person chooses another."""
    focused = state.get("focus") is not None
    now = (s.prompt_tokens.text, s.focus, focused)
    if st.session_state.get("_tokens_word_for") != now:
        st.session_state["_tokens_word_for"] = now
        longest = max(tokens.words(s.prompt_tokens.text), key=len, default=EXAMPLE)
        st.session_state["tokens_word"] = (focused and tokens.word_at(s.prompt_tokens, s.focus)) or longest
        space_as_in(s)


def space_as_in(s: Screen) -> None:
    """A word of the text is cut as it stands there: with the space before it, unless the text begins with it."""
    word = st.session_state["tokens_word"] or ""
    st.session_state["tokens_space"] = " " + word in s.prompt_tokens.text or word not in s.prompt_tokens.text


def how_cut(trace, word: str) -> str:
    """One sentence on how this word was cut, by the tokenizer's kind."""
    n_start = sum(len(chunk.start) for chunk in trace.chunks)
    n_steps = sum(len(chunk.steps) for chunk in trace.chunks)
    values = dict(word=token(word), tokens=tn("{n} token", "{n} tokens", len(trace.pieces)))
    if trace.kind == "bpe" and not n_steps:
        return rich(
            "{word} stays as it is, <b>{tokens}</b>: no two neighbours stand in the table of {n} merges.",
            n=f"{trace.n_merges:,}",
            **values,
        )
    return {
        "bpe": rich(
            "{word} begins as {start}. Again and again the two neighbours that were learned earliest (lowest rank of {n}) are joined: "
            "{steps} later it is <b>{tokens}</b>.",
            start=tn("{n} piece", "{n} pieces", n_start),
            steps=tn("{n} step", "{n} steps", n_steps),
            n=f"{trace.n_merges:,}",
            **values,
        ),
        "wordpiece": rich(
            "{word} is cut from the left, always the longest piece that is in the vocabulary: <b>{tokens}</b>.",
            **values,
        ),
        "unigram": rich("Of all ways to cut {word}, the one with the best score is taken: <b>{tokens}</b>.", **values),
        "wordlevel": rich("{word} is looked up whole: <b>{tokens}</b>.", **values),
    }[trace.kind]


@fragment
def show_letters(s: Screen) -> None:
    """Why counting letters is hard for a model that sees ids."""
    with card("tokens_letters", t("Why is counting letters hard?")) as c:
        place = st.container()
        left, right, _ = st.columns([2, 1, 2])
        word = left.text_input(t("Word"), EXAMPLE, key="tokens_letters_word", max_chars=60) or EXAMPLE
        letter = (
            tokens.characters(right.text_input(t("Letter"), "r", key="tokens_letter", max_chars=4).strip()) or ["r"]
        )[0]
        (cut,) = s.ask(own_cuts, (word,))
        data = tokens.letters(word, letter, cut.ids, cut.token_bytes)
        sentence = rich(
            "{word} holds {letter} <b>{total}</b> times. You can see that; the model gets {numbers} and no letters.",
            word=token(word),
            letter=token(letter),
            total=data["total"],
            numbers=tn("{n} number", "{n} numbers", cut.n_tokens),
        )
        answer(place, sentence)
        component("letters", key="tokens_letters", data=data | {"labels": words.letters(letter, data["total"])})
        c.numbers(words.columns(tokens.letter_columns(data)), file="letters.csv")
