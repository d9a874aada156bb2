"""Proverbs and fixed phrases: how they go on, what they mean, and when people say them."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from training.engine import ended, fill, pick, read, some, text
from training.lesson_prompts import is_bare_prompt
from training.people import PLACES, RELATIVES, TIMES, people

SHARE = 2.4

_TEXTS, _PHRASES = read("classroom/proverbs"), read("classroom/phrases")
_OPEN, _CLOSE, _SAY, _MEAN = (_TEXTS.lines(name) for name in ("open", "close", "say", "mean"))
_QUIZ, _ASK, _LEAD = (_TEXTS.lines(name) for name in ("quiz", "ask", "lead"))
_THINGS, _INSTRUMENTS, _ELDERS, _HELPS = (_TEXTS.items(name) for name in ("things", "instruments", "elders", "helps"))
_OUTSIDE = tuple(place for place in PLACES if place not in ("the kitchen", "the living room", "the classroom"))

# Sayings that are no clause (or a request), so that "knew that" does not go before them; meanings that are a request.
_NO_CLAUSE = (
    "better safe", "better late", "do not", "look", "strike", "make hay", "let ", "live and", "treat", "never put", "no pain", "easy come",
    "out of sight", "like ", "waste not", "first come", "finders", "early to bed", "the more", "when in Rome", "two heads", "if at first",
)  # fmt: skip
_REQUEST = ("think ", "follow ", "act ", "use ", "do ", "be ")
_THAT = (
    "thought that {saying}", "learned that {saying}", "true that {saying}", "knew that {saying}", "say that {saying}", "you see, {saying}",
    "why do people say",
)  # fmt: skip

Fields = dict[str, str]


class Saying(NamedTuple):
    """A saying without its last word, that word, and what it means, where that is told."""

    begin: str
    end: str
    meaning: str

    @property
    def whole(self) -> str:
        return f"{self.begin} {self.end}"

    def fields(self) -> Fields:
        """{begin}, {end}, {meaning} (as a clause) and the whole {saying}."""
        meaning = self.meaning
        if meaning.startswith(_REQUEST):
            meaning = "you should " + meaning.replace("do not ", "not ", 1)
        return {"begin": self.begin, "end": self.end, "meaning": meaning, "saying": self.whole}


SAYINGS = tuple(Saying(*row) for row in _TEXTS.rows("sayings"))
_EVERY_PHRASE = tuple(_PHRASES.sections)
_LESSON_PHRASES = tuple(_EVERY_PHRASE[i] for i in (0, 0, 1, 2, 2, 3))


def _saying(rng: random.Random) -> Saying:
    return pick(rng, SAYINGS[:5] if rng.random() < 0.27 else SAYINGS)


def _fields(rng: random.Random) -> Fields:
    one, two = people(rng)
    return {
        "n": one.name, "he": one.he, "him": one.him, "his": one.his, "m": two.name, "place": pick(rng, _OUTSIDE), "time": pick(rng, TIMES),
        "rel": pick(rng, RELATIVES), "thing": pick(rng, _THINGS), "instrument": pick(rng, _INSTRUMENTS), "helps": pick(rng, _HELPS),
        "elder": pick(rng, _ELDERS),
    }  # fmt: skip


def _made(rng: random.Random, frames: Sequence[str], fields: Fields) -> str:
    frame = pick(rng, frames)
    while fields.get("saying", "").startswith(_NO_CLAUSE) and any(that in frame.lower() for that in _THAT):
        frame = pick(rng, frames)
    return ended(fill(rng, frame, fields))


def _phrase(rng: random.Random, fields: Fields) -> str:
    """A sentence with a fixed phrase."""
    phrase = pick(rng, _LESSON_PHRASES if rng.random() < 0.4 else _EVERY_PHRASE)
    return ended(fill(rng, pick(rng, _PHRASES.lines(phrase)), {**fields, "x": phrase}))


def _several(rng: random.Random, fields: Fields, opening: str, closing: str) -> str:
    sayings = dict.fromkeys(_saying(rng).whole for _ in range(rng.choice((3, 4))))
    lead = fill(rng, pick(rng, _LEAD), fields)
    phrase = _phrase(rng, fields) if rng.random() < 0.3 else ""
    return text(lead, *(f"{saying}." for saying in sayings), phrase, some(rng, (closing, opening), 1)[0])


def _document(rng: random.Random, fields: Fields, saying: Saying, opening: str, closing: str) -> str:
    known = {**fields, **saying.fields()}
    way = rng.random()
    if way < 0.34:
        meaning = _made(rng, _MEAN, known) if rng.random() < 0.4 else ""
        return text(opening, _made(rng, _SAY, known), meaning, closing)
    if way < 0.62:
        parts = [_phrase(rng, fields) for _ in range(rng.choice((1, 1, 2)))]
        return text(opening, *dict.fromkeys(parts), closing)
    if way < 0.74:
        return text(opening, ended(fill(rng, pick(rng, _QUIZ), known)), closing)
    if way < 0.84:
        return text(pick(rng, (opening, "")), _made(rng, _ASK, known), closing)
    if way < 0.92:
        meant = _made(rng, _MEAN, known)
        other = _saying(rng).whole
        return text(f"{saying.whole}.", meant, opening, f"{other}." if other != saying.whole else "", closing)
    return _several(rng, fields, opening, closing)


def document(rng: random.Random) -> str:
    """One document about sayings or fixed phrases."""
    fields = _fields(rng)
    saying = _saying(rng)
    while not saying.meaning:
        saying = _saying(rng)
    opening = _made(rng, _OPEN, fields)
    closing = _made(rng, _CLOSE, fields)
    result = _document(rng, fields, saying, opening, closing)
    while len(result) < 60:
        result = text(result, _phrase(rng, fields))
    return text(opening, result) if is_bare_prompt(result) else result
