"""What things are and what they are for: a hammer is a tool for hitting nails."""

import random

from training.conversations.turns import Turn, ask
from training.engine import cap, pick, read

SHARE = 1.2

_TEXTS = read("conversations/definitions")
_THINGS = _TEXTS.rows("things")
_USES = tuple((thing, use) for thing, _, use in _THINGS if use)


def turn_of(rng: random.Random) -> Turn:
    """A definition, the thing for a purpose, or a fact about everyday things."""
    way = rng.random()
    if way < 0.55:
        thing, what, _ = pick(rng, _THINGS)
        word = thing.split(" ", 1)[1] if thing.startswith(("a ", "an ", "the ")) else thing
        return ask(rng, _TEXTS, "what", x=thing, d=what, w=word)
    if way < 0.7:
        _, use = pick(rng, _USES)
        return ask(rng, _TEXTS, "need", x=pick(rng, [thing for thing, other in _USES if other == use]), u=use)
    if way < 0.78:
        thing, use = pick(rng, _USES)
        return ask(rng, _TEXTS, "use", x=thing, u=use)
    question, answer, short = pick(rng, _TEXTS.rows("facts"))
    return Turn(question, answer, cap(short))
