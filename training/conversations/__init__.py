"""Short dialogues to learn answering from: synthetic, endless, and the same for the same seed.

A topic is a module with `SHARE` (its relative share) and `turn_of(rng) -> Turn`; `given` makes whole dialogues in which something is told
and asked back; `styles` are rules of a system prompt. `dialogues` mixes them and leaves out whatever the held-out lessons ask.
"""

import random
from collections.abc import Iterator
from importlib import import_module

from training.assistant_lessons import is_held_out
from training.conversations import given, smalltalk
from training.conversations.styles import style
from training.conversations.turns import Message, Turn, typed
from training.engine import pick

TOPICS = (
    "animals", "calendar", "colours", "copying", "countries", "definitions", "jokes", "kinds", "oneself", "opposites", "reading", "remarks",
    "sayings", "smalltalk", "stories", "sums", "unknown", "wishes",
)  # fmt: skip
NEUTRAL = ("animals", "calendar", "colours", "countries", "definitions", "kinds", "opposites", "sayings", "sums")
KINDS = {"topics": 0.44, "told by the system": 0.31, "told by the user": 0.09, "nothing told": 0.05, "style": 0.11}
_MODULES = {name: import_module(f"{__name__}.{name}") for name in TOPICS}


def topics() -> dict[str, float]:
    """Each topic's share of the turns; the shares sum to 1."""
    shares = {name: module.SHARE for name, module in _MODULES.items()}
    return {name: share / sum(shares.values()) for name, share in shares.items()}


def _turn(rng: random.Random, names: tuple[str, ...] = TOPICS) -> Turn:
    name = rng.choices(names, [_MODULES[name].SHARE for name in names])[0]
    turn = _MODULES[name].turn_of(rng)
    return turn if name in ("copying", "reading") else Turn(typed(rng, turn.question), turn.answer, turn.short)


def _aside(rng: random.Random) -> Turn:
    """A turn that has nothing to do with whom one talks to."""
    return _turn(rng, NEUTRAL)


def _about_topics(rng: random.Random) -> list[Message]:
    turns = [_turn(rng) for _ in range(rng.choices((1, 2, 3), (55, 30, 15))[0])]
    if rng.random() < 0.12:
        turns.insert(0, smalltalk.greeting(rng))
    if rng.random() < 0.08:
        turns.append(smalltalk.farewell(rng))
    messages = given.as_messages("", turns[:4])
    if rng.random() < 0.2:
        messages.insert(0, {"role": "system", "content": given.system_prompt(rng, [])})
    return messages


def _in_a_style(rng: random.Random) -> list[Message]:
    """One to three turns under a rule, sometimes with facts told beside it."""
    rule = style(rng)
    told = given.facts(rng, rng.choice((0, 0, 0, 1, 2)))
    turns: list[Turn] = []
    n = rng.choices((1, 2, 3), (50, 35, 15))[0]
    while len(turns) < n:
        turn = pick(rng, told).known() if told and rng.random() < 0.5 else _aside(rng)
        answer = rule.apply(turn)
        if answer and turn.question not in [t.question for t in turns]:
            turns.append(Turn(turn.question, answer))
        n -= not answer and rng.random() < 0.02
    return given.as_messages(given.system_prompt(rng, told, rule.rule), turns)


def _dialogue(rng: random.Random) -> list[Message]:
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    if kind == "topics":
        return _about_topics(rng)
    if kind == "style":
        return _in_a_style(rng)
    maker = {
        "told by the system": given.told_by_system,
        "told by the user": given.told_by_user,
        "nothing told": given.nothing_told,
    }[kind]
    return maker(rng, _aside)


def dialogues(seed: int = 0) -> Iterator[list[Message]]:
    """Yield dialogues for ever: each a list of messages, an optional system prompt, then user and assistant in turn."""
    rng = random.Random(seed)
    while True:
        messages = _dialogue(rng)
        if len(messages) > 1 and not is_held_out(messages):
            yield messages
