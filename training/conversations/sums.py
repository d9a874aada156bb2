"""Sums within twenty, in words and digits, and counting."""

import random

from training.classroom.sums import EATEN, NUMBERS
from training.conversations.turns import Turn, ask, turn
from training.engine import fill, pick, read
from training.people import people

SHARE = 3.6

_TEXTS = read("conversations/sums")


def _addends(rng: random.Random) -> tuple[int, int]:
    if rng.random() < 0.6:
        return rng.randint(1, 9), rng.randint(1, 9)
    first = rng.randint(0, 18)
    return first, rng.randint(0, min(12, 20 - first))


def _in_signs(rng: random.Random, x: int, y: int) -> Turn:
    values = {"x": str(x), "y": str(y), "z": str(x + y)}
    sign, result = ("plus", x + y) if rng.random() < 0.7 else ("minus", x)
    question = fill(rng, pick(rng, _TEXTS.lines(f"digits {sign} asked")), values)
    return Turn(question, fill(rng, _TEXTS.lines(f"digits {sign}")[0], values), f"{result}.")


def _sum(rng: random.Random) -> Turn:
    x, y = _addends(rng)
    digits = rng.random() < 0.5
    p, q, r = (str(n) if digits else NUMBERS[n] for n in (x, y, x + y))
    way = rng.random()
    if way < 0.12:
        return _in_signs(rng, x, y)
    if way < 0.75:
        return ask(rng, _TEXTS, "plus", short=f"{r}.", x=p, y=q, z=r)
    return ask(rng, _TEXTS, "minus", short=f"{p}.", x=p, y=q, z=r)


def _story(rng: random.Random) -> Turn:
    x, y = rng.randint(2, 9), rng.randint(2, 9)
    p, q, r = NUMBERS[x], NUMBERS[y], NUMBERS[x + y]
    who, other = people(rng)
    thing = f"{pick(rng, EATEN)}s"
    words = {"n": who.name, "x": p, "y": q, "z": r, "t": thing}
    if rng.random() < 0.6:
        question = pick(rng, _TEXTS.lines("story plus asked"))
        of_oneself = question.startswith("I have")
        answer = _TEXTS.lines("story plus")[of_oneself]
        return turn(rng, (question,), (answer,), f"{r}.", m=other.name, him=who.him, **words)
    return ask(rng, _TEXTS, "story minus", short=f"{p}.", **words)


def _compare(rng: random.Random, n: int) -> Turn:
    other = pick(rng, [i for i in range(21) if i != n])
    big = rng.random() < 0.6
    right = max(n, other) if big else min(n, other)
    words = {"n": NUMBERS[n], "m": NUMBERS[other], "r": NUMBERS[right], "o": NUMBERS[n + other - right]}
    return ask(rng, _TEXTS, "compare", short=f"{NUMBERS[right]}.", bigger="bigger" if big else "smaller", **words)


def _count(rng: random.Random) -> Turn:
    n = rng.randint(0, 18)
    way = rng.random()
    if way < 0.3:
        last = rng.randint(3, 12)
        return ask(rng, _TEXTS, "count", n=NUMBERS[last], row=", ".join(NUMBERS[1 : last + 1]))
    if way < 0.5:
        return ask(rng, _TEXTS, "after", short=f"{NUMBERS[n + 1]}.", n=NUMBERS[n], m=NUMBERS[n + 1])
    if way < 0.65:
        return ask(rng, _TEXTS, "before", short=f"{NUMBERS[n]}.", n=NUMBERS[n], m=NUMBERS[n + 1])
    return _compare(rng, n)


def turn_of(rng: random.Random) -> Turn:
    """A sum, a small number story, or a question about counting."""
    return rng.choices((_sum, _story, _count), (7, 1.5, 2))[0](rng)
