"""The same text through several tokenizers, side by side."""

import streamlit as st

from model_backend import ModelUnavailable
from model_backend.base.cuts import NO_OPENAI_DATA, OPENAI, OPENAI_SIZES, Cut, by_bytes, by_characters, by_words
from model_backend.hub import catalogue
from model_backend.serving.questions.cutting import cuts_by, installed, openai_cuts, own_cuts
from pages.common.cards import card
from pages.common.components import component
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.offer import check_offered
from pages.common.screen import Screen
from pages.common.server_settings import settings
from pages.common.text import rich, said, t, tn
from pages.tokens import words
from pages.tokens.words import answer
from viz import tokens

LONGEST_COMPARED = 2_000  # characters; past that the first ones are compared, and the screen says so


@fragment
def show_comparison(s: Screen) -> None:
    """One row a tokenizer: how many tokens, and which."""
    with card("tokens_compare", t("How would others cut it?")) as c:
        place = st.container()
        text = s.prompt_tokens.text[:LONGEST_COMPARED]
        is_shared = settings().shared
        others = st.multiselect(
            t("More tokenizers on this machine"),
            [name for name in ask(installed) if not is_shared or name in settings().offered],
            key="tokens_others",
            accept_new_options=not is_shared,
            placeholder=t("a Hugging Face id that was loaded before, or a folder"),
        )
        with st.spinner(t("Cutting …")):
            found = all_cuts(s, text, others)
        there = [cut for cut in found[1:] if cut.is_available and cut.name != "words"]
        least, most = (choose(there, key=lambda cut: cut.n_tokens) for choose in (min, max))
        sentence = rich(
            "The same text is <b>{tokens}</b> for {model}, and between <b>{least}</b> ({one}) and <b>{most}</b> ({other}) elsewhere. "
            "Each has its own list of pieces, so an id of one means nothing to another.",
            tokens=tn("{n} token", "{n} tokens", found[0].n_tokens),
            model=title(found[0]),
            least=least.n_tokens,
            one=title(least),
            most=most.n_tokens,
            other=title(most),
        )
        answer(place, sentence)
        rows = [row | row_words(row, cut) for row, cut in zip(tokens.cuts(text, found), found, strict=True)]
        component("cuts", key="tokens_cuts", data={"rows": rows})
        if len(text) < len(s.prompt_tokens.text):
            st.html(
                f'<p class="ts-note ts-keep">{t("Compared are the first {n:,} characters.", n=LONGEST_COMPARED)}</p>'
            )
        c.numbers(
            words.columns(tokens.cut_columns(found) | {"tokenizer": [title(cut) for cut in found if not cut.reason]}),
            file="tokenizers.csv",
        )


def all_cuts(s: Screen, text: str, others: list[str]) -> list[Cut]:
    """This model's cut first, then the other bundled models', those the person named, OpenAI's, and the plain yardsticks."""
    cuts = [*s.ask(own_cuts, (text,))]
    names = [entry.name for entry in catalogue.entries() if entry.name != s.model.info.name]
    cuts += [named_cut(text, name) for name in dict.fromkeys([*names, *others])]
    cuts += [cut for name in OPENAI for cut in ask(openai_cuts, name, (text,))]
    return cuts + [cut(text) for cut in (by_words, by_characters, by_bytes)]


def named_cut(text: str, name: str) -> Cut:
    """The cut of a tokenizer on this machine, or a row that says why there is none."""
    try:
        if catalogue.find(name) is None:
            check_offered(name)
        (cut,) = ask(cuts_by, name, (text,))
        return cut
    except ModelUnavailable as error:
        return Cut(name, name, reason=said(error))


def title(cut: Cut) -> str:
    """A tokenizer's name as a person knows it."""
    entry = catalogue.find(cut.name)
    plain = {"bytes": t("plain bytes"), "characters": t("single characters"), "words": t("words")}
    return entry.title if entry else plain.get(cut.name, cut.title)


def row_words(row: dict, cut: Cut) -> dict[str, str]:
    """What stands beside a row: the tokenizer's name, the size of its list, why it is missing, what is not drawn."""
    plain = {
        "bytes": t("UTF-8: 1 to 4 bytes a character"),
        "characters": t("Unicode code points"),
        "words": t("cut at white space; no ids"),
        "cl100k_base": t("{n:,} pieces; GPT-3.5 and GPT-4", n=OPENAI_SIZES["cl100k_base"]),
        "o200k_base": t("{n:,} pieces; GPT-4o and later", n=OPENAI_SIZES["o200k_base"]),
    }
    size = t("{n:,} pieces", n=cut.vocab_size) if cut.is_available else ""
    changed = "" if cut.is_lossless else " · " + t("rewrites the text")
    unit = {"bytes": t("bytes"), "characters": t("characters"), "words": t("words")}.get(cut.name, t("tokens"))
    more = tn("… and {n} more token", "… and {n} more tokens", row["hidden"]) if row["hidden"] else ""
    reason = cut.reason
    if reason == NO_OPENAI_DATA:
        reason = t(
            "Its merge ranks are not on this machine and could not be downloaded; `pip install rs-bpe` brings them along."
        )
    return {
        "title": title(cut),
        "note": plain.get(cut.name, size) + changed,
        "unit": unit,
        "more": more,
        "reason": reason and t("Not available: {why}", why=reason),
    }
