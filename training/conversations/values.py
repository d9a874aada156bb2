"""Values that a system prompt or a speaker may give: names, towns, dates, times, words. Half of them are made up.

A model that has seen a few names a thousand times each learns to say those names; one that meets a new name in every dialogue has
to copy. So names and towns are built of syllables as often as they are taken from a list.
"""

import random
import re
from collections.abc import Callable

from training.classroom.animals import ANIMALS as CLASSROOM_ANIMALS
from training.classroom.capitals import COMMON as COUNTRIES
from training.classroom.categories import KINDS
from training.classroom.opposites import EVERY
from training.classroom.proverbs import SAYINGS
from training.classroom.sums import NUMBERS
from training.engine import pick, read
from training.people import BOYS, DAYS, GIRLS, MONTHS, PLACES

_TEXTS = read("conversations/values")
NAMES = _TEXTS.items("names") + GIRLS + BOYS
TOWNS, FOODS, ANIMALS, PETS = (_TEXTS.items(name) for name in ("towns", "foods", "animals", "pets"))
COLOURS = _TEXTS.items("colours")
SHADES = COLOURS + _TEXTS.items("more shades")
SPORTS, JOBS, WEATHERS, THINGS = (_TEXTS.items(name) for name in ("sports", "jobs", "weathers", "things"))
WORDS, EVENTS, OPENERS = (_TEXTS.items(name) for name in ("words", "events", "openers"))
ROOMS = PLACES

_STARTS, _MIDDLES, _JOINTS, _ENDS = (_TEXTS.items(name) for name in ("starts", "middles", "joints", "ends"))
_TOWN_ENDS, _WORK, _WORKERS = (_TEXTS.items(name) for name in ("town ends", "work", "workers"))


def _common() -> tuple[str, ...]:
    """Every plain word of the classroom's tables, a thousand or so."""
    animals = ((a.name, a.sound, a.young, *a.food, *a.home, *a.deed) for a in CLASSROOM_ANIMALS)
    text = " ".join(
        " ".join(row) for row in (*SAYINGS, *EVERY, *animals, *COUNTRIES, *(kind.members for kind in KINDS))
    )
    return tuple(sorted(set(re.findall(r"\b[a-z]{4,}\b", text))))


COMMON = _common()


def any_word(rng: random.Random) -> str:
    """A plain word, a rare one or one that does not exist."""
    return pick(rng, COMMON) if rng.random() < 0.65 else made_up_name(rng).lower()


def odd(known: tuple[str, ...], share: float = 0.25) -> Callable[[random.Random], str]:
    """Draws one of the known words, or any word at all: what is asked back has to be read, not guessed."""
    return lambda rng: any_word(rng) if rng.random() < share else pick(rng, known)


def job(rng: random.Random) -> str:
    return pick(rng, _WORK) + pick(rng, _WORKERS) if rng.random() < 0.25 else pick(rng, JOBS)


def made_up_name(rng: random.Random) -> str:
    """Two or three syllables with a capital: Brelmo, Zanik."""
    middle = pick(rng, _MIDDLES) + pick(rng, _JOINTS)
    if rng.random() < 0.1:
        middle += pick(rng, _MIDDLES) + pick(rng, _JOINTS)
    return pick(rng, _STARTS) + middle + pick(rng, _ENDS)


def name(rng: random.Random) -> str:
    return pick(rng, NAMES) if rng.random() < 0.5 else made_up_name(rng)


def town(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return pick(rng, TOWNS)
    return pick(rng, _STARTS) + pick(rng, _MIDDLES) + pick(rng, _JOINTS) + pick(rng, _TOWN_ENDS)


def date(rng: random.Random) -> str:
    """Day and month: 3 May, the 14th of June."""
    day, month = rng.randint(1, 31), pick(rng, MONTHS)
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return pick(rng, (f"{day} {month}", f"{day} {month}", f"{month} {day}", f"the {day}{ending} of {month}"))


def full_date(rng: random.Random) -> str:
    """With a weekday or a year or both: Friday, 3 May 2027."""
    day, when, year = pick(rng, DAYS), date(rng), rng.randint(1990, 2049)
    if when.startswith("the"):
        return f"{day}, {when}"
    comma = "," if when[-1].isdigit() else ""
    return pick(rng, (f"{day}, {when}", f"{day}, {when}{comma} {year}", f"{when}{comma} {year}"))


def clock(rng: random.Random) -> str:
    """A time of day: five o'clock, half past six, 7:45."""
    hour = rng.randint(1, 12)
    words = NUMBERS[hour]
    return pick(
        rng,
        (f"{words} o'clock", f"{words} o'clock", f"half past {words}", f"quarter past {words}", f"quarter to {words}",
         f"{hour}:{pick(rng, ('00', '15', '30', '45', '10', '20', '50'))}", f"{hour} o'clock"),
    )  # fmt: skip
