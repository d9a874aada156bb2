"""Countries: their capitals, continents, languages, people and food."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from training.engine import ended, fill, listing, names, pick, read, some, text
from training.lesson_prompts import is_bare_prompt
from training.people import RELATIVES, TIMES, people

SHARE = 1.6

_TEXTS = read("classroom/capitals")
_OPEN, _CLOSE, _THREE = _TEXTS.lines("open"), _TEXTS.lines("close"), _TEXTS.lines("three")
_FACT, _DID, _ASK, _MANY = (_TEXTS.lines(name) for name in ("fact", "did", "ask", "many"))


class Country(NamedTuple):
    """A country; what the text does not tell of it is empty."""

    name: str
    capital: str
    continent: str
    language: str
    adjective: str
    food: str


COUNTRIES = tuple(Country(*row) for row in _TEXTS.rows("countries"))
COMMON = COUNTRIES[:40]
_LESSON = COUNTRIES[:6]
_TURKEY, _SPAIN = COUNTRIES[5], COUNTRIES[4]

Fields = dict[str, str]


def _country(rng: random.Random) -> Country:
    chance = rng.random()
    return pick(rng, (*_LESSON, _SPAIN) if chance < 0.33 else COMMON if chance < 0.74 else COUNTRIES)


def _fields(rng: random.Random, country: Country) -> Fields:
    one, two = people(rng)
    return {
        "n": one.name, "he": one.he, "his": one.his, "m": two.name, "rel": pick(rng, RELATIVES), "time": pick(rng, TIMES),
        **country._asdict(), "country": country.name,
        "elsewhere": pick(rng, [other.capital for other in COMMON if other.capital != country.capital]),
    }  # fmt: skip


def _made(rng: random.Random, frames: Sequence[str], fields: Fields) -> str:
    """One of the frames for which the country has every word, as a sentence."""
    missing = {name for name, word in fields.items() if not word}
    if fields["country"] == "Australia":  # which is its own continent
        missing.add("continent")
    frame = pick(rng, frames)
    while names(frame) & missing:
        frame = pick(rng, frames)
    return ended(fill(rng, frame, fields))


def _several(rng: random.Random, opening: str, closing: str) -> str:
    facts = dict.fromkeys(_made(rng, _MANY, _fields(rng, _country(rng))) for _ in range(rng.choice((2, 3, 4))))
    return text(opening if rng.random() < 0.6 else "", *facts, closing)


def _lists(rng: random.Random, fields: Fields) -> str:
    """A sentence with three countries or three capitals."""
    three = listing([country.name for country in some(rng, COMMON, 3)])
    cities = listing([country.capital for country in some(rng, COMMON, 3)])
    return fill(rng, pick(rng, _THREE), {**fields, "three": three, "cities": cities})


def _about_turkey(rng: random.Random, fields: Fields) -> str:
    """The country, told from the bird."""
    _fields(rng, _TURKEY)  # drawn and not used, as when the models' text was made
    fields = {**fields, **_TURKEY._asdict(), "country": _TURKEY.name}
    frames = _TEXTS.lines("turkey")
    sentences = dict.fromkeys(_made(rng, frames, fields) for _ in range(rng.choice((1, 2))))
    return text(_made(rng, _OPEN, fields), *sentences, _made(rng, _CLOSE, fields))


def _document(rng: random.Random, fields: Fields, opening: str, closing: str) -> str:
    facts = dict.fromkeys(
        _made(rng, _FACT if rng.random() < 0.65 else _DID, fields) for _ in range(rng.choice((1, 2, 2, 3)))
    )
    way = rng.random()
    if way < 0.36:
        return text(opening, *facts, closing)
    if way < 0.5:
        return text(*facts, _made(rng, _DID, fields), closing)
    if way < 0.7:
        return text(pick(rng, (opening, "")), _made(rng, _ASK, fields), closing)
    if way < 0.86:
        return _several(rng, opening, closing)
    if way < 0.93:
        return text(_lists(rng, fields), *facts, closing)
    return _about_turkey(rng, fields)


def document(rng: random.Random) -> str:
    """One document about one country or several."""
    fields = _fields(rng, _country(rng))
    opening = _made(rng, _OPEN, fields)
    closing = _made(rng, _CLOSE, fields)
    result = _document(rng, fields, opening, closing)
    bare = is_bare_prompt(result) or result.startswith("Ankara is the capital")
    return text(opening, result) if bare or len(result) < 60 else result
