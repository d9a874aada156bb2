"""What is the opposite of hot?"""

import random

from training.classroom.opposites import EVERY
from training.conversations.engine import Turn, cap, frames, pick, turn

SHARE = 1.0

_ASK = frames("""
What is the opposite of {x}?
What is the opposite of {x}?
What is the opposite of {x}?
Tell me the opposite of {x}.
Which word is the opposite of {x}?
Can you say the opposite of {x}?
Give me the opposite of {x}.
Do you know the opposite of {x}?
The opposite of {x}, please.
""")
_ANSWER = ("the opposite of {x} is {y}.",) * 4 + ("it is {y}.",)
_LESSON = (("hot", "cold"), ("big", "small"), ("day", "night"), ("up", "down"), ("black", "white"), ("happy", "sad"))


def turn_of(rng: random.Random) -> Turn:
    """A word and its opposite, or whether two words are opposites."""
    x, y = pick(rng, _LESSON if rng.random() < 0.15 else EVERY)
    if rng.random() < 0.4 and y not in ("hard", "light", "little", "new"):
        x, y = y, x
    if rng.random() < 0.1:
        _, w = pick(rng, [pair for pair in EVERY if not {x, y} & set(pair)])
        if rng.random() < 0.5:
            return turn(rng, ("is {y} the opposite of {x}?",), ("yes, {y} is the opposite of {x}.",), "Yes.", x=x, y=y)
        return turn(rng, ("is {w} the opposite of {x}?",), ("no, the opposite of {x} is {y}.",), "No.", x=x, y=y, w=w)
    return turn(rng, _ASK, _ANSWER, cap(f"{y}."), x=x, y=y)
