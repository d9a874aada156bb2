"""Sums within twenty, in words and digits, and counting."""

import random

from training.classroom.engine import people
from training.classroom.sums import EATEN, WORDS
from training.conversations.engine import Turn, cap, frames, pick, turn

SHARE = 3.6

_PLUS = frames("""
What is {x} plus {y}?
What is {x} plus {y}?
What is {x} plus {y}?
How much is {x} plus {y}?
How much is {x} and {y}?
What do you get if you add {x} and {y}?
{x} plus {y}?
Add {x} and {y}.
""")
_MINUS = frames("""
What is {z} minus {y}?
What is {z} minus {y}?
How much is {z} minus {y}?
{z} minus {y}?
Take {y} away from {z}.
What is left if you take {y} from {z}?
""")


def _addends(rng: random.Random) -> tuple[int, int]:
    if rng.random() < 0.6:
        return rng.randint(1, 9), rng.randint(1, 9)
    first = rng.randint(0, 18)
    return first, rng.randint(0, min(12, 20 - first))


def _sum(rng: random.Random) -> Turn:
    x, y = _addends(rng)
    digits = rng.random() < 0.5
    p, q, r = (str(n) if digits else WORDS[n] for n in (x, y, x + y))
    way = rng.random()
    if way < 0.12:
        if rng.random() < 0.7:
            return Turn(
                pick(rng, (f"{x} + {y} = ?", f"{x} + {y}", f"What is {x} + {y}?")), f"{x} + {y} = {x + y}.", f"{x + y}."
            )
        return Turn(pick(rng, (f"{x + y} - {y} = ?", f"What is {x + y} - {y}?")), f"{x + y} - {y} = {x}.", f"{x}.")
    if way < 0.75:
        return turn(rng, _PLUS, ("{x} plus {y} is {z}.",), cap(f"{r}."), x=p, y=q, z=r)
    return turn(rng, _MINUS, ("{z} minus {y} is {x}.",), cap(f"{p}."), x=p, y=q, z=r)


def _story(rng: random.Random) -> Turn:
    x, y = rng.randint(2, 9), rng.randint(2, 9)
    p, q, r = WORDS[x], WORDS[y], WORDS[x + y]
    who, other = people(rng)
    thing = f"{pick(rng, EATEN)}s"
    thing = thing.replace("ys", "ies")
    if rng.random() < 0.6:
        asks = ("{n} has {x} {t}. {m} gives {him} {y} more. How many {t} does {n} have?", "I have {x} {t} and {n} has {y}. How many do we have together?")  # fmt: skip
        question = pick(rng, asks)
        owner = "we have" if question.startswith("I have") else f"{who.name} has"
        if owner == "we have":
            owner = "you have"
        return turn(rng, (question,), (f"{p} plus {q} is {r}. {cap(owner)} {r} {thing}.",), cap(f"{r}."), n=who.name, m=other.name, him=who.him, x=p, y=q, t=thing)  # fmt: skip
    asks = ("{n} has {z} {t} and eats {y}. How many are left?", "there are {z} {t}. {n} takes {y}. How many are left?")
    return turn(rng, asks, ("{z} minus {y} is {x}. There are {x} left.",), cap(f"{p}."), n=who.name, x=p, y=q, z=r, t=thing)  # fmt: skip


def _count(rng: random.Random) -> Turn:
    n = rng.randint(0, 18)
    way = rng.random()
    if way < 0.3:
        last = rng.randint(3, 12)
        row = ", ".join(WORDS[1 : last + 1])
        return turn(rng, ("count to {n}.", "can you count to {n}?", "please count from one to {n}."), (f"{row}.",), n=WORDS[last])  # fmt: skip
    if way < 0.5:
        return turn(rng, ("which number comes after {n}?", "what comes after {n}?"), ("after {n} comes {m}.",), cap(f"{WORDS[n + 1]}."), n=WORDS[n], m=WORDS[n + 1])  # fmt: skip
    if way < 0.65:
        return turn(rng, ("which number comes before {m}?", "what comes before {m}?"), ("before {m} comes {n}.",), cap(f"{WORDS[n]}."), n=WORDS[n], m=WORDS[n + 1])  # fmt: skip
    other = pick(rng, [i for i in range(21) if i != n])
    big = rng.random() < 0.6
    right = (max if big else min)(n, other)
    return turn(
        rng, (f"which is {'bigger' if big else 'smaller'}, {{n}} or {{m}}?", f"which number is {'bigger' if big else 'smaller'}: {{n}} or {{m}}?"),
        (f"{{r}} is {'bigger' if big else 'smaller'} than {{o}}.",), cap(f"{WORDS[right]}."),
        n=WORDS[n], m=WORDS[other], r=WORDS[right], o=WORDS[n + other - right],
    )  # fmt: skip


def turn_of(rng: random.Random) -> Turn:
    """A sum, a small number story, or a question about counting."""
    return rng.choices((_sum, _story, _count), (7, 1.5, 2))[0](rng)
