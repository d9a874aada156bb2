"""The catalogue of translations: reads every sentence out of the source, brings locale/ up to date, says what is missing.

    make messages

A sentence is the literal first argument of t(), rich(), tn() (two: one and many), N_() or Sentence(), the message and the
hint of a BackendError, the title and the question of a page, and the description of a model. `locale/tokenscope.pot` lists
them all; each language has a .po, which people edit, and a .mo made from it, which the program reads.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from model_backend.base import errors

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "locale"
TEMPLATE = LOCALE / "tokenscope.pot"
SOURCES = ("app.py", "pages", "viz", "model_backend")
ERRORS = [
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.BackendError)
]
CALLS = {  # function: the places of its sentences
    "t": (0,), "rich": (0,), "N_": (0,), "Sentence": (0,), "Page": (2, 3), "_unavailable": (2, 3),
    **dict.fromkeys(ERRORS, (0, 1)),
}  # fmt: skip
DESCRIBED = ("catalogue.py", "hub_models.py")  # here the keyword argument description= is a sentence

Id = str | tuple[str, str]


class Glued(ValueError):
    """A sentence that is put together from pieces, so that nobody can translate it."""


def sentences(source: str, name: str) -> Iterator[Id]:
    """The sentences of one file; raises Glued."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        if function == "tn":
            one, many = (_literals(argument, name)[0] for argument in node.args[:2])
            yield one, many
        for place in CALLS.get(function, ()):
            for argument in node.args[place : place + 1]:
                yield from _literals(argument, name)
        if name in DESCRIBED:
            yield from (text for k in node.keywords if k.arg == "description" for text in _literals(k.value, name))


def _literals(node: ast.expr, name: str) -> list[str]:
    """The sentences an argument may be; none if it is a variable, whose literal stands elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if node.value else []
    if isinstance(node, ast.IfExp):
        return _literals(node.body, name) + _literals(node.orelse, name)
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        raise Glued(f"{name}:{node.lineno}: {ast.unparse(node)}")
    return []


def template() -> Catalog:
    """Every sentence of the program, each with the files it stands in."""
    catalogue = Catalog(project="Tokenscope", version="1", charset="utf-8")
    for top in SOURCES:
        files = sorted((ROOT / top).rglob("*.py")) if (ROOT / top).is_dir() else [ROOT / top]
        for file in files:
            where = (file.relative_to(ROOT).as_posix(), 1)
            for message in sentences(file.read_text("utf-8"), file.name):
                catalogue.add(message, locations=[where])
    return catalogue


def languages() -> list[Path]:
    """The .po file of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/tokenscope.po"))


def read(path: Path) -> Catalog:
    """A .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def write(catalogue: Catalog, path: Path) -> None:
    """Write a .po file and the .mo beside it."""
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, ignore_obsolete=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def gaps(text: str) -> set[str]:
    """The named gaps of a sentence, with how each is written: {"n:,", "name"}."""
    return {f"{name}:{spec}" if spec else name for _, name, spec, _ in Formatter().parse(text) if name is not None}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.found[self.get_starttag_text() or tag] += 1

    def handle_endtag(self, tag: str) -> None:
        self.found[f"</{tag}>"] += 1


def tags(text: str) -> Counter[str]:
    """The HTML tags of a sentence with their attributes."""
    parser = _Tags()
    parser.feed(text)
    return parser.found


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A sentence alone, or its singular and plural."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def complaints(catalogue: Catalog) -> Iterator[tuple[Message, str]]:
    """What is wrong with the translations: (message, what)."""
    for message in catalogue:
        if not message.id:
            continue
        sources, texts = _forms(message.id), _forms(message.string)
        marked = tags(sources[-1])
        if not all(texts) or len(texts) != (catalogue.num_plurals if len(sources) > 1 else 1):
            yield message, "is missing"
        elif message.fuzzy:
            yield message, "is marked fuzzy"
        elif any(gaps(text) not in [gaps(source) for source in sources] for text in texts):
            yield message, "has other gaps"
        elif any(tags(text) != marked for text in texts):
            yield message, "has other tags"


def main() -> int:
    """Bring everything up to date; the number of sentences without a good translation."""
    wanted = template()
    with TEMPLATE.open("wb") as file:
        write_po(file, wanted, width=120, include_lineno=False, omit_header=True)
    n_bad = 0
    for path in languages():
        catalogue = read(path)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        write(catalogue, path)
        for message, what in complaints(catalogue):
            n_bad += 1
            print(f"{path.parts[-3]} {what}: {message.id!r}")
        print(f"{path.parts[-3]}: {len(catalogue)} sentences")
    return n_bad


if __name__ == "__main__":
    sys.exit(min(main(), 1))
