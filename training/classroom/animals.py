"""What animals say, eat and do, where they live, and what their young are called."""

import random
from dataclasses import dataclass

from training.classroom.scenes import CLOSINGS, OPENINGS, joined
from training.engine import Values, fill, listing, pick, read, some, ways
from training.people import people, slots

SHARE = 1.0

_TEXTS = read("classroom/animals")
KINDS = ("sound", "young", "food", "home", "deed")
_FRAMES = {kind: _TEXTS.lines(kind) for kind in KINDS}
_ABOUT, _ADJECTIVES = _TEXTS.lines("about"), _TEXTS.items("adjectives")
_FAVOURED = {"dog": 10, "cat": 10, "cow": 10}
_HELD = ("the cow", "a baby dog", "a baby cat")


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal; what it has no word for is empty."""

    name: str
    sound: str
    young: str
    food: tuple[str, ...]
    home: tuple[str, ...]
    deed: tuple[str, ...]

    @property
    def has_own_young(self) -> bool:
        """Whether there is a word for its young: a kitten, but a baby monkey."""
        return bool(self.young) and not self.young.startswith("baby")


ANIMALS = tuple(
    Animal(name, sound, young, ways(food), ways(home), ways(deed))
    for name, sound, young, food, home, deed in _TEXTS.rows("animals")
)


def _animal(rng: random.Random, kind: str = "name") -> Animal:
    """One of which that is known, the favoured ones more often."""
    animals = [animal for animal in ANIMALS if getattr(animal, kind)]
    return rng.choices(animals, [_FAVOURED.get(animal.name, 1.5) for animal in animals])[0]


def _fact(rng: random.Random, kind: str, values: Values, animal: Animal | None = None) -> str:
    if animal is None or not getattr(animal, kind):
        animal = _animal(rng, kind)
    if kind == "young" and not animal.has_own_young:
        kind = "food"
    other = _animal(rng, "sound")
    while other == animal:
        other = _animal(rng, "sound")
    young = other if other.has_own_young else next(entry for entry in ANIMALS[2:4] if entry != animal)
    home = pick(rng, animal.home)
    frame = pick(rng, _FRAMES[kind])
    if kind == "young" and animal.name == "frog":  # a tadpole is neither stroked nor washed
        frame = pick(rng, _FRAMES[kind][:7])
    found = {
        "x": animal.name, "s": animal.sound, "b": animal.young, "f": animal.food, "h": home, "d": animal.deed,
        "y": (young if kind == "young" else other).name, "t": other.sound, "c": young.young, "adj": _ADJECTIVES,
    }  # fmt: skip
    return fill(rng, frame, {**values, **found})


def document(rng: random.Random) -> str:
    """Some facts about one animal or about several, in a small scene."""
    values = slots(*people(rng))
    kinds = rng.choices(KINDS, (4, 5, 1.3, 1.3, 1.3), k=rng.choice((1, 2, 2, 3, 3, 4)))
    animal = None
    if rng.random() < 0.4:
        animal = _animal(rng)
        facts = [_fact(rng, kind, values, animal) for kind in dict.fromkeys(kinds)]
    elif rng.random() < 0.25:
        sounds = some(rng, [entry for entry in ANIMALS if entry.sound], 3)
        facts = [listing([f"the {entry.name} says {entry.sound}" for entry in sounds]) + "."]
        facts += [_fact(rng, kind, values) for kind in kinds[:2]]
    else:
        facts = [_fact(rng, kind, values) for kind in kinds]
    about = fill(rng, pick(rng, _ABOUT), {**values, "x": (animal or _animal(rng)).name})
    opening = fill(rng, pick(rng, OPENINGS), values)
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random()
    if way < 0.2 and len(facts) > 1 and not facts[0].lower().startswith(_HELD):
        return joined(rng, values, *facts)
    if way < 0.45:
        return joined(rng, values, about, *facts)
    return joined(
        rng, values, opening, about if rng.random() < 0.4 else "", *facts, closing if rng.random() < 0.5 else ""
    )
