"""Things people tell about themselves or their day, and a friendly answer that takes up what was said."""

import random

from training.conversations import values as v
from training.conversations.turns import Turn, said_and_answered, turn
from training.engine import pick, read
from training.people import people

SHARE = 1.0

_TURNS = said_and_answered(read("conversations/remarks"))
_WORDS = {"food": v.FOODS, "animal": v.ANIMALS, "sport": v.SPORTS, "room": v.ROOMS, "thing": v.THINGS, "job": v.JOBS}


def turn_of(rng: random.Random) -> Turn:
    """A remark and an answer to it."""
    said, answers = pick(rng, _TURNS)
    who, _ = people(rng)
    return turn(rng, said, answers, "", n=who.name if rng.random() < 0.5 else v.name(rng), town=v.town(rng), **_WORDS)
