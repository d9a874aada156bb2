"""What is the opposite of hot?"""

import random

from training.classroom.opposites import EVERY
from training.conversations.turns import Turn, ask
from training.engine import pick, read

SHARE = 1.0

_TEXTS = read("conversations/opposites")
_LESSON = _TEXTS.rows("of the lesson")


def turn_of(rng: random.Random) -> Turn:
    """A word and its opposite, or whether two words are opposites."""
    x, y = pick(rng, _LESSON if rng.random() < 0.15 else EVERY)
    if rng.random() < 0.4 and y not in ("hard", "light", "little", "new"):
        x, y = y, x
    if rng.random() < 0.1:
        _, w = pick(rng, [pair for pair in EVERY if not {x, y} & set(pair)])
        if rng.random() < 0.5:
            return ask(rng, _TEXTS, "is it", "it is", "yes.", x=x, y=y)
        return ask(rng, _TEXTS, "is it wrongly", "it is not", "no.", x=x, y=y, w=w)
    return ask(rng, _TEXTS, "opposite", short=f"{y}.", x=x, y=y)
