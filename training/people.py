"""Who is in a sentence, and the words for it: names and pronouns, places, times, relatives, feelings."""

import random
from dataclasses import dataclass

from training.engine import Value, pick, read

_PEOPLE = read("people")
GIRLS, BOYS = _PEOPLE.items("girls"), _PEOPLE.items("boys")
RELATIVES, FEELINGS = _PEOPLE.items("relatives"), _PEOPLE.items("feelings")
PLACES, TIMES = _PEOPLE.items("places"), _PEOPLE.items("times")
DAYS, MONTHS = _PEOPLE.items("days"), _PEOPLE.items("months")


@dataclass(frozen=True)
class Person:
    """A child or grown-up of a story, with the pronouns that follow the name."""

    name: str
    he: str  # he, she
    him: str  # him, her
    his: str  # his, her
    kind: str  # boy, girl


def person(rng: random.Random) -> Person:
    """A boy or a girl."""
    if rng.random() < 0.5:
        return Person(pick(rng, GIRLS), "she", "her", "her", "girl")
    return Person(pick(rng, BOYS), "he", "him", "his", "boy")


def people(rng: random.Random) -> tuple[Person, Person]:
    """Two people with different names."""
    first = person(rng)
    second = person(rng)
    while second.name == first.name:
        second = person(rng)
    return first, second


def slots(one: Person, two: Person | None = None) -> dict[str, Value]:
    """What a frame may say of one person or two: {n}, {he}, {him}, {his}, {kind}; {m}, {mhe}, {mhim}, {mhis}; {place}, {time},
    {rel}, {feel}."""
    values: dict[str, Value] = {"n": one.name, "he": one.he, "him": one.him, "his": one.his, "kind": one.kind}
    if two:
        values |= {"m": two.name, "mhe": two.he, "mhim": two.him, "mhis": two.his}
    return values | {"place": PLACES, "time": TIMES, "rel": RELATIVES, "feel": FEELINGS}
