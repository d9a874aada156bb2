"""What screens are built from: browser components, cards, and the quiet row under a picture."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache

import streamlit as st

from pages.common.text import rich, t, to_html
from viz.components import FOLDER, source


@lru_cache(maxsize=64)
def _renderer(name: str, changed: float):
    return st.components.v2.component(f"tokenscope.{name}", **source(name))


def component(name: str, *, key: str, data: object, default: dict | None = None, height="content", **callbacks):
    """Mount the browser component of that name (a folder of viz/components) and return its state."""
    changed = max(path.stat().st_mtime for path in (FOLDER / name).iterdir())
    return _renderer(name, changed)(key=key, data=data, default=default, height=height, **callbacks)


def as_csv(columns: Mapping[str, Sequence]) -> str:
    """Columns as CSV text, names in the first line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns.keys())
    writer.writerows(zip(*columns.values(), strict=True))
    return buffer.getvalue()


class Card:
    """A question as title, its answer with the present numbers, a picture, and a quiet row of things to open."""

    def __init__(self, key: str, title: str, answer: str = "") -> None:
        self.key = key
        self.title = title
        self.answer = answer
        self._box = None
        self._extras: list[tuple[str, object]] = []

    def __enter__(self) -> "Card":
        self._box = st.container(key=f"card_{self.key}")
        self._box.__enter__()
        answer = (
            rich('<p class="ts-answer" aria-live="polite">{answer}</p>', answer=to_html(self.answer))
            if self.answer
            else ""
        )
        st.html(f'<h2 class="ts-question" id="{self.key}">{to_html(self.title)}</h2>{answer}')
        return self

    def __exit__(self, kind, error, trace) -> None:
        if kind is None and self._extras:
            with st.container(horizontal=True, key=f"quiet_{self.key}", gap="small"):
                for label, draw in self._extras:
                    with st.popover(label, type="tertiary", key=f"{self.key}_{draw.__name__}"):
                        draw()
        self._box.__exit__(kind, error, trace)

    def numbers(self, columns: Mapping[str, Sequence], file: str = "numbers.csv") -> None:
        """The numbers behind the picture, as a table and as CSV."""

        def numbers() -> None:
            st.dataframe(dict(columns), hide_index=True, width="stretch", alt=self.title)
            st.download_button(
                t("Take as CSV"), as_csv(columns), file_name=file, mime="text/csv", key=f"{self.key}_csv"
            )

        self._extras.append((t("Numbers"), numbers))

    def formula(self, latex: str, words: str) -> None:
        """The formula, after the plain words for it."""

        def formula() -> None:
            st.html(f"<p>{to_html(words)}</p>")
            st.latex(latex)

        self._extras.append((t("Formula"), formula))

    def code(self, snippet: str) -> None:
        """The few lines of Python that compute the number."""

        def code() -> None:
            st.code(snippet, language="python")

        self._extras.append((t("Code"), code))


def card(key: str, title: str, answer: str = "") -> Card:
    """Open a card: `with card("ledger", title=t("What comes next?"), answer=rich(...)) as c:`.

    `title` and `answer` are plain text, which is escaped, or Html from `rich()`.
    """
    return Card(key, title, answer)
