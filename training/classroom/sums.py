"""Small sums and counting, in words and in digits."""

import random

from training.engine import Value, fill, fill_then_choose, pick, read, text
from training.people import people, person, slots

SHARE = 0.8

_TEXTS = read("classroom/sums")
NUMBERS, EATEN = _TEXTS.items("numbers"), _TEXTS.items("eaten")
_HELD = ("two plus two", "three plus one", "one, two")


def _n(count: int, thing: str) -> str:
    """One or more of a thing.

    >>> _n(1, "apple"), _n(2, "child")
    ('one apple', 'two children')
    """
    many = "children" if thing == "child" else f"{thing}s"
    return f"{NUMBERS[count]} {thing if count == 1 else many}"


def _addends(rng: random.Random) -> tuple[int, int]:
    dice = rng.random()
    if dice < 0.16:
        return 2, 2
    if dice < 0.30:
        return 3, 1
    if dice < 0.85:
        return rng.randint(1, 6), rng.randint(1, 5)
    first = rng.randint(0, 14)
    return first, rng.randint(0, 20 - first if first > 6 else 12)


def _sum(rng: random.Random) -> str:
    """x + y = z, with the words p, q and r for them."""
    x, y = _addends(rng)
    digits = {"x": str(x), "y": str(y), "z": str(x + y)}
    words = {"p": NUMBERS[x], "q": NUMBERS[y], "r": NUMBERS[x + y]}
    return fill_then_choose(rng, _TEXTS.lines("sum"), {**slots(*people(rng)), **digits, **words})


def _count(rng: random.Random) -> str:
    values: dict[str, Value] = slots(*people(rng))
    if rng.random() < 0.62:
        first, last = 1, pick(rng, (5, 5, 5, 6, 7, 8, 10, 10, 12))
    else:
        first = rng.randint(1, 14)
        last = first + rng.randint(3, 6)
    n = rng.randint(0, 19)
    values |= {
        "row": ", ".join(NUMBERS[first : last + 1]), "digits": ", ".join(map(str, range(first, last + 1))), "last": NUMBERS[last],
        "back": ", ".join(reversed(NUMBERS[max(0, first - 1) : first + 5])), "number": NUMBERS[n], "next": NUMBERS[n + 1],
    }  # fmt: skip
    values["counted"] = fill(rng, _TEXTS.lines("counted")[first != 1], values)
    return fill_then_choose(rng, _TEXTS.lines("count"), values)


def _story(rng: random.Random) -> str:
    """A story in which x and y make z."""
    values: dict[str, Value] = slots(*people(rng))
    x, y = (max(n, 1) for n in _addends(rng))
    if x + y > 20:
        x, y = 2, 2
    z = x + y
    thing, food = pick(rng, _TEXTS.items("things")), pick(rng, EATEN)
    values |= {
        "x": NUMBERS[x], "y": NUMBERS[y], "z": NUMBERS[z], "more": f"{NUMBERS[y]} more", "thing": thing,
        "x_things": _n(x, thing), "y_things": _n(y, thing), "z_things": _n(z, thing), "x_food": _n(x, food), "z_food": _n(z, food),
        "z_coins": _n(z, "coin"), "x_birds": _n(x, "bird"), "z_birds": _n(z, "bird"), "x_children": _n(x, "child"),
        "z_children": _n(z, "child"), "were": "was" if x == 1 else "were", "years": "year" if y == 1 else "years",
    }  # fmt: skip
    values["costs"] = fill(rng, _TEXTS.lines("costs")[thing[0] in "aeiou"], values)
    return fill_then_choose(rng, _TEXTS.lines("story"), values)


def _fact(rng: random.Random) -> str:
    return pick(rng, _TEXTS.lines("fact"))


def _opening(rng: random.Random) -> str:
    return fill_then_choose(rng, _TEXTS.lines("opening"), slots(*people(rng)))


def _closing(rng: random.Random) -> str:
    return fill_then_choose(rng, _TEXTS.lines("closing"), slots(person(rng)))


_KINDS = (_sum, _sum, _sum, _count, _count, _story, _story, _fact)


def document(rng: random.Random) -> str:
    """Sums, counting and little number stories."""
    facts = list(dict.fromkeys([pick(rng, _KINDS)(rng) for _ in range(rng.randint(2, 5))]))
    while len(" ".join(facts)) < 45:
        facts.append(_story(rng))
    if rng.random() < 0.25 and not facts[0].lower().startswith(_HELD):
        return text(*facts, _closing(rng))
    return text(_opening(rng), *facts, _closing(rng))
