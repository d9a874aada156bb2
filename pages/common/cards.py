"""Cards: a question, its answer, a picture, and the quiet row of what can be opened and taken along."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.common.server_settings import settings
from pages.common.text import rich, t, to_html
from viz.inside_code import quantized
from viz.notebooks import WIDGETS

SHOWN = "_cards_shown"  # in the session: what each card of this screen shows, for the notebook
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run


def as_csv(columns: Mapping[str, Sequence]) -> str:
    """Columns as CSV text, names in the first line. Text that a spreadsheet would run as a formula gets an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(map(_no_formula, columns.keys()))
    writer.writerows(map(_no_formula, row) for row in zip(*columns.values(), strict=True))
    return buffer.getvalue()


def _no_formula(cell: object) -> object:
    if not isinstance(cell, str) or len(cell) < 2 or not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell.removesuffix("%"))
    except ValueError:
        return f"'{cell}"
    return cell


class Card:
    """A question as title, its answer with the present numbers, a picture, and a quiet row of things to open."""

    _box: DeltaGenerator  # from its opening on

    def __init__(self, key: str, title: str, answer: str = "") -> None:
        self.key = key
        self.title = title
        self.answer = answer
        self._extras: list[tuple[str, Callable[[], None]]] = []
        self._columns: tuple[Mapping[str, Sequence], str] | None = None
        self._snippet = ""

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
        if kind is None:
            with st.container(horizontal=True, key=f"quiet_{self.key}", gap="small"):
                for label, draw in self._extras:
                    with st.popover(label, type="tertiary", key=f"{self.key}_{draw.__name__}"):
                        draw()
                self._draw_take_away()
            self._tell_notebook()
        self._box.__exit__(kind, error, trace)

    def _draw_take_away(self) -> None:
        """The button of the menu that taking.py draws once a screen, and what it presses for the numbers."""
        st.html(_button(self.key, t("Take away"), 'aria-haspopup="menu"'), width="content")
        if self._columns:
            columns, file = self._columns
            st.download_button(
                t("Take as CSV"),
                lambda: as_csv(columns).encode("utf-8-sig"),  # the mark tells spreadsheets that it is UTF-8
                file_name=file,
                mime="text/csv",
                key=f"take_csv_{self.key}",
                on_click="ignore",
            )

    def _tell_notebook(self) -> None:
        """Note what the card shows now; of a fragment that runs alone the latest."""
        shown = st.session_state.get(SHOWN)
        if shown is not None:
            chosen = _chosen(WIDGETS[self.key]) if self.key in WIDGETS else {}
            shown[self.key] = {
                "title": to_html(self.title),
                "answer": to_html(self.answer),
                "code": self._snippet,
                "numbers": self._columns is not None,
                "chosen": chosen,
            }

    def numbers(self, columns: Mapping[str, Sequence], file: str = "numbers.csv") -> None:
        """The numbers behind the picture, as a table and as CSV."""

        def numbers() -> None:
            st.dataframe(_table(columns), hide_index=True, width="stretch", alt=self.title)
            st.html(_button(self.key, t("Take as CSV"), 'data-what="csv"'))

        self._columns = columns, file
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

        snippet = quantized(snippet, settings().loading["quantization"])
        self._snippet = snippet
        self._extras.append((t("Code"), code))


def _table(columns: Mapping[str, Sequence]) -> pa.Table | dict:
    """Columns as Streamlit sends them; by way of pandas it takes ten times as long, and a screen has many tables."""
    try:
        return pa.table({name: list(column) for name, column in columns.items()})
    except pa.ArrowException:  # a column of words and numbers
        return dict(columns)


def _chosen(names: tuple[str, ...]) -> dict[str, object]:
    """The plain values in the session under these keys; a name that ends with _ stands for all keys that begin so."""
    keys = (
        [key for key in st.session_state if str(key).startswith(names)] if any(n[-1] == "_" for n in names) else names
    )
    values = {key: st.session_state.get(key) for key in keys}
    return {key: value for key, value in values.items() if isinstance(value, str | int | float)}


def _button(card_key: str, label: str, more: str) -> str:
    """A button for the menu "Take away"; the component `take` hears its clicks."""
    return f'<button type="button" class="ts-take" data-card="{card_key}" {more}>{to_html(label)}</button>'


def card(key: str, title: str, answer: str = "") -> Card:
    """Open a card: `with card("ledger", title=t("What comes next?"), answer=rich(...)) as c:`.

    `title` and `answer` are plain text, which is escaped, or Html from `rich()`.
    """
    return Card(key, title, answer)
