"""The one way words reach the screen: translated, and safe to show.

`t()` gives plain text, `rich()` gives HTML. Both take a whole English sentence with named gaps, so that a translator
can put the words in the order of the other language. In `rich()` the sentence itself may hold <b>, <code> …, and every
value is escaped unless it is Html already (such as `token(...)`).
"""

import gettext
from functools import lru_cache
from html import escape
from pathlib import Path

from viz.labels import visible

LOCALE_FOLDER = Path(__file__).parents[2] / "locale"
DEFAULT_LANGUAGE = "en"


class Html(str):
    """Text that is HTML already and needs no escaping."""


@lru_cache(maxsize=16)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("tokenscope", str(LOCALE_FOLDER), languages=[language], fallback=True)


def language() -> str:
    """The language of this session."""
    from pages.common import state

    return state.get("lang")


def t(sentence: str, **values: object) -> str:
    """Translate a sentence and fill its gaps: `t("{n} tokens", n=5)`. Plain text."""
    translated = _catalogue(language()).gettext(sentence)
    return translated.format(**values) if values else translated


def tn(one: str, many: str, n: int, **values: object) -> str:
    """Translate a sentence whose form depends on the number `n`, which may stand in it as {n}."""
    return _catalogue(language()).ngettext(one, many, n).format(n=n, **values)


def rich(sentence: str, **values: object) -> Html:
    """Translate a sentence that holds HTML; values are escaped unless they are Html."""
    safe = {name: value if isinstance(value, Html) else escape(str(value)) for name, value in values.items()}
    return Html(_catalogue(language()).gettext(sentence).format(**safe))


def token(text: str) -> Html:
    """A token or a bit of the person's text, set apart in a sentence: spaces visible, direction kept, escaped."""
    return Html(f'<code class="ts-token"><bdi>{escape(visible(text))}</bdi></code>')


def to_html(text: str) -> Html:
    """Plain text escaped, Html left alone."""
    return text if isinstance(text, Html) else Html(escape(text))
