"""A line or two of text and a question that the text answers."""

import random

from training.classroom.engine import cap
from training.conversations import values as v
from training.conversations.engine import Turn, fill, pick, table

SHARE = 2.6

# A sentence about {n} (or a thing) | a question about it | the answer | in one word.
_FACTS = table("""
{n} has a {c} {t}. | What does {n} have? | {n} has a {c} {t}. |
{n} has a {c} {t}. | What colour is {n}'s {t}? | {n}'s {t} is {c}. | {c}
{n} has {a:p} called {m}. | What is the name of {n}'s {p}? | {n}'s {p} is called {m}. | {m}
{n} lives in {k}. | Where does {n} live? | {n} lives in {k}. | {k}
{n} is {y} years old. | How old is {n}? | {n} is {y} years old. | {y}
{n} likes {f}. | What does {n} like? | {n} likes {f}. | {f}
{n} ate {f} for lunch. | What did {n} eat? | {n} ate {f}. | {f}
{n} is {a:j}. | What is {n}'s job? | {n} is {a:j}. | {j}
{n} is good at {s}. | What is {n} good at? | {n} is good at {s}. | {s}
{n} went to {r}. | Where did {n} go? | {n} went to {r}. |
{n} saw {a:x} at {r}. | What did {n} see? | {n} saw {a:x}. | {x}
The {t} is in {r}. | Where is the {t}? | The {t} is in {r}. |
The {t} is {c}. | What colour is the {t}? | The {t} is {c}. | {c}
The {x} is called {m}. | What is the {x} called? | The {x} is called {m}. | {m}
{n} comes on {d}. | When does {n} come? | {n} comes on {d}. | {d}
{n} was born in {o}. | When was {n} born? | {n} was born in {o}. | {o}
The party is on {d}. | When is the party? | The party is on {d}. | {d}
Lunch is at {h}. | When is lunch? | Lunch is at {h}. |
""")


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
    if (
        rng.random() < 0.08
        and question.startswith(("What does {n}", "Where does {n}", "How old is {n}"))
        and other not in story
    ):
        return story, Turn(
            fill(rng, question, values | {"n": other}), f"I do not know. You did not tell me about {other}."
        )
    word = cap(fill(rng, f"{short}.", values)) if short else ""
    return story, Turn(fill(rng, question, values), cap(fill(rng, answer, values)), word)


def turn_of(rng: random.Random) -> Turn:
    """A short text with its question."""
    story, turn = text_and_question(rng)
    return Turn(f"{story} {turn.question}", turn.answer, turn.short)
