"""The Tokens screen: how the text is cut, how the cutter came to it, and what that means for letters, languages and money."""

import streamlit as st

from model_backend.serving.questions.cutting import merge_ranks, n_merges
from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.frame import screen
from pages.common.screen import Screen
from pages.common.text import rich, t, tn
from pages.tokens import words
from pages.tokens.comparing import show_comparison
from pages.tokens.languages import show_languages
from pages.tokens.words_inside import show_letters, show_merges
from viz import tokens


def show_cuts(s: Screen) -> None:
    """Chips with ids and bytes, and all there is to know about one of them."""
    n = tokens.counts(s.prompt_tokens)
    is_word_pieces = s.model.vocabulary.style == "word pieces"
    with card("tokens_chips", t("Where are the cuts?"), how_dense(n)) as c:
        data = tokens.inspector(
            s.prompt_tokens,
            focus=s.focus,
            vocab_size=s.model.info.vocab_size,
            made_by=s.ask(merge_ranks, tuple(s.prompt_tokens.ids.tolist())).get,
            n_merges=s.ask(n_merges),
            goes_on=s.model.vocabulary.is_continuation if is_word_pieces else None,
        )
        more = (
            tn("{n} more token is not drawn.", "{n} more tokens are not drawn.", data["hidden"])
            if data["hidden"]
            else ""
        )
        shown = {"counts": counters(n), "labels": words.inspector(is_word_pieces), "more": more}
        component("token_inspector", key="tokens_inspector", data=data | shown, on_focus_change=focus_from_inspector)
        if not s.prompt_tokens.is_lossless:
            st.html(f'<p class="ts-note">{loss(s.prompt_tokens.loss)}</p>')
        c.numbers(words.columns(tokens.token_columns(s.prompt_tokens)), file="tokens.csv")
        c.code(
            "from model_backend import open_model\n\n"
            f"model = open_model({s.model.info.name!r})\n"
            f"tokens = model.tokenize({s.prompt_tokens.text!r})\n"
            "for token_id, data in zip(tokens.ids, tokens.token_bytes):\n"
            "    print(token_id, data)"
        )


def how_dense(n: dict[str, int]) -> str:
    """The card's sentence: how many tokens, and how they compare with the characters a person sees."""
    values = {"tokens": tn("{n} token", "{n} tokens", n["tokens"])}
    if n["tokens"] > n["characters"] > 0:
        per = f"{n['tokens'] / n['characters']:.1f}"
        return rich(
            "The text is cut into <b>{tokens}</b>, about {per} for every character: this tokenizer has few pieces for such a "
            "text. The model reads only the ids.",
            per=per,
            **values,
        )
    per = f"{n['characters'] / max(1, n['tokens']):.1f}"
    return rich(
        "The text is cut into <b>{tokens}</b>, one for every {per} characters. The model reads only the ids.",
        per=per,
        **values,
    )


def counters(n: dict[str, int]) -> list[list]:
    """The text's length in each unit; code points only where they are not the characters a reader sees."""
    rows = [[t("words (between spaces)"), n["words"], False], [t("characters"), n["characters"], False]]
    if n["code_points"] != n["characters"]:
        rows.append([t("code points"), n["code_points"], False])
    rows += [[t("bytes"), n["bytes"], False], [t("tokens"), n["tokens"], True]]
    if n["special"]:
        rows.append([t("special tokens"), n["special"], False])
    return rows


def loss(why: str) -> str:
    """What this tokenizer dropped from the text, in words."""
    return {
        "lowercased": t("This tokenizer makes every letter small first; the tokens do not give the text back exactly."),
        "unknown": t("Some characters are unknown to this tokenizer and became its unknown token."),
        "spaces": t("This tokenizer does not keep the spaces; the tokens do not give the text back exactly."),
    }.get(why, t("This tokenizer rewrites some characters first; the tokens do not give the text back exactly."))


def focus_from_inspector() -> None:
    """A click on a part of a chip focuses that token on every screen."""
    position = st.session_state["tokens_inspector"].focus
    if position is not None:
        state.put("focus", int(position))


with screen("tokens") as s:
    show_cuts(s)
    show_merges(s)
    show_letters(s)
    show_comparison(s)
    show_languages(s)
