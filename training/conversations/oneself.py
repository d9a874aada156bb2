"""What the model says about itself: that it is small, has no name of its own, and cannot see, hear or go anywhere."""

import random

from training.conversations.turns import Turn, said_and_answered
from training.engine import pick, read

SHARE = 1.0

_TURNS = said_and_answered(read("conversations/oneself"))


def turn_of(rng: random.Random) -> Turn:
    """A question about the model."""
    said, answers = pick(rng, _TURNS[:3] if rng.random() < 0.35 else _TURNS)
    return Turn(pick(rng, said), pick(rng, answers))
