"""Which kind a thing belongs to (an apple is a fruit), and days, months and seasons in their order."""

import random
from dataclasses import dataclass

from training.classroom.scenes import CLOSINGS, OPENINGS, joined
from training.engine import Values, a, fill, listing, pick, read, some, ways
from training.people import DAYS, MONTHS, people, slots

SHARE = 1.3

_TEXTS = read("classroom/categories")
_MEMBER, _ORDER, _DATES = _TEXTS.lines("member"), _TEXTS.lines("order"), _TEXTS.lines("dates")
_FAMILY, _RELATIVES = _TEXTS.rows("family"), _TEXTS.lines("relatives")
SEASONS = _TEXTS.items("seasons")
_FAVOURED = {"apple": 12, "hammer": 9}
_BARE = ("planet", "sport", "drink", "colour")  # without an article
_NO_KIND_OF = ("planet", "colour", "part of the body", "job", "shape", "piece of clothing", "piece of furniture")
_OVERLAPPING = {"animal", "bird", "fish", "insect", "colour"}  # a bird is an animal; an orange is a colour too
_HELD = ("An apple is", "A hammer is", "The day after Monday", "The month after June", "an apple is")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things, in one and in many, and what belongs to it."""

    name: str
    plural: str
    members: tuple[str, ...]

    def named(self, member: str) -> str:
        """A member as a sentence begins with it: an apple, but tennis."""
        return member if self.name in _BARE else a(member)


KINDS = tuple(Kind(name, plural, ways(members)) for name, plural, members in _TEXTS.rows("kinds"))
_BY_NAME = {kind.name: kind for kind in KINDS}


def _wrong_kind(rng: random.Random, kind: Kind) -> Kind:
    """A kind to which nothing of this one belongs."""
    others = [other for other in KINDS if other is not kind and not {other.name, kind.name} & _OVERLAPPING]
    wrong = pick(rng, others or [kind])
    if wrong is kind:
        wrong = _BY_NAME[pick(rng, ("tool", "drink", "vehicle", "sport"))]
    return wrong


def _member(rng: random.Random, values: Values) -> str:
    kind = rng.choices(KINDS, [5 if kind.name in ("fruit", "tool") else 1.3 for kind in KINDS])[0]
    word = rng.choices(kind.members, [_FAVOURED.get(member, 1) for member in kind.members])[0]
    other = pick(rng, [member for member in kind.members if member != word])
    wrong = _wrong_kind(rng, kind)
    alien = pick(rng, wrong.members)
    three = [kind.named(member) for member in some(rng, kind.members, 3)]
    frame = pick(rng, _MEMBER)
    if kind.name in _NO_KIND_OF:
        frame = frame.replace("a kind of {k}", "{a:k}")
    by_plural = kind.name in ("part of the body", "job")
    if by_plural and "best" in frame:
        frame = _MEMBER[2]
    found = {
        "x": kind.named(word), "k": kind.name, "ks": kind.plural, "o": kind.named(other), "z": wrong.name, "w": kind.named(word),
        "w2": three[0], "w3": three[1], "w4": three[2], "v": wrong.named(alien),
        "s": kind.plural if by_plural else word if kind.name in _BARE else f"the {word}",
    }  # fmt: skip
    return fill(rng, frame, {**values, **found})


def _order(rng: random.Random, values: Values) -> str:
    unit, row = rng.choices((("day", DAYS), ("month", MONTHS), ("season", SEASONS)), (4, 4, 1))[0]
    index = rng.randrange(len(row))
    if rng.random() < 0.3:
        index = {"day": 0, "month": 5, "season": index}[unit]
    x, y, z = (row[(index + step) % len(row)] for step in range(3))
    order = _DATES if unit == "day" and rng.random() < 0.2 else _ORDER
    return fill(rng, pick(rng, order), {**values, "u": unit, "x": x, "y": y, "z": z})


def _family(rng: random.Random, values: Values) -> str:
    way, name = pick(rng, _FAMILY)
    return fill(rng, pick(rng, _RELATIVES), {**values, "way": way, "name": name})


def _facts(rng: random.Random, topic: str, n: int, values: Values) -> list[str]:
    if topic == "member":
        facts = [_member(rng, values) for _ in range(n)]
        if rng.random() < 0.12:
            facts.append(fill(rng, pick(rng, _TEXTS.lines("job")), values))
        if rng.random() < 0.12:
            kind = pick(rng, KINDS)
            facts.append(
                f"These are {kind.plural}: {listing([kind.named(word) for word in some(rng, kind.members, 4)])}."
            )
        return facts
    if topic == "order":
        facts = [_order(rng, values) for _ in range(n)]
        return [*facts, fill(rng, pick(rng, _TEXTS.lines("rows")), values)] if rng.random() < 0.2 else facts
    return [_family(rng, values) for _ in range(min(n, 2))]


def document(rng: random.Random) -> str:
    """Some groups of things, or some days and months, in a small scene."""
    values = slots(*people(rng))
    topic = rng.choices(("member", "order", "family"), (10, 9, 1.5))[0]
    facts = _facts(rng, topic, rng.choice((1, 2, 2, 3, 3)), values)
    opening = fill(rng, pick(rng, OPENINGS), values)
    abouts = {"member": _TEXTS.lines("about"), "order": _TEXTS.lines("calendar")}
    about = fill(rng, pick(rng, abouts[topic]), values) if topic in abouts else ""
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random()
    if way < 0.25 and len(facts) > 1 and not facts[0].startswith(_HELD):
        return joined(rng, values, *facts, closing if rng.random() < 0.5 else "")
    if way < 0.5 and about:
        return joined(rng, values, about, *facts, closing if rng.random() < 0.4 else "")
    return joined(
        rng, values, opening, about if rng.random() < 0.3 else "", *facts, closing if rng.random() < 0.4 else ""
    )
