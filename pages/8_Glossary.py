"""The Glossary: every word that the screens use, in plain words, with its place in the literature and the screen where one sees it."""

import streamlit as st

from pages.common import state
from pages.common.fragments import fragment
from pages.common.glossary import TERMS, anchor, forms
from pages.common.literature import cited
from pages.common.outline import Outline
from pages.common.page_map import BY_KEY, PAGES
from pages.common.terms import Term
from pages.common.text import Html, rich, t, tn
from pages.common.words import note


def fits(entry: Term, asked: str) -> bool:
    """Whether each word that was typed stands somewhere in the entry."""
    text = " ".join([*forms(entry), t(entry.meaning)]).casefold()
    return all(word in text for word in asked.casefold().split())


def entry_html(entry: Term) -> Html:
    """One entry; its sources below it."""
    sources = Html("<br>".join(cited(reference) for reference in entry.references))
    return rich(
        '<dt id="{anchor}">{name}</dt><dd><p>{meaning}</p><p class="ts-sources">{sources}</p></dd>',
        anchor=anchor(entry.key), name=forms(entry)[0], meaning=t(entry.meaning), sources=sources,
    )  # fmt: skip


@fragment
def show_entries() -> None:
    """The box to search in, and the entries by the screen where one sees them."""
    asked = st.text_input(t("Search"), key="glossary_search", live=True, placeholder=t("such as logit"))
    found = [entry for entry in TERMS if fits(entry, asked)]
    note(tn("{n} word", "{n} words", len(found)) if found else t("No word of the glossary fits. Try a shorter one."))
    for page in PAGES:
        entries = [entry for entry in found if entry.screen == page.key]
        if not entries:
            continue
        with st.container(key=f"card_glossary_{page.key}"):
            st.page_link(
                page.file, label=t("See it on the screen {screen}", screen=t(page.title)), query_params=state.address()
            )
            st.html(f'<dl class="ts-glossary">{"".join(map(entry_html, entries))}</dl>')


here = BY_KEY["glossary"]
Outline(here).fill()
st.html(rich('<h2 class="ts-question">{question}</h2>', question=t(here.question)))
show_entries()
