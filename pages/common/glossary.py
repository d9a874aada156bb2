"""The glossary in place: each word of it is explained where it first stands on a screen, on hover, focus and tap.

The browser component `glossary` finds the words in our own sentences (never in tokens or in what a person typed) and shows the
entry; it gets the words in the language of the session. `term()` marks a word by hand.
"""

from functools import lru_cache

from pages.common.components import component
from pages.common.literature import short
from pages.common.page_map import BY_KEY
from pages.common.terms import Term, choosing, inside, reading, writing
from pages.common.text import Html, language, rich, t

TERMS = (*reading.TERMS, *inside.TERMS, *choosing.TERMS, *writing.TERMS)
BY_TERM = {term.key: term for term in TERMS}


def forms(entry: Term) -> list[str]:
    """The word and its other forms in the language of the session, its title first."""
    return t(entry.names).split("|")


def anchor(key: str) -> str:
    """Where an entry stands on the page of the glossary."""
    return f"term-{key.replace(' ', '-')}"


def term(key: str) -> Html:
    """The title of an entry, explained on hover, focus and tap."""
    return rich(
        '<span class="ts-term" data-term="{key}" role="button" tabindex="0">{name}</span>',
        key=key, name=forms(BY_TERM[key])[0],
    )  # fmt: skip


def draw_explanations() -> None:
    """Let the words of this page be explained where they stand."""
    component("glossary", key="glossary", data={**_entries(language()), "more": t("Glossary")}, height=1)


@lru_cache(maxsize=8)
def _entries(lang: str) -> dict:
    """What the component needs, in the language of the session, which is `lang`."""
    entries = [
        {
            "key": entry.key,
            "forms": forms(entry),
            "meaning": t(entry.meaning),
            "sources": " · ".join(short(reference) for reference in entry.references),
            "anchor": anchor(entry.key),
        }
        for entry in TERMS
    ]
    return {"terms": entries, "page": BY_KEY["glossary"].url_path, "language": lang}
