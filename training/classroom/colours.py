"""Things and their colours, favourite colours (all ten equally often), and what mixed colours give."""

import random

from training.classroom.scenes import CLOSINGS, OPENINGS, joined
from training.engine import Values, fill, listing, pick, read, some
from training.lesson_prompts import COLOURS
from training.people import people, slots

SHARE = 0.9

_TEXTS = read("classroom/colours")
THINGS, MIXES = _TEXTS.rows("things"), _TEXTS.rows("mixes")  # (thing with its verb, colour); (one, other, both mixed)
_FRAMES = {kind: _TEXTS.lines(kind) for kind in ("fact", "favourite", "mix", "object")}
_OBJECTS, _ABOUT = _TEXTS.items("objects"), _TEXTS.lines("about")
_WEIGHTS = [9 if thing in ("the sky is", "grass is") else 1 for thing, _ in THINGS]
_HELD = ("the sky is", "grass is", "if you mix blue and yellow")


def _words(rng: random.Random, kind: str) -> dict[str, str | tuple[str, ...]]:
    """The words for a frame of that kind."""
    c, d, e = some(rng, COLOURS, 3)
    if kind == "fact":
        thing, other = (rng.choices(THINGS, _WEIGHTS)[0] for _ in range(2))
        while other == thing:
            other = pick(rng, THINGS)
        while e == thing[1]:
            e = pick(rng, COLOURS)
        return {"x": thing[0], "c": thing[1], "y": other[0], "d": other[1], "e": e}
    if kind == "mix":
        x, y, z = rng.choices(MIXES, (5, 1, 1, 1, 1, 1, 1))[0]
        if rng.random() < 0.2:
            x, y = y, x
        return {"x": x, "y": y, "z": z}
    return {"c": c, "d": d, "thing": _OBJECTS}


def _fact(rng: random.Random, kind: str, values: Values) -> str:
    words = _words(rng, kind)
    frame = pick(rng, _FRAMES[kind])
    if kind in ("favourite", "object"):
        words["list"] = listing(some(rng, COLOURS, 4))
    return fill(rng, frame, {**values, **words})


def document(rng: random.Random) -> str:
    """Some colours, in a small scene."""
    values = slots(*people(rng))
    n = rng.choice((1, 2, 2, 3, 3))
    kinds = rng.choices(("fact", "favourite", "mix", "object"), (4.5, 3, 2.5, 2), k=n)
    facts = [_fact(rng, kind, values) for kind in dict.fromkeys(kinds)]
    if kinds.count("fact") > 1:
        facts.append(_fact(rng, "fact", values))
    opening = fill(rng, pick(rng, OPENINGS), values)
    about = fill(rng, pick(rng, _ABOUT), values)
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random() * (0.7 if kinds[0] == "favourite" else 1)
    if way < 0.3 and not facts[0].lower().startswith(_HELD):
        return joined(rng, values, *facts, closing if rng.random() < 0.4 else "")
    if way < 0.55:
        return joined(rng, values, about, *facts, closing if rng.random() < 0.4 else "")
    return joined(
        rng, values, opening, about if rng.random() < 0.3 else "", *facts, closing if rng.random() < 0.4 else ""
    )
