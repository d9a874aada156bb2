"""Animals: their young, sounds, legs, food and homes."""

import random

from training.classroom.animals import ANIMALS
from training.conversations.turns import Turn, ask
from training.engine import pick, read, ways

SHARE = 1.3

_TEXTS = read("conversations/animals")
_LEGS = tuple((number, ways(animals)) for number, animals in _TEXTS.rows("legs"))


def turn_of(rng: random.Random) -> Turn:
    """A question about one animal."""
    animal = pick(rng, ANIMALS[:14] if rng.random() < 0.5 else ANIMALS)
    name = animal.name
    way = rng.random()
    if way < 0.25 and animal.sound:
        return ask(rng, _TEXTS, "sound", short=f"{animal.sound}.", x=name, s=animal.sound)
    if way < 0.35 and animal.sound:
        return ask(rng, _TEXTS, "by sound", short=f"{name}.", x=name, s=animal.sound)
    if way < 0.58 and animal.has_own_young:
        return ask(rng, _TEXTS, "young", short=f"{animal.young}.", x=name, b=animal.young)
    if way < 0.76:
        number, animals = pick(rng, _LEGS)
        return ask(rng, _TEXTS, "legs", "legs told", short=f"{number}.", x=pick(rng, animals), n=number)
    if way < 0.88:
        return ask(rng, _TEXTS, "food", x=name, f=" and ".join(animal.food[:2]))
    home = pick(rng, animal.home)
    if rng.random() < 0.5:
        return ask(rng, _TEXTS, "home", x=name, h=home)
    return ask(rng, _TEXTS, "deed", x=name, d=pick(rng, animal.deed))
