"""Jokes, short rhymes and riddles."""

import random

from training.conversations.turns import Turn
from training.engine import pick, read

SHARE = 0.7

_TEXTS = read("conversations/jokes")


def turn_of(rng: random.Random) -> Turn:
    """A joke, a rhyme or a riddle on demand."""
    way = rng.random()
    if way < 0.45:
        return Turn(pick(rng, _TEXTS.lines("joke asked")), pick(rng, _TEXTS.lines("jokes")))
    if way < 0.85:
        return Turn(pick(rng, _TEXTS.lines("rhyme asked")), pick(rng, _TEXTS.lines("rhymes")))
    return Turn(*pick(rng, _TEXTS.rows("riddles")))
