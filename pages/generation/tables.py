"""Two columns of which one may be a whole sentence or a text that was written."""

from collections.abc import Iterable

from pages.common.text import Html, to_html

_STYLE = "white-space:normal;overflow-wrap:anywhere"  # the house's tables keep words on one line on a phone


def table(rows: Iterable[tuple[Html | str, Html | str]], *, numbers: bool = False) -> Html:
    """A table of pairs; `numbers` says that the first column holds numbers."""
    first = f"{_STYLE};min-width:3.4rem" + (";text-align:end" if numbers else "")
    lines = (f'<tr><td style="{first}">{to_html(a)}</td><td style="{_STYLE}">{to_html(b)}</td></tr>' for a, b in rows)
    return Html(f'<table class="ts-neurons">{"".join(lines)}</table>')


def bold(text: str) -> Html:
    """The part that one looks for."""
    return Html(f"<b>{to_html(text)}</b>")


def written(text: str, facts: str) -> Html:
    """A text that was written, as it stands, and what is to be said of it."""
    return Html(f'<bdi style="white-space:pre-wrap">{to_html(text)}</bdi><br><small>{to_html(facts)}</small>')
