"""Rules for the way of answering, given in the system prompt: one word, like a pirate, a phrase at the beginning or the end."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.conversations import values as v
from training.conversations.engine import Turn, cap, pick

_PHRASES = (
    "Have a nice day!", "That is all.", "Thank you!", "Goodbye!", "Meow!", "Woof!", "Hooray!", "Well done!", "I hope that helps.", "Good luck!",
    "Beep!", "Yes, sir!", "Amazing!", "How nice!", "Oh dear!", "Moo!", "Quack!", "Tick tock!", "La la la!", "Over and out.", "Bravo!", "Peace!",
)  # fmt: skip
_OPENINGS = (
    "Well!", "Of course!", "Good question!", "Beep!", "Meow!", "Woof!", "Hooray!", "My friend,", "Listen:", "Hello!", "Oh!", "Dear friend,",
    "Ho ho ho!", "Aha!", "I think:", "Answer:", "Look!", "Easy!", "Hmm!", "Ahoy!",
)  # fmt: skip


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


def one_word(rng: random.Random) -> Style:
    rule = pick(rng, ("Answer in one word.", "Answer in one word.", "Answer with one word.", "Use only one word.", "Answer with one word only.", "Your answers have only one word.", "Always answer in one word."))  # fmt: skip
    return Style(rule, lambda turn: turn.short or None)


def pirate(rng: random.Random) -> Style:
    rule = pick(
        rng, ("Talk like a pirate.", "You talk like a pirate.", "Speak like a pirate.", "Answer like a pirate.")
    )
    return Style(rule, lambda turn: f"Arr! {_open_end(turn.answer, ', matey')[:-1]}!")


def polite(rng: random.Random) -> Style:
    rule = pick(rng, ("Always be polite.", "Be very polite.", "Answer politely.", "You are very polite."))
    return Style(rule, lambda turn: f"Thank you for asking. {turn.answer}")


def addressed(rng: random.Random) -> Style:
    name = pick(rng, ("captain", "my friend", "sir", "madam", "boss", "dear")) if rng.random() < 0.3 else v.name(rng)
    rule = pick(rng, ("Call the user {n}.", "Call the user {n} in every answer.", "Always call the user {n}.", "Say {n} to the user.")).format(n=name)  # fmt: skip
    return Style(rule, lambda turn: _open_end(turn.answer, f", {name}"))


def phrase_at_end(rng: random.Random) -> Style:
    phrase = pick(rng, _PHRASES) if rng.random() < 0.4 else _cry(rng)
    rule = pick(rng, ('End every answer with "{p}"', 'Always end with "{p}"', 'Say "{p}" at the end of every answer.', 'End your answers with "{p}"')).format(p=phrase)  # fmt: skip
    return Style(rule, lambda turn: f"{turn.answer} {phrase}")


def phrase_at_start(rng: random.Random) -> Style:
    phrase = pick(rng, _OPENINGS) if rng.random() < 0.4 else _cry(rng)
    rule = pick(rng, ('Begin every answer with "{p}"', 'Start every answer with "{p}"', 'Always begin with "{p}"', 'Say "{p}" before every answer.')).format(p=phrase)  # fmt: skip
    return Style(rule, lambda turn: f"{phrase} {turn.answer}")


def style(rng: random.Random) -> Style:
    makers = (one_word, pirate, polite, addressed, phrase_at_end, phrase_at_start)
    return rng.choices(makers, (4, 2, 1.2, 2, 2, 2))[0](rng)
