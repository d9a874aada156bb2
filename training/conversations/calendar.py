"""Days, months and seasons in their order."""

import random

from training.classroom.categories import SEASONS
from training.conversations.turns import Turn, ask
from training.engine import pick, read
from training.people import DAYS, MONTHS

SHARE = 1.0

_TEXTS = read("conversations/calendar")
_ROWS = (*2 * [("day", DAYS)], *2 * [("month", MONTHS)], ("season", SEASONS))


def turn_of(rng: random.Random) -> Turn:
    """What comes before or after, what tomorrow is, and some facts."""
    way = rng.random()
    if way < 0.2:
        return Turn(*pick(rng, _TEXTS.rows("facts")))
    unit, row = pick(rng, _ROWS)
    i = rng.randrange(len(row))
    if way < 0.3:
        row, i = DAYS, rng.randrange(7)
    x, y = row[i], row[(i + 1) % len(row)]
    if way < 0.3:
        if rng.random() < 0.5:
            return ask(rng, _TEXTS, "tomorrow", short=f"{y}.", x=x, y=y)
        return ask(rng, _TEXTS, "yesterday", short=f"{x}.", x=x, y=y)
    if way < 0.75:
        return ask(rng, _TEXTS, "after", short=f"{y}.", x=x, y=y, u=unit)
    return ask(rng, _TEXTS, "before", short=f"{x}.", x=x, y=y, u=unit)
