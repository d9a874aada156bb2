"""Animals: their young, sounds, legs, food and homes."""

import random

from training.classroom.animals import ANIMALS
from training.classroom.engine import a
from training.conversations.engine import Turn, cap, frames, pick, turn, words

SHARE = 1.3

_LEGS = {"four": words("dog cat cow sheep pig horse goat lion bear frog elephant rabbit fox mouse camel giraffe hedgehog squirrel"),
         "two": words("duck hen goose owl swan bird penguin"), "six": words("bee butterfly"), "eight": ["spider"], "no": ["snake", "whale"]}  # fmt: skip
_SOUND = frames("""
What does {a:x} say?
What does the {x} say?
Which sound does {a:x} make?
What sound does a {x} make?
""")
_BY_SOUND = frames("""
Which animal says {s}?
What animal says {s}?
Who says {s}?
""")
_YOUNG = frames("""
What is a baby {x} called?
What is a young {x} called?
What do you call a baby {x}?
How do we call the baby of {a:x}?
""")
_FOOD = frames("""
What does {a:x} eat?
What do you feed {a:x}?
""")


def _legs(rng: random.Random) -> Turn:
    number, animals = pick(rng, list(_LEGS.items()))
    animal = pick(rng, animals)
    return turn(rng, ("how many legs does {a:x} have?", "how many legs does the {x} have?"), ("{a:x} has {n} legs.",), cap(f"{number}."), x=animal, n=number)  # fmt: skip


def turn_of(rng: random.Random) -> Turn:
    """A question about one animal."""
    animal, sound, young, food, home, does = pick(rng, ANIMALS[:14] if rng.random() < 0.5 else ANIMALS)
    way = rng.random()
    if way < 0.25 and sound:
        return turn(rng, _SOUND, ("{a:x} says {s}.", "the {x} says {s}."), cap(f"{sound}."), x=animal, s=sound)
    if way < 0.35 and sound:
        return turn(rng, _BY_SOUND, ("the {x} says {s}.", "{a:x} says {s}."), cap(f"{animal}."), x=animal, s=sound)
    if way < 0.58 and young and not young.startswith("baby"):
        return turn(rng, _YOUNG, ("a baby {x} is called {a:b}.",), cap(f"{young}."), x=animal, b=young)
    if way < 0.76:
        return _legs(rng)
    if way < 0.88 and food:
        what = " and ".join(food.split("|")[:2])
        return turn(rng, _FOOD, ("{a:x} eats {f}.",), x=animal, f=what)
    where = pick(rng, home.split("|"))
    if rng.random() < 0.5:
        return turn(rng, ("where does {a:x} live?",), (f"{a(animal)} lives {where}.",), x=animal)
    return turn(
        rng,
        ("what can {a:x} do?", "what does {a:x} do?"),
        (f"{a(animal)} can {pick(rng, does.split('|'))}.",),
        x=animal,
    )
