"""Rules for the way of answering, given in the system prompt: one word, like a pirate, a phrase at the beginning or the end."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.conversations import values as v
from training.conversations.turns import Turn
from training.engine import cap, fill, pick, read

_TEXTS = read("conversations/styles")


@dataclass(frozen=True, slots=True)
class Style:
    """A rule and what it makes of a turn's answer; None where the turn does not fit the rule."""

    rule: str
    apply: Callable[[Turn], str | None]


def _open_end(answer: str, added: str) -> str:
    """The answer with something before its last mark: "It is red." and ", matey" -> "It is red, matey." """
    return f"{answer[:-1]}{added}{answer[-1]}" if answer[-1] in ".!" else f"{answer}{added}."


def _cry(rng: random.Random) -> str:
    """Any word as an exclamation, so that it has to be copied."""
    way = rng.random()
    return f"{cap(v.any_word(rng)) if way < 0.6 else v.made_up_name(rng)}!"


def _rule(rng: random.Random, section: str, **values: str) -> str:
    return fill(rng, pick(rng, _TEXTS.lines(section)), values)


def one_word(rng: random.Random) -> Style:
    return Style(_rule(rng, "one word"), lambda turn: turn.short or None)


def pirate(rng: random.Random) -> Style:
    return Style(_rule(rng, "pirate"), lambda turn: f"Arr! {_open_end(turn.answer, ', matey')[:-1]}!")


def polite(rng: random.Random) -> Style:
    return Style(_rule(rng, "polite"), lambda turn: f"Thank you for asking. {turn.answer}")


def addressed(rng: random.Random) -> Style:
    name = pick(rng, _TEXTS.items("addresses")) if rng.random() < 0.3 else v.name(rng)
    return Style(_rule(rng, "addressed", n=name), lambda turn: _open_end(turn.answer, f", {name}"))


def phrase_at_end(rng: random.Random) -> Style:
    phrase = pick(rng, _TEXTS.lines("phrases")) if rng.random() < 0.4 else _cry(rng)
    return Style(_rule(rng, "phrase at the end", p=phrase), lambda turn: f"{turn.answer} {phrase}")


def phrase_at_start(rng: random.Random) -> Style:
    phrase = pick(rng, _TEXTS.lines("openings")) if rng.random() < 0.4 else _cry(rng)
    return Style(_rule(rng, "phrase at the start", p=phrase), lambda turn: f"{phrase} {turn.answer}")


def style(rng: random.Random) -> Style:
    makers = (one_word, pirate, polite, addressed, phrase_at_end, phrase_at_start)
    return rng.choices(makers, (4, 2, 1.2, 2, 2, 2))[0](rng)
