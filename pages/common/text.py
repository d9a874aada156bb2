"""The one way words reach the screen: translated, and safe to show.

`t()` gives plain text, `rich()` gives HTML. Both take a whole English sentence with named gaps, so that a translator
can put the words in the order of the other language. In `rich()` the sentence itself may hold <b>, <code> …, and every
value is escaped unless it is Html already (such as `token(...)`). Html is markupsafe's Markup: what is joined to it by `+`
or put into its gaps is escaped too. The sentence is a literal: `make messages` reads it out of the
source; one that stands in a table is marked there by `N_()`. The backend's words come as `Sentence`s, as do its errors.
"""

import gettext
from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup, escape

from model_backend.base.errors import BackendError
from model_backend.base.sentences import Sentence
from viz.labels import visible

LOCALE_FOLDER = Path(__file__).parents[2] / "locale"
LANGUAGES = {"en": "English", "zh": "简体中文"}  # in the address: its own name
TAGS = {"en": "en", "zh": "zh-CN"}  # as HTML and browsers write them
DEFAULT_LANGUAGE = "en"

Html = Markup  # text that is HTML already
to_html = escape  # plain text escaped, Html left alone


@lru_cache(maxsize=16)
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = TAGS[language].replace("-", "_")
    return gettext.translation(
        "tokenscope", str(LOCALE_FOLDER), languages=[folder], fallback=language == DEFAULT_LANGUAGE
    )


def language() -> str:
    """The language of this session: the one chosen, else that of the browser if there are words for it."""
    from pages.common import state

    return str(state.get("lang") or of_browser(st.context.locale))


def of_browser(locale: str | None) -> str:
    """The language for a browser that asks for `locale`, such as "zh-TW"."""
    asked = (locale or "").partition("-")[0].lower()
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def N_(sentence: str) -> str:
    """Mark a sentence in a table; `t()` translates it where it is shown."""
    return sentence


def t(sentence: str, **values: object) -> str:
    """Translate a sentence and fill its gaps: `t("{n} tokens", n=5)`. Plain text."""
    if isinstance(sentence, Sentence):
        return sentence.said(_translated)
    translated = _translated(sentence)
    return translated.format(**_said(values)) if values else translated


def tn(one: str, many: str, n: int, **values: object) -> str:
    """Translate a sentence whose form depends on the number `n`, which may stand in it as {n}."""
    return _catalogue(language()).ngettext(one, many, n).format(n=n, **_said(values))


def rich(sentence: str, **values: object) -> Html:
    """Translate a sentence that holds HTML; values are escaped unless they are Html."""
    return Html(_translated(sentence)).format(**_said(values))


def said(error: BackendError) -> str:
    """What went wrong and what to do, in one line of plain text."""
    return f"{t(error.message)} {t(error.hint)}".strip()


def _translated(sentence: str) -> str:
    return _catalogue(language()).gettext(sentence) if sentence else ""  # gettext's answer to "" is its header


def _said(values: dict[str, object]) -> dict[str, object]:
    return {name: t(value) if isinstance(value, Sentence) else value for name, value in values.items()}


def token(text: str) -> Html:
    """A token or a bit of the person's text, set apart in a sentence: spaces visible, direction kept, escaped."""
    return Html(f'<code class="ts-token"><bdi>{to_html(visible(text))}</bdi></code>')
