"""Sentences are data: reads the files of `training/texts` and draws sentences from them.

A file holds sections. `[name]` begins one; what follows, up to the next, is read as its topic asks for it:

lines   one frame a line, `\\n` a line break in it. A line that stands there twice is drawn twice as often; `-` is an empty one.
items   a list of words or phrases, between commas or line breaks.
rows    a table: a row a line, its cells between bars with a space on either side, `-` an empty one; ` / ` separates several
        values of a cell (`ways`).
script  sentences in their order. `| another` begins another way to say the one before; `x = this` draws a word for the sentences that
        follow, `x; y = this; that` two that belong together.

Empty lines, and lines that begin with `#`, count for nothing. A frame is a sentence with gaps:

{x}         the word that the program calls x; {X} the same with a capital; {a:x} and {A:x} with its article
(this|that) one of several ways to go on

Two orders of drawing are in use, and they make different texts of one seed. `fill` takes one frame, draws its choices, then its
words, and a word that stands twice is the same. `fill_then_choose` draws for every frame, from left to right and from the inside
to the outside, a word that stands twice twice, and then takes one of them. Each topic keeps the order with which the bundled
models' text was made.
"""

import functools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
FOLDER = Path(__file__).parent / "texts"
AN_ANYWAY = ("hour", "honest", "heir", "honour")
A_ANYWAY = ("uni", "use", "usu", "euro", "one", "ewe", "once")

Value = str | Sequence[str] | Callable[[random.Random], str]  # a word, words to draw one of, or what draws one
Values = Mapping[str, Value]
Script = tuple[tuple[tuple[str, ...], str], ...]  # (the names that the drawn words get, or none; a frame)

_SECTION = re.compile(r"\[(.+)\]")
_NAMED = re.compile(r"(\w+(?:; \w+)*) = (.+)")
_TOKEN = re.compile(r"\{(?:([aA]):)?(\w+)\}|[(|)]")


# --- files ---------------------------------------------------------------------------------------------------------------


class Texts:
    """The sections of one file."""

    def __init__(self, text: str) -> None:
        sections: dict[str, list[str]] = {}
        for line in map(str.strip, text.splitlines()):
            if line.startswith("#") or not line:
                continue
            if head := _SECTION.fullmatch(line):
                if head[1] in sections:
                    raise ValueError(f"two sections are called {head[1]}")
                sections[head[1]] = []
            else:
                list(sections.values())[-1].append(_or_nothing(line).replace("\\n", "\n"))
        self.sections = {name: tuple(lines) for name, lines in sections.items()}

    def lines(self, section: str) -> tuple[str, ...]:
        """The frames of a section."""
        return self.sections[section]

    def items(self, section: str) -> tuple[str, ...]:
        """The words of a list."""
        return tuple(item.strip() for line in self.sections[section] for item in line.split(",") if item.strip())

    def rows(self, section: str) -> tuple[tuple[str, ...], ...]:
        """The rows of a table, as cells."""
        return tuple(tuple(_or_nothing(cell.strip()) for cell in line.split(" | ")) for line in self.sections[section])

    def script(self, section: str) -> Script:
        """The sentences of a script, each a frame with its ways as a choice, and the names of what is drawn first."""
        found: list[tuple[tuple[str, ...], list[str]]] = []
        for line in self.sections[section]:
            if line.startswith("| "):
                found[-1][1].append(line[2:])
                continue
            named = _NAMED.fullmatch(line)
            ways = named[2].split(" | ") if named else [line]
            found.append((tuple(named[1].split("; ")) if named else (), ways))
        return tuple((names, ways[0] if len(ways) == 1 else f"({'|'.join(ways)})") for names, ways in found)


def _or_nothing(text: str) -> str:
    return "" if text == "-" else text


@functools.cache
def read(name: str) -> Texts:
    """The file `texts/NAME.txt`; FileNotFoundError where there is none."""
    return Texts((FOLDER / f"{name}.txt").read_text("utf-8"))


def ways(cell: str) -> tuple[str, ...]:
    """The ways of saying something that one cell holds.

    >>> ways("Hello! / Hi!")
    ('Hello!', 'Hi!')
    """
    return tuple(map(str.strip, cell.split(" / "))) if cell else ()


# --- words ---------------------------------------------------------------------------------------------------------------


def pick(rng: random.Random, items: Sequence[Item]) -> Item:
    """One item, each equally likely."""
    return items[rng.randrange(len(items))]


def some(rng: random.Random, items: Sequence[Item], n: int) -> list[Item]:
    """`n` different items in random order."""
    return rng.sample(list(items), n)


def a(noun: str) -> str:
    """The noun with its article.

    >>> a("apple"), a("red apple"), a("hour"), a("uniform")
    ('an apple', 'a red apple', 'an hour', 'a uniform')
    """
    lower = noun.lower()
    vowel = lower[0] in "aeiou" and not lower.startswith(A_ANYWAY)
    return f"an {noun}" if vowel or lower.startswith(AN_ANYWAY) else f"a {noun}"


def cap(sentence: str) -> str:
    """The first letter as a capital, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def listing(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> listing(["red", "blue", "green"])
    'red, blue and green'
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def ended(sentence: str) -> str:
    """The sentence with a full stop where it has no end mark; within the quotation marks where it is one quotation alone.

    >>> ended("it rained"), ended('he wrote "yes"'), ended("why?")
    ('it rained.', 'he wrote "yes."', 'why?')
    """
    if not sentence or sentence.endswith((".", "!", "?", '."', '!"', '?"')):
        return sentence
    return sentence[:-1] + '."' if sentence.endswith('"') and sentence.count('"') == 2 else sentence + "."


def text(*sentences: str) -> str:
    """Sentences as one document: each begins with a capital, empty ones are dropped, joined by single spaces."""
    return " ".join(cap(sentence.strip()) for sentence in sentences if sentence.strip())


# --- frames --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap for a word: {x}, {X}, {a:x} or {A:x}."""

    name: str
    article: str  # "", "a" or "A"

    def drawn(self, rng: random.Random, values: Values) -> str:
        """A word for it, without the article."""
        if self.name not in values and self.name[0].isupper():
            return cap(Slot(self.name[0].lower() + self.name[1:], "").drawn(rng, values))
        value = values[self.name]
        if isinstance(value, str):
            return value
        return value(rng) if callable(value) else pick(rng, value)

    def written(self, word: str) -> str:
        """The word with its article, where one is asked for."""
        return word if not self.article else a(word) if self.article == "a" else cap(a(word))


@dataclass(frozen=True, slots=True)
class Choice:
    """Ways to go on, each of them parts in their order."""

    ways: tuple[tuple["Part", ...], ...]


Part = str | Slot | Choice


@functools.cache
def parts_of(frame: str) -> tuple[Part, ...]:
    """What a frame is made of; round brackets without a bar stand for themselves."""
    open_ways: list[list[list[Part]]] = [[[]]]  # per open bracket its ways, the last of them being read
    at = 0
    for token in _TOKEN.finditer(frame):
        here, mark = open_ways[-1], token[0]
        here[-1].append(frame[at : token.start()])
        at = token.end()
        if token[2]:
            here[-1].append(Slot(token[2], token[1] or ""))
        elif mark == "(":
            open_ways.append([[]])
        elif len(open_ways) == 1:
            here[-1].append(mark)
        elif mark == "|":
            here.append([])
        else:
            open_ways.pop()
            found = (Choice(tuple(map(tuple, here))),) if len(here) > 1 else ("(", *here[0], ")")
            open_ways[-1][-1].extend(found)
    if len(open_ways) > 1:
        raise ValueError(f"a bracket is not closed: {frame}")
    return tuple(part for part in (*open_ways[0][0], frame[at:]) if part != "")


def names(frame: str) -> set[str]:
    """The words that a frame asks for outside its choices."""
    return {part.name for part in parts_of(frame) if isinstance(part, Slot)}


def _decided(rng: random.Random, parts: Sequence[Part]) -> Iterator[str | Slot]:
    """The parts with every choice made."""
    for part in parts:
        if isinstance(part, Choice):
            yield from _decided(rng, pick(rng, part.ways))
        else:
            yield part


def fill(rng: random.Random, frame: str, values: Values) -> str:
    """The frame with its choices made, then its gaps filled; a gap keeps its word within one frame."""
    chosen: dict[str, str] = {}
    written = ""
    for part in list(_decided(rng, parts_of(frame))):
        if isinstance(part, Slot):
            if part.name not in chosen:
                chosen[part.name] = part.drawn(rng, values)
            part = part.written(chosen[part.name])
        written += part
    return written


def fill_eagerly(rng: random.Random, parts: Sequence[Part], values: Values) -> str:
    """The parts from left to right, each gap drawn anew; of a choice all ways are filled before one is taken."""
    written = []
    for part in parts:
        if isinstance(part, Slot):
            part = part.written(part.drawn(rng, values))
        elif isinstance(part, Choice):
            part = pick(rng, [fill_eagerly(rng, way, values) for way in part.ways])
        written.append(part)
    return "".join(written)


@functools.cache
def gaps_of(frame: str) -> frozenset[str] | None:
    """The names of all gaps, small; None where there is a choice beside them."""
    parts = [part for part in parts_of(frame) if not isinstance(part, str)]
    gaps = {part.name[0].lower() + part.name[1:] for part in parts if isinstance(part, Slot)}
    return None if any(isinstance(part, Choice) for part in parts) else frozenset(gaps)


def fill_then_choose(rng: random.Random, frames: Sequence[str], values: Values) -> str:
    """One of the frames, after all of them were filled; those in which nothing is drawn are filled when they are the one."""
    drawn = {name for name, value in values.items() if not isinstance(value, str)}
    filled = []
    for frame in frames:
        gaps = gaps_of(frame)
        waits = gaps is not None and gaps.isdisjoint(drawn)
        filled.append(None if waits else fill_eagerly(rng, parts_of(frame), values))
    i = rng.randrange(len(frames))
    found = filled[i]
    return fill_eagerly(rng, parts_of(frames[i]), values) if found is None else found


def perform(rng: random.Random, script: Script, values: Values) -> list[str]:
    """The sentences of a script, filled one after the other."""
    known, sentences = dict(values), []
    for names, frame in script:
        found = fill_eagerly(rng, parts_of(frame), known)
        if names:
            known |= zip(names, found.split("; "), strict=True)
        else:
            sentences.append(found)
    return sentences
