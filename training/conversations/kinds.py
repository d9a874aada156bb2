"""Which kind a thing belongs to: an apple is a fruit, a hammer is a tool."""

import random

from training.classroom.categories import BARE, KINDS
from training.classroom.engine import a, listing, some
from training.conversations.engine import Turn, cap, pick, turn

SHARE = 1.1


def _named(kind: str, word: str) -> str:
    return word if kind in BARE else a(word)


def turn_of(rng: random.Random) -> Turn:
    """The kind of a thing, things of a kind, or yes and no."""
    heads = pick(rng, list(KINDS))
    kind, plural = heads
    word = pick(rng, KINDS[heads])
    x = _named(kind, word)
    way = rng.random()
    if way < 0.4:
        asks = ("what kind of thing is {x}?", "what is {x}?", "is {x} a person or a thing? What is it?", "which group does {x} belong to?", "what sort of thing is {x}?")  # fmt: skip
        return turn(rng, asks[:2] + asks[3:], ("{x} is {a:k}.",), cap(f"{kind}."), x=x, k=kind)
    if way < 0.7:
        others = [head for head in KINDS if head != heads and word not in KINDS[head]]
        if rng.random() < 0.5 or not others:
            return turn(rng, ("is {x} {a:k}?",), ("yes, {x} is {a:k}.",), "Yes.", x=x, k=kind)
        wrong = pick(rng, [h for h in others if {h[0], kind} not in ({"animal", "bird"}, {"animal", "fish"}, {"animal", "insect"}, {"tree", "fruit"}, {"flower", "tree"})])  # fmt: skip
        return turn(rng, ("is {x} {a:w}?",), ("no, {x} is {a:k}.",), "No.", x=x, w=wrong[0], k=kind)
    if way < 0.85:
        asks = ("name {a:k}.", "tell me {a:k}.", "can you name {a:k}?", "give me an example of {a:k}.")
        return turn(rng, asks, ("{x} is {a:k}.",), cap(f"{word}."), x=x, k=kind)
    three = listing([_named(kind, w) for w in some(rng, KINDS[heads], 3)])
    return turn(
        rng, ("name three {p}.", "tell me three {p}.", "can you name some {p}?"), ("{t} are {p}.",), p=plural, t=three
    )
