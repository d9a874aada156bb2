"""Little stories: a hero, a problem, what was done about it, and how it ended."""

import random

from training.engine import Value, Values, a, fill_then_choose, perform, pick, read, text
from training.people import BOYS, GIRLS, Person, slots

SHARE = 3.0

_TEXTS = read("classroom/stories")
_PLOTS = (
    "lost", "forest", "rescue", "share", "learn", "storm", "garden", "quarrel", "boast", "birthday", "moon", "treasure", "pet", "royal",
)  # fmt: skip
_SCRIPTS = {plot: _TEXTS.script(plot) for plot in _PLOTS}
_ALONE = ("learn", "garden", "pet")  # no friend appears in these
_HUMAN = ("learn", "pet", "birthday", "royal", "treasure")  # the hero is a child
_ANIMALS, _THINGS = _TEXTS.items("animals"), _TEXTS.items("things")
_WORDS: Values = {
    "thing": _THINGS,
    "plain_thing": tuple(thing for thing in _THINGS if thing[0] not in "aeiou"),  # to stand after "a"
    "food": _TEXTS.items("foods"),
    "helper": _TEXTS.items("helpers"),
    "turn": _TEXTS.lines("turn"),
}


def _being(rng: random.Random, taken: str = "", animal: bool = False) -> tuple[Person, str]:
    """Somebody not called `taken`, and what they are: girl, boy, rabbit …"""
    female = rng.random() < 0.5
    name = pick(rng, [n for n in (GIRLS if female else BOYS) if n != taken])
    who = Person(name, "she", "her", "her", "girl") if female else Person(name, "he", "him", "his", "boy")
    return who, pick(rng, _ANIMALS) if animal else who.kind


def _at_first_sight(rng: random.Random, being: str) -> str:
    """The friend before we know the name: a kind girl, an old owl."""
    old = () if being in ("boy", "girl") else ("old",)
    return a(f"{pick(rng, ('little', 'kind', 'young', 'friendly', 'poor', 'small', *old))} {being}")


def _opening(rng: random.Random, values: Values) -> str:
    size = pick(rng, ("little", "small", "little", "young"))
    trait, land = pick(rng, _TEXTS.items("traits")), pick(rng, _TEXTS.items("lands"))
    return fill_then_choose(rng, _TEXTS.lines("opening"), {**values, "size": size, "trait": trait, "land": land})


def _ending(rng: random.Random, values: Values, alone: bool) -> str:
    """A closing sentence; without a friend in the story, one that names none."""
    ending = fill_then_choose(rng, _TEXTS.lines("closing"), values)
    while alone and (str(values["m"]) in ending or "hey " in ending):
        ending = fill_then_choose(rng, _TEXTS.lines("closing"), values)
    return ending


def document(rng: random.Random) -> str:
    """One story."""
    plot = pick(rng, _PLOTS)
    animals = plot not in _HUMAN and rng.random() < 0.5
    hero, being = _being(rng, animal=animals)
    friend, other = _being(rng, taken=hero.name, animal=animals)
    values: dict[str, Value] = {
        **slots(hero, friend),
        **_WORDS,
        "being": being,
        "pal": lambda rng: _at_first_sight(rng, other),
    }
    opening = _opening(rng, values)
    return text(opening, *perform(rng, _SCRIPTS[plot], values), _ending(rng, values, plot in _ALONE))
