"""A line or two of text and a question that the text answers."""

import random

from training.conversations import values as v
from training.conversations.turns import Turn
from training.engine import cap, fill, pick, read

SHARE = 2.6

_FACTS = read("conversations/reading").rows("facts")
_OF_PEOPLE = ("What does {n}", "Where does {n}", "How old is {n}")


def _values(rng: random.Random) -> dict[str, str]:
    return {
        "n": v.name(rng), "m": v.name(rng), "c": v.odd(v.SHADES)(rng), "t": v.odd(v.THINGS)(rng), "p": pick(rng, v.PETS), "k": v.town(rng),
        "y": pick(rng, v.NUMBERS[3:]), "f": pick(rng, v.FOODS), "j": v.job(rng), "s": pick(rng, v.SPORTS), "r": pick(rng, v.ROOMS),
        "x": pick(rng, v.ANIMALS), "d": pick(rng, v.DAYS), "o": pick(rng, v.MONTHS), "h": v.clock(rng),
    }  # fmt: skip


def text_and_question(rng: random.Random) -> tuple[str, Turn]:
    """One to three sentences, and one question about one of them; now and then about somebody of whom nothing was said."""
    facts = [(pick(rng, _FACTS), _values(rng)) for _ in range(rng.choice((1, 2, 2, 3)))]
    if len(facts) > 1 and facts[0][0][0].startswith("{n}") and rng.random() < 0.6:
        facts[1] = (facts[0][0], facts[1][1])  # the same of two people: only the name tells them apart
    story = " ".join(cap(fill(rng, row[0], values)) for row, values in facts)
    (_, question, answer, short), values = pick(rng, facts)
    other = v.name(rng)
    if rng.random() < 0.08 and question.startswith(_OF_PEOPLE) and other not in story:
        not_told = f"I do not know. You did not tell me about {other}."
        return story, Turn(fill(rng, question, values | {"n": other}), not_told)
    word = cap(fill(rng, f"{short}.", values)) if short else ""
    return story, Turn(fill(rng, question, values), cap(fill(rng, answer, values)), word)


def turn_of(rng: random.Random) -> Turn:
    """A short text with its question."""
    story, turn = text_and_question(rng)
    return Turn(f"{story} {turn.question}", turn.answer, turn.short)
