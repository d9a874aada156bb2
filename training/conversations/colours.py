"""The colours of things, and what mixed colours give."""

import random

from training.classroom.colours import MIXES, THINGS
from training.conversations.turns import Turn, ask
from training.engine import pick, read

SHARE = 0.9

_TEXTS = read("conversations/colours")
_ALL = THINGS + _TEXTS.rows("more things")


def turn_of(rng: random.Random) -> Turn:
    """The colour of a thing, a thing of a colour, a mix, or yes and no."""
    thing, colour = pick(rng, _ALL)
    noun, _, verb = thing.partition(" is")  # "a rose is often": a rose, is often
    words = {"n": noun, "v": f"is{verb}", "c": colour}
    way = rng.random()
    if way < 0.55:
        return ask(rng, _TEXTS, "colour", short=f"{colour}.", **words)
    if way < 0.75:
        one, two, mix = pick(rng, MIXES)
        if rng.random() < 0.5:
            one, two = two, one
        return ask(rng, _TEXTS, "mix", short=f"{mix}.", x=one, y=two, m=mix)
    if way < 0.88:
        if rng.random() < 0.5:
            return ask(rng, _TEXTS, "is it", "it is", "yes.", o=colour, **words)
        other = pick(rng, [c for _, c in _ALL if c != colour])
        return ask(rng, _TEXTS, "is it", "it is not", "no.", o=other, **words)
    return ask(rng, _TEXTS, "thing", **words)
