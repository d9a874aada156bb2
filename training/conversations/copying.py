"""Repeating after somebody, spelling, saying a word several times: answers that stand in the question."""

import random
import re
from importlib import import_module

from training.classroom import TOPICS as CLASSROOM
from training.classroom.engine import listing
from training.conversations import values as v
from training.conversations.engine import Turn, cap, fill, frames, pick, words

SHARE = 2.8

_REPEAT = frames("""
Repeat after me: {s}
Repeat after me: {s}
Please repeat: {s}
Repeat this sentence: {s}
Say this: {s}
Say: {s}
Please say: {s}
Say after me: {s}
""")
_SUBJECTS = frames("""
The {adj} {animal} likes {food}.
{name} lives in {town}.
{name} and {name2} went to {town}.
{name} has a {colour} {thing}.
My {thing} is {colour}.
I like {food} and {food2}.
The {thing} is in {room}.
We meet on {day}.
There are {number} (eggs|apples|books|cups) on the table.
Today is a {weather} day.
{name} is {a:job}.
The {animal} and the {animal2} are friends.
Good morning, {name}!
{colour} {thing}, {colour2} {thing2}.
{word} {word2} {word3}.
""")
_SPELL = words(
    "cat dog sun hat cup pen bed bag bus car red ten cow pig hen fox box map tree fish bird milk book door moon star ship rain snow"
)


def sentence(rng: random.Random) -> str:
    """A sentence of words that may stand in any order of events."""
    colours, foods, animals, things, words = (
        rng.sample(kind, 2) for kind in (v.COLOURS, v.FOODS, v.ANIMALS, v.THINGS, v.WORDS)
    )
    values = dict(
        adj=pick(rng, ("little", "old", "big", "happy", "brave")), animal=animals[0], animal2=animals[1], food=foods[0], food2=foods[1],
        name=v.name(rng), name2=v.name(rng), town=v.town(rng), colour=colours[0], colour2=colours[1], thing=things[0], thing2=things[1],
        room=pick(rng, v.ROOMS), day=pick(rng, v.DAYS), number=pick(rng, v.NUMBERS[2:13]), weather=pick(rng, v.WEATHERS), job=pick(rng, v.JOBS),
        word=words[0], word2=words[1], word3=pick(rng, v.WORDS),
    )  # fmt: skip
    return cap(fill(rng, pick(rng, _SUBJECTS), values))


def _out_of_the_classroom(rng: random.Random) -> str:
    """A short sentence of the classroom text."""
    while True:
        module = import_module(f"training.classroom.{pick(rng, CLASSROOM)}")
        fitting = [line for line in re.split(r"(?<=[.!?]) ", module.document(rng)) if 2 < len(line.split()) < 13 and '"' not in line and "\n" not in line]  # fmt: skip
        if fitting:
            return pick(rng, fitting)


def _strange(rng: random.Random) -> str:
    """Words that do not belong together."""
    return cap(" ".join(v.any_word(rng) for _ in range(rng.randint(2, 6)))) + "."


def _last_of_list(rng: random.Random) -> Turn:
    kind = pick(rng, (v.COLOURS, v.FOODS, v.ANIMALS, v.WORDS))
    words = rng.sample(kind, rng.choice((2, 3, 3, 4)))
    if rng.random() < 0.5:
        return Turn(
            f"Which word is the first: {', '.join(words)}?", f"The first word is {words[0]}.", f"{cap(words[0])}."
        )
    return Turn(f"Which word is the last: {', '.join(words)}?", f"The last word is {words[-1]}.", f"{cap(words[-1])}.")


def turn_of(rng: random.Random) -> Turn:
    """Something to be said again."""
    way = rng.random()
    if way < 0.55:
        line = (
            sentence(rng) if rng.random() < 0.4 else _out_of_the_classroom(rng) if rng.random() < 0.7 else _strange(rng)
        )
        return Turn(pick(rng, _REPEAT).format(s=line), line)
    if way < 0.7:
        word = v.name(rng) if rng.random() < 0.5 else v.any_word(rng)
        return Turn(pick(rng, ("Say {w}.", 'Say "{w}".', "Say the word {w}.", 'Repeat the word "{w}".', "Please say {w}.")).format(w=word), f"{cap(word)}.", f"{cap(word)}.")  # fmt: skip
    if way < 0.78:
        word, n = pick(rng, v.WORDS), rng.choice((2, 3))
        return Turn(f"Say {word} {'twice' if n == 2 else 'three times'}.", cap(f"{', '.join([word] * n)}."))
    if way < 0.88:
        word = pick(rng, _SPELL)
        return Turn(
            pick(rng, ("Spell {w}.", "How do you spell {w}?", 'Spell the word "{w}".')).format(w=word),
            f"{', '.join(word.upper())}.",
        )
    if way < 0.94:
        words = rng.sample(pick(rng, (v.FOODS, v.ANIMALS, v.WORDS)), 3)
        return Turn(f"Make a list of these words: {', '.join(words)}.", f"{cap(listing(words))}.")
    return _last_of_list(rng)
