"""Finish the saying, and what it means."""

import random

from training.classroom.proverbs import SAYINGS
from training.conversations.turns import Turn, turn
from training.engine import pick, read

SHARE = 1.0

_TEXTS = read("conversations/sayings")


def turn_of(rng: random.Random) -> Turn:
    """A saying to finish, or its meaning."""
    way = rng.random()
    if way < 0.15:
        start, end, whole = pick(rng, _TEXTS.rows("sentences"))
        return turn(rng, _TEXTS.lines("finish a sentence"), (whole,), f"{end}.", s=start)
    start, end, meaning = pick(rng, SAYINGS[:25] if rng.random() < 0.5 else SAYINGS)
    if way > 0.85 and meaning:
        return turn(rng, _TEXTS.lines("meaning asked"), _TEXTS.lines("meaning"), s=start, w=end, m=meaning)
    return turn(rng, _TEXTS.lines("finish"), _TEXTS.lines("finished"), f"{end}.", s=start, w=end)
