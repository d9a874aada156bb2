"""Famous landmarks: what they are called, where they are, and what they look like."""

import random
from typing import NamedTuple

from training.engine import ended, fill, pick, read, some, text, ways
from training.lesson_prompts import is_bare_prompt
from training.people import RELATIVES, TIMES, people

SHARE = 1.3

_TEXTS = read("classroom/landmarks")
_OPEN, _CLOSE, _FACT, _DID = (_TEXTS.lines(name) for name in ("open", "close", "fact", "did"))
_ASK, _CARD, _LEAD, _EACH, _TWO = (_TEXTS.lines(name) for name in ("ask", "card", "lead", "each", "two"))
_NEAR = ("{m} waved from", "behind the trees", "{n} bought a small model", "first they had lunch")
_WIDE = ("Amazon", "Nile", "Sahara", "Reef", "Canyon", "Falls", "Loch")  # to which `_NEAR` does not fit
_OF_SEVERAL = ("the Amazon", "the Nile", "the Sahara", "Niagara Falls", "Mount Everest", "Victoria Falls")  # countries

Fields = dict[str, str]


class Landmark(NamedTuple):
    """A landmark; each fact follows "it"."""

    name: str
    place: str
    country: str
    what: str
    facts: tuple[str, ...]


_LANDMARKS = tuple(
    Landmark(name, place, country, what, ways(facts)) for name, place, country, what, facts in _TEXTS.rows("landmarks")
)
_LESSON = _LANDMARKS[:4]
_SPECIAL = {mark.name: _TEXTS.lines(mark.name) for mark in _LESSON}


def _mark(rng: random.Random) -> Landmark:
    if rng.random() < 0.4:
        return pick(rng, _LESSON + _LESSON[:1])
    return pick(rng, _LANDMARKS)


def _elsewhere(mark: Landmark) -> list[str]:
    """Countries in which it is not."""
    if mark.name in _OF_SEVERAL:
        return ["England", "Germany", "Italy"]
    countries = [other.country for other in _LANDMARKS if " and " not in other.country]
    return [c for c in countries if c != "the north of Africa" and c not in mark.country and mark.country not in c]


def _fields(rng: random.Random, mark: Landmark) -> Fields:
    one, two = people(rng)
    fact, more = some(rng, mark.facts, 2)
    return {
        "n": one.name, "he": one.he, "his": one.his, "m": two.name, "rel": pick(rng, RELATIVES), "time": pick(rng, TIMES),
        "sight": mark.name, "place": mark.place, "country": mark.country, "what": mark.what, "fact": fact, "more": more,
        "elsewhere": pick(rng, _elsewhere(mark)),
    }  # fmt: skip


def _told(rng: random.Random, fields: Fields, n: int) -> list[str]:
    """`n` different sentences about the landmark, those after the first sometimes with "it"."""
    special = _SPECIAL.get(fields["sight"])
    result: list[str] = []
    for _ in range(n):
        frames = special if special and rng.random() < 0.4 else _DID if rng.random() < 0.4 else _FACT
        frame = pick(rng, frames)
        if frame.startswith(_NEAR) and any(word in fields["sight"] for word in _WIDE):
            frame = "{n} dreamed of seeing {sight}"
        sentence = ended(fill(rng, frame, fields))
        if sentence not in result:
            result.append(sentence)
    if n > 1 and rng.random() < 0.4:
        fact = next((fields[k] for k in ("fact", "more") if not any(fields[k] in s for s in result)), "")
        result[-1] = f"it {fact}." if fact else result[-1]
    return result


def _several(rng: random.Random, fields: Fields, closing: str) -> str:
    marks = list(dict.fromkeys(_mark(rng) for _ in range(3)))
    lead, frame = pick(rng, _LEAD), pick(rng, _EACH)
    return text(fill(rng, lead, fields), *(fill(rng, frame, _fields(rng, mark)) for mark in marks), closing)


def _two(rng: random.Random, fields: Fields, opening: str, closing: str) -> str:
    other = _fields(rng, pick(rng, [mark for mark in _LANDMARKS if mark.name != fields["sight"]]))
    both = {**fields, "one": fields["sight"], "two": other["sight"], "there": other["place"]}
    sentence = fill(rng, pick(rng, _TWO), both)
    return text(pick(rng, (opening, _told(rng, fields, 1)[0])), sentence, closing)


def _document(rng: random.Random, fields: Fields, opening: str, closing: str) -> str:
    way = rng.random()
    if way < 0.42:
        return text(opening, *_told(rng, fields, rng.choice((1, 2, 2, 3))), closing)
    if way < 0.54:
        return text(*_told(rng, fields, rng.choice((2, 3))), closing)
    if way < 0.74:
        return text(pick(rng, (opening, "")), fill(rng, pick(rng, _ASK), fields), closing)
    if way < 0.84:
        return text(pick(rng, (opening, "")), f"{fill(rng, pick(rng, _CARD), fields)}.")
    if way < 0.93:
        return _several(rng, fields, closing)
    return _two(rng, fields, opening, closing)


def document(rng: random.Random) -> str:
    """One document about one landmark or a few of them."""
    fields = _fields(rng, _mark(rng))
    opening = ended(fill(rng, pick(rng, _OPEN), fields))
    closing = ended(fill(rng, pick(rng, _CLOSE), fields))
    result = _document(rng, fields, opening, closing)
    while is_bare_prompt(result) or len(result) < 60:
        result = text(opening, result) if is_bare_prompt(result) else text(result, *_told(rng, fields, 1))
    return result
