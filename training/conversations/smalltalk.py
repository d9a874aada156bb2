"""Greetings, thanks, goodbyes, and what one says in between."""

import random

from training.conversations.turns import Turn, said_and_answered
from training.engine import pick, read

SHARE = 1.6

_TURNS = said_and_answered(read("conversations/smalltalk"))
_HELLO, _MORNING, _, _EVENING, _NIGHT, _HOW_ARE_YOU, _, _THANKS, _GOODBYE = _TURNS[:9]


def turn_of(rng: random.Random) -> Turn:
    """Something said out of politeness, and what one answers."""
    said, answers = pick(rng, _TURNS[:9] if rng.random() < 0.6 else _TURNS)
    return Turn(pick(rng, said), pick(rng, answers))


def greeting(rng: random.Random) -> Turn:
    """For the beginning of a conversation."""
    said, answers = pick(rng, (_HELLO, _HELLO, _MORNING, _EVENING, _HOW_ARE_YOU))
    return Turn(pick(rng, said), pick(rng, answers))


def farewell(rng: random.Random) -> Turn:
    """For its end."""
    said, answers = pick(rng, (_THANKS, _THANKS, _GOODBYE, _NIGHT))
    return Turn(pick(rng, said), pick(rng, answers))
