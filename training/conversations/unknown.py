"""Questions that the model cannot answer, and that it should say so in plain words."""

import random

from training.conversations import values as v
from training.conversations.turns import Turn, turn
from training.engine import pick, read
from training.people import people

SHARE = 1.0

_TEXTS = read("conversations/unknown")


def turn_of(rng: random.Random) -> Turn:
    """A question beyond a small model, and a plain no."""
    who, _ = people(rng)
    name = who.name if rng.random() < 0.4 else v.name(rng)
    question = pick(rng, _TEXTS.lines("asked"))
    return turn(rng, (question,), _TEXTS.lines("told"), n=name, k=v.town(rng), t=pick(rng, v.THINGS))
