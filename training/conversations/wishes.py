"""What would you like, and what do you like best? Any of several answers will do, each as often as the others."""

import random

from training.classroom.categories import SEASONS
from training.conversations import values as v
from training.conversations.turns import Turn, ask
from training.engine import pick, read

SHARE = 1.2

_TEXTS = read("conversations/wishes")
_DRINKS = _TEXTS.items("drinks")
_FAVOURITES = (
    ("colour", v.COLOURS[:10]), ("food", v.FOODS), ("animal", v.ANIMALS), ("season", SEASONS), ("sport", v.SPORTS), ("drink", _DRINKS),
    ("number", v.NUMBERS[1:13]),
)  # fmt: skip


def _favourite(rng: random.Random) -> Turn:
    what, choices = pick(rng, _FAVOURITES)
    if rng.random() < 0.3:
        what, why, word = pick(rng, _TEXTS.rows("reasons"))
        return ask(rng, _TEXTS, "reason", short=f"{word}.", w=what, x=word, y=why)
    word = pick(rng, choices)
    named = f"the {word}" if what == "animal" else word
    return ask(rng, _TEXTS, "favourite", short=f"{word}.", w=what, x=named)


def turn_of(rng: random.Random) -> Turn:
    """A wish or a taste."""
    way = rng.random()
    if way < 0.4:
        return _favourite(rng)
    if way < 0.6:
        one, two = rng.sample(v.FOODS, 2)
        return ask(rng, _TEXTS, "food", short=f"{one}.", x=one, y=two)
    if way < 0.68:
        return ask(rng, _TEXTS, "drink", x=pick(rng, _DRINKS))
    if way < 0.78:
        return ask(rng, _TEXTS, "place", x=pick(rng, _TEXTS.items("places")))
    if way < 0.88:
        one, two = pick(rng, _TEXTS.rows("sides"))
        if rng.random() < 0.5:
            one, two = two, one
        best = pick(rng, (one, two))
        return ask(rng, _TEXTS, "side", short=f"{best}.", x=one, y=two, z=best)
    if rng.random() < 0.5:
        return ask(rng, _TEXTS, "job", x=pick(rng, v.JOBS))
    return ask(rng, _TEXTS, "taste", short="yes.", x=pick(rng, v.FOODS + _DRINKS))
