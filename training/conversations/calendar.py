"""Days, months and seasons in their order."""

import random

from training.classroom.engine import DAYS, MONTHS
from training.conversations.engine import Turn, cap, frames, pick, table, turn

SHARE = 1.0

_ROWS = (
    ("day", DAYS),
    ("day", DAYS),
    ("month", MONTHS),
    ("month", MONTHS),
    ("season", ("spring", "summer", "autumn", "winter")),
)
_AFTER = frames("""
Which {u} comes after {x}?
Which {u} comes after {x}?
What {u} comes after {x}?
What is the {u} after {x}?
What comes after {x}?
After {x} comes which {u}?
""")
_BEFORE = frames("""
Which {u} comes before {y}?
What {u} comes before {y}?
What is the {u} before {y}?
What comes before {y}?
""")
_FACTS = table("""
How many days are in a week? | A week has seven days. | Seven.
How many days does a week have? | A week has seven days. | Seven.
How many months are in a year? | A year has twelve months. | Twelve.
How many months does a year have? | A year has twelve months. | Twelve.
How many seasons are there? | There are four seasons: spring, summer, autumn and winter. | Four.
How many hours are in a day? | A day has twenty-four hours. |
How many minutes are in an hour? | An hour has sixty minutes. | Sixty.
What is the first month of the year? | January is the first month of the year. | January.
What is the last month of the year? | December is the last month of the year. | December.
What is the first day of the week? | Monday is the first day of the week. | Monday.
Which days are the weekend? | Saturday and Sunday are the weekend. |
Name the days of the week. | Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday. |
Name the seasons. | Spring, summer, autumn and winter. |
In which season does it snow? | It snows in winter. | Winter.
When is it hot? | It is hot in summer. | Summer.
When do the leaves fall? | The leaves fall in autumn. | Autumn.
When do the flowers come? | The flowers come in spring. | Spring.
What month is Christmas in? | Christmas is in December. | December.
""")


def turn_of(rng: random.Random) -> Turn:
    """What comes before or after, what tomorrow is, and some facts."""
    way = rng.random()
    if way < 0.2:
        return Turn(*pick(rng, _FACTS))
    unit, row = pick(rng, _ROWS)
    i = rng.randrange(len(row))
    x, y = row[i], row[(i + 1) % len(row)]
    if way < 0.3:
        i = rng.randrange(7)
        x, y = DAYS[i], DAYS[(i + 1) % 7]
        if rng.random() < 0.5:
            return turn(
                rng,
                ("today is {x}. What day is tomorrow?", "if today is {x}, what is tomorrow?"),
                ("tomorrow is {y}.",),
                f"{y}.",
                x=x,
                y=y,
            )
        return turn(
            rng,
            ("today is {y}. What day was yesterday?", "if today is {y}, what was yesterday?"),
            ("yesterday was {x}.",),
            f"{x}.",
            x=x,
            y=y,
        )
    if way < 0.75:
        return turn(rng, _AFTER, ("{y} comes after {x}.", "the {u} after {x} is {y}.", "after {x} comes {y}."), cap(f"{y}."), x=x, y=y, u=unit)  # fmt: skip
    return turn(rng, _BEFORE, ("{x} comes before {y}.", "the {u} before {y} is {x}."), cap(f"{x}."), x=x, y=y, u=unit)
