"""What can be given to the model and asked back: its name, the date, the weather, the user's town, and more."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.classroom.categories import SEASONS
from training.conversations import values as v
from training.engine import pick, read, ways

Draw = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: how its value is drawn, what it is the value of (`second`, or None), how often it comes, and its words."""

    name: str
    value: Draw
    second: Draw | None
    weight: float
    told: tuple[str, ...]
    asked: tuple[str, ...]
    answered: tuple[str, ...]
    said: tuple[str, ...] = ()
    replied: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    short: str = "{v}."


def _of(*words: str) -> Draw:
    return lambda rng: pick(rng, words)


def _number(low: int, high: int) -> Draw:
    return lambda rng: str(rng.randint(low, high))


_RELATED = _of("teacher", "sister", "brother", "mother", "father", "friend", "neighbour", "cousin", "uncle", "aunt")
# How a value is drawn, what it is of, how often the kind comes.
_DRAWN: dict[str, tuple[Draw, Draw | None, float]] = {
    "name": (v.name, None, 3),
    "user": (v.name, None, 3),
    "weekday": (_of(*v.DAYS), None, 1.6),
    "date": (v.date, None, 1.6),
    "full date": (v.full_date, None, 1.6),
    "month": (_of(*v.MONTHS), None, 0.7),
    "year": (_number(1900, 2099), None, 1),
    "time": (v.clock, None, 1),
    "weather": (v.odd(v.WEATHERS), None, 1),
    "season": (_of(*SEASONS), None, 0.4),
    "place": (v.town, None, 1.6),
    "user's town": (v.town, None, 1.6),
    "age": (_of(*v.NUMBERS[3:]), None, 0.8),
    "user's age": (_of(*v.NUMBERS[3:]), None, 0.8),
    "job": (v.job, None, 1.2),
    "favourite": (v.odd(v.SHADES), None, 1),
    "favourite food": (v.odd(v.FOODS), None, 1),
    "favourite animal": (v.odd(v.ANIMALS), None, 1),
    "user's colour": (v.odd(v.SHADES), None, 1),
    "user's food": (v.odd(v.FOODS), None, 1),
    "user's pet": (v.name, _of(*v.PETS), 1.4),
    "your pet": (v.name, _of(*v.PETS), 1),
    "friend": (v.name, None, 0.7),
    "teacher": (v.name, _RELATED, 1.2),
    "secret word": (v.any_word, None, 1),
    "secret name": (v.made_up_name, None, 0.7),
    "number": (_number(1, 99), None, 1),
    "event": (_of(*v.DAYS), _of(*v.EVENTS), 1.3),
    "event date": (v.date, _of(*v.EVENTS), 1),
    "opening": (v.clock, _of(*v.OPENERS), 1.3),
    "closing": (v.clock, _of(*v.OPENERS), 1),
    "lunch": (_of(*v.FOODS), None, 1),
    "thing": (_of(*v.ROOMS), _of(*v.THINGS), 1.2),
    "colour of a thing": (v.odd(v.SHADES), _of(*v.THINGS), 1),
}


def _kind(name: str) -> Kind:
    words: dict[str, tuple[str, ...]] = {}
    for field, said in _TEXTS.rows(name):
        words[field] = words.get(field, ()) + ways(said)
    short = words.pop("short", ("{v}.",))
    return Kind(name, *_DRAWN[name], **words, short=short[0])


_TEXTS = read("conversations/facts")
KINDS = tuple(map(_kind, _TEXTS.sections))
BY_NAME = {kind.name: kind for kind in KINDS}
