"""Every text of a screen that a person can read, with the place it stands in."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

NOT_READ = re.compile(
    r"\.(id|formId|widgetId|key|pageScriptHash|queryParams|url|icon|page|language|groupId|columnOrder)$"
)
NOT_READ_IN_FIGURES = re.compile(
    r"(bdata|dtype|family|color|colorscale|anchor|textposition\S*|ids\[\]|parents\[\])$|template"
)
VOID = ("br", "hr", "img", "input", "wbr")
ATTRIBUTES = ("title", "aria-label", "alt", "placeholder")


class _Reader(HTMLParser):
    """Collects texts and named attributes, without what stands in <style>, <code>, <bdi> and in lists of literature."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, and whether what stands in it is left out

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag not in VOID:
            is_left_out = tag in ("style", "code", "bdi") or dict(attributes).get("class") in (
                "ts-sources",
                "ts-literature",
            )
            self._open.append((tag, is_left_out))
        self.found += [value for name, value in attributes if name in ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if not any(is_left_out for _, is_left_out in self._open):
            self.found.append(data)


def texts_of_html(html: str) -> list[str]:
    """What is read of a piece of HTML, without tokens and code."""
    reader = _Reader()
    reader.feed(html)
    return reader.found


def texts(at: AppTest) -> Iterator[tuple[str, str]]:
    """(place, text) of the whole screen, such as ("button.label", "Play") or ("bars.label", "The likeliest tokens")."""
    for element in _elements(at._tree):
        proto = getattr(element, "proto", None)
        if proto is None or element.type in ("code", "latex"):
            continue
        if element.type == "arrow_data_frame":
            yield from (("column", name) for name in element.value)
            continue
        said = MessageToDict(proto)
        if element.type == "html":
            yield from (("html", text) for text in texts_of_html(said.get("body", "")))
        elif element.type == "bidi_component":
            name = said["componentName"].removeprefix("tokenscope.")
            data = said.get("json") or said.get("mixed", {}).get("json", "{}")
            yield from _leaves(json.loads(data), name)
        elif "spec" in said:
            places = _leaves(json.loads(said["spec"]), "figure")
            yield from ((place, text) for place, text in places if not NOT_READ_IN_FIGURES.search(place))
        else:
            yield from ((place, text) for place, text in _leaves(said, element.type) if not NOT_READ.search(place))


def _elements(node) -> Iterator:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from _elements(child)


def _leaves(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, f"{place}[]")
    elif isinstance(value, str):
        yield place, value
