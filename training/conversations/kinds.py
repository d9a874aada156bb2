"""Which kind a thing belongs to: an apple is a fruit, a hammer is a tool."""

import random

from training.classroom.categories import KINDS, Kind
from training.conversations.turns import Turn, ask
from training.engine import listing, pick, read, some

SHARE = 1.1

_TEXTS = read("conversations/kinds")
_TOO_LIKE = ({"animal", "bird"}, {"animal", "fish"}, {"animal", "insect"}, {"tree", "fruit"}, {"flower", "tree"})


def _yes_or_no(rng: random.Random, kind: Kind, word: str) -> Turn:
    x = kind.named(word)
    others = [other for other in KINDS if other is not kind and word not in other.members]
    if rng.random() < 0.5 or not others:
        return ask(rng, _TEXTS, "is it", "it is", "yes.", x=x, k=kind.name)
    wrong = pick(rng, [other for other in others if {other.name, kind.name} not in _TOO_LIKE])
    return ask(rng, _TEXTS, "is it wrongly", "it is not", "no.", x=x, w=wrong.name, k=kind.name)


def turn_of(rng: random.Random) -> Turn:
    """The kind of a thing, things of a kind, or yes and no."""
    kind = pick(rng, KINDS)
    word = pick(rng, kind.members)
    way = rng.random()
    if way < 0.4:
        return ask(rng, _TEXTS, "kind", short=f"{kind.name}.", x=kind.named(word), k=kind.name)
    if way < 0.7:
        return _yes_or_no(rng, kind, word)
    if way < 0.85:
        return ask(rng, _TEXTS, "member", short=f"{word}.", x=kind.named(word), k=kind.name)
    three = listing([kind.named(member) for member in some(rng, kind.members, 3)])
    return ask(rng, _TEXTS, "members", p=kind.plural, t=three)
