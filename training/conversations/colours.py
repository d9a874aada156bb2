"""The colours of things, and what mixed colours give."""

import random

from training.classroom.colours import MIXES, THINGS
from training.conversations.engine import Turn, cap, pick, turn

SHARE = 0.9

_MORE = (
    ("a polar bear is", "white"), ("an elephant is", "grey"), ("an orange is", "orange"), ("the moon is", "white"),
    ("a rose is often", "red"), ("a tree trunk is", "brown"), ("a pea is", "green"), ("corn is", "yellow"),
    ("a raven is", "black"), ("salt is", "white"), ("a potato is", "brown"), ("a sunflower is", "yellow"),
)  # fmt: skip
_ALL = THINGS + _MORE


def _parts(thing: str) -> tuple[str, str]:
    """(thing, verb): "the sky is" -> ("the sky", "is")"""
    noun, _, verb = thing.partition(" is")
    return noun, f"is{verb}"


def turn_of(rng: random.Random) -> Turn:
    """The colour of a thing, a thing of a colour, a mix, or yes and no."""
    thing, colour = pick(rng, _ALL)
    noun, verb = _parts(thing)
    way = rng.random()
    if way < 0.55:
        asks = ("what colour is {n}?", "what colour is {n}?", "which colour is {n}?", "what is the colour of {n}?", "tell me the colour of {n}.", "what color is {n}?")  # fmt: skip
        return turn(rng, asks, ("{n} {v} {c}.",), cap(f"{colour}."), n=noun, v=verb, c=colour)
    if way < 0.75:
        one, two, mix = pick(rng, MIXES)
        if rng.random() < 0.5:
            one, two = two, one
        asks = ("what do you get if you mix {x} and {y}?", "which colour do {x} and {y} make?", "what colour is {x} and {y} together?", "I mix {x} and {y}. What do I get?")  # fmt: skip
        return turn(rng, asks, ("{x} and {y} make {m}.", "if you mix {x} and {y}, you get {m}."), cap(f"{mix}."), x=one, y=two, m=mix)  # fmt: skip
    if way < 0.88:
        same = rng.random() < 0.5
        other = colour if same else pick(rng, [c for _, c in _ALL if c != colour])
        answer = f"yes, {noun} {verb} {colour}." if same else f"no, {noun} {verb} {colour}."
        return turn(rng, ("is {n} {o}?",), (answer,), "Yes." if same else "No.", n=noun, o=other)
    return turn(rng, ("name something {c}.", "what is {c}?", "tell me something that is {c}."), ("{n} {v} {c}.",), n=noun, v=verb, c=colour)  # fmt: skip
