"""Repeating after somebody, spelling, saying a word several times: answers that stand in the question."""

import random
import re
from importlib import import_module

from training.classroom import TOPICS as CLASSROOM
from training.conversations import values as v
from training.conversations.turns import Turn
from training.engine import cap, fill, listing, pick, read

SHARE = 2.8

_TEXTS = read("conversations/copying")
_REPEAT, _SENTENCES = _TEXTS.lines("repeat"), _TEXTS.lines("sentences")
_ADJECTIVES, _TO_SPELL = _TEXTS.items("adjectives"), _TEXTS.items("to spell")


def sentence(rng: random.Random) -> str:
    """A sentence of words that may stand in any order of events."""
    colours, foods, animals, things, words = (
        rng.sample(kind, 2) for kind in (v.COLOURS, v.FOODS, v.ANIMALS, v.THINGS, v.WORDS)
    )
    values = {
        "adj": pick(rng, _ADJECTIVES), "animal": animals[0], "animal2": animals[1], "food": foods[0], "food2": foods[1],
        "name": v.name(rng), "name2": v.name(rng), "town": v.town(rng), "colour": colours[0], "colour2": colours[1], "thing": things[0],
        "thing2": things[1], "room": pick(rng, v.ROOMS), "day": pick(rng, v.DAYS), "number": pick(rng, v.NUMBERS[2:13]),
        "weather": pick(rng, v.WEATHERS), "job": pick(rng, v.JOBS), "word": words[0], "word2": words[1], "word3": pick(rng, v.WORDS),
    }  # fmt: skip
    return cap(fill(rng, pick(rng, _SENTENCES), values))


def _is_short(line: str) -> bool:
    return 2 < len(line.split()) < 13 and '"' not in line and "\n" not in line


def _out_of_the_classroom(rng: random.Random) -> str:
    """A short sentence of the classroom text."""
    while True:
        module = import_module(f"training.classroom.{pick(rng, CLASSROOM)}")
        fitting = [line for line in re.split(r"(?<=[.!?]) ", module.document(rng)) if _is_short(line)]
        if fitting:
            return pick(rng, fitting)


def _strange(rng: random.Random) -> str:
    """Words that do not belong together."""
    return cap(" ".join(v.any_word(rng) for _ in range(rng.randint(2, 6)))) + "."


def _line(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return sentence(rng)
    return _out_of_the_classroom(rng) if rng.random() < 0.7 else _strange(rng)


def _first_or_last(rng: random.Random) -> Turn:
    kind = pick(rng, (v.COLOURS, v.FOODS, v.ANIMALS, v.WORDS))
    words = rng.sample(kind, rng.choice((2, 3, 3, 4)))
    section, word = ("first", words[0]) if rng.random() < 0.5 else ("last", words[-1])
    question, answer = (fill(rng, frame, {"w": ", ".join(words), "x": word}) for frame in _TEXTS.rows(section)[0])
    return Turn(question, answer, f"{cap(word)}.")


def _words_again(rng: random.Random, section: str, word: str, answer: str, short: str = "") -> Turn:
    frames = _TEXTS.lines(section)
    frame = frames[0] if len(frames) == 1 else pick(rng, frames)
    return Turn(fill(rng, frame, {"w": word}), answer, short)


def turn_of(rng: random.Random) -> Turn:
    """Something to be said again."""
    way = rng.random()
    if way < 0.55:
        line = _line(rng)
        return Turn(fill(rng, pick(rng, _REPEAT), {"s": line}), line)
    if way < 0.7:
        word = v.name(rng) if rng.random() < 0.5 else v.any_word(rng)
        return _words_again(rng, "say", word, f"{cap(word)}.", f"{cap(word)}.")
    if way < 0.78:
        word, n = pick(rng, v.WORDS), rng.choice((2, 3))
        return _words_again(rng, "twice" if n == 2 else "three times", word, cap(f"{', '.join([word] * n)}."))
    if way < 0.88:
        word = pick(rng, _TO_SPELL)
        return _words_again(rng, "spell", word, f"{', '.join(word.upper())}.")
    if way < 0.94:
        words = rng.sample(pick(rng, (v.FOODS, v.ANIMALS, v.WORDS)), 3)
        return _words_again(rng, "list", ", ".join(words), f"{cap(listing(words))}.")
    return _first_or_last(rng)
