"""Stories of four sentences about an animal or a person that is asked for."""

import random

from training.conversations import values as v
from training.conversations.turns import Turn
from training.engine import cap, fill, pick, read
from training.people import BOYS, GIRLS, Person, slots

SHARE = 1.6

_TEXTS = read("conversations/stories")
_START, _PLOTS = _TEXTS.lines("start"), _TEXTS.rows("plots")
_PRONOUNS = {"she": ("she", "her", "her"), "he": ("he", "him", "his")}
_PEOPLE = {kind: _PRONOUNS[he] for kind, he in _TEXTS.rows("people")}
_WHO = v.ANIMALS + _TEXTS.items("who") * 2
_ADJECTIVES, _HOMES, _NEAR, _FRUIT = (_TEXTS.items(name) for name in ("adjectives", "homes", "near", "fruit"))


def _hero(rng: random.Random) -> Person:
    kind = pick(rng, list(_PEOPLE)) if rng.random() < 0.35 else pick(rng, _WHO)
    if kind not in _PEOPLE:
        he, him, his = pick(rng, (_PRONOUNS["he"], _PRONOUNS["she"]))
        return Person(v.name(rng), he, him, his, kind)
    he, him, his = _PEOPLE[kind]
    made_up = rng.random() < 0.5
    return Person(v.made_up_name(rng) if made_up else pick(rng, GIRLS if he == "she" else BOYS), he, him, his, kind)


def story(rng: random.Random, hero: Person) -> str:
    """Four sentences: who it was, the trouble, what helped, the end."""
    helper = pick(rng, [animal for animal in v.ANIMALS if animal != hero.kind])
    values = {
        **slots(hero), "x": hero.kind, "adj": pick(rng, _ADJECTIVES), "home": pick(rng, _HOMES), "near": pick(rng, _NEAR), "f": helper,
        "t": pick(rng, v.THINGS[:30]), "food": pick(rng, v.FOODS), "fruit": pick(rng, _FRUIT),
    }  # fmt: skip
    plot = pick(rng, _PLOTS)
    starts = [start for start in _START if not (start.startswith("One day") and plot[0].startswith("One"))]
    return " ".join(cap(fill(rng, line, values)) for line in (pick(rng, starts), *plot))


def turn_of(rng: random.Random) -> Turn:
    """A story on demand, about the hero that was asked for."""
    hero = _hero(rng)
    way = rng.random()
    asked = "asked" if way < 0.65 else "asked by name" if way < 0.82 else "any asked"
    question = fill(rng, pick(rng, _TEXTS.lines(asked)), {"x": hero.kind, "n": hero.name})
    return Turn(cap(question), story(rng, hero))
