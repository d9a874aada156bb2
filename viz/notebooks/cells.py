"""A Jupyter notebook as JSON, format 4.5, without the library that checks it."""

import json
import re
from html import unescape

from model_backend.base.version import VERSION

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!$|~<>&])")


def markdown(text: str, number: int) -> dict:
    """A cell of words."""
    return {"cell_type": "markdown", "id": f"words-{number}", "metadata": {}, "source": _lines(text)}


def code(text: str, number: int) -> dict:
    """A cell of Python that has not been run."""
    return {
        "cell_type": "code",
        "id": f"code-{number}",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": _lines(text.strip()),
    }


def notebook(parts: list[tuple[str, str]]) -> str:
    """The file, from ("markdown" | "code", text) in their order."""
    make = {"markdown": markdown, "code": code}
    content = {
        "cells": [make[kind](text, number) for number, (kind, text) in enumerate(parts)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "tokenscope": {"version": VERSION},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1) + "\n"


def plain(html: str) -> str:
    """HTML of a card as Markdown that shows the same characters and runs nothing."""
    return escaped(unescape(re.sub(r"<[^>]*>", "", html)))


def escaped(text: str) -> str:
    """Any text as Markdown that shows it."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
