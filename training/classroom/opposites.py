"""Opposites: hot and cold, day and night, in explanations and in little stories."""

import random

from training.classroom.scenes import CLOSINGS, OPENINGS, joined
from training.engine import Values, fill, pick, read, ways
from training.people import people, slots

SHARE = 0.8

_TEXTS = read("classroom/opposites")
_DEFINE, _STORY, _LIVING = _TEXTS.lines("define"), _TEXTS.lines("story"), _TEXTS.lines("living")
_TIMES, _MOVES, _ABOUT = _TEXTS.lines("times"), _TEXTS.lines("moves"), _TEXTS.lines("about")

Pair = tuple[str, str]


def _pair(words: str) -> Pair:
    one, _, other = words.partition(", ")
    return one, other


# what things can be: "the soup was hot, not cold"
_ADJECTIVES = tuple((ways(things), tuple(map(_pair, ways(pairs)))) for things, pairs in _TEXTS.rows("adjectives"))
_ALWAYS = tuple((one, other) for one, other in _TEXTS.rows("others"))
EVERY = tuple(dict.fromkeys([pair for _, pairs in _ADJECTIVES for pair in pairs] + list(_ALWAYS)))
_FAVOURED = {("hot", "cold"): 26, ("big", "small"): 18, ("big", "little"): 8, ("day", "night"): 10}
_WEIGHTS = [_FAVOURED.get(pair, 1) for pair in EVERY]
_SPANS = (*4 * [("day", "night")], ("summer", "winter"), ("morning", "evening"))
_MASSES = ("soup", "tea", "water", "milk", "grass", "ground", "sky", "music", "skin")  # of which there is no other one
_ALIVE = ("girl", "boy", "man", "king", "dog", "animal", "bear", "horse", "guest", "class")
_HELD = ("The opposite of hot", "The opposite of big", "It was")


def _definition(rng: random.Random, values: Values) -> str:
    (x, y), (v, w) = rng.choices(EVERY, _WEIGHTS)[0], pick(rng, EVERY)
    if (x, y) not in _FAVOURED and rng.random() < 0.5:
        x, y = y, x
    if {v, w} & {x, y}:
        v, w = ("left", "right") if x not in ("left", "right") else ("up", "down")
    return fill(rng, pick(rng, _DEFINE), {**values, "x": x, "y": y, "v": v, "w": w})


def _story_frames(thing: str, x: str) -> list[str]:
    """What can be told of a thing that is x."""
    if thing in _MASSES:
        return [_STORY[0], _STORY[1], _STORY[2], _STORY[5]]
    if thing in _ALIVE:
        return [frame for frame in _LIVING if "{n} saw" not in frame or thing != "class"]
    return [frame for frame in _STORY if x not in ("asleep", "awake")]


def _story(rng: random.Random, values: Values) -> str:
    things, pairs = pick(rng, _ADJECTIVES)
    x, y = pick(rng, pairs)
    if rng.random() < 0.4:
        x, y = y, x
    thing = pick(rng, things)
    frame = pick(rng, _story_frames(thing, x))
    if {x, y} & {"afraid", "awake"}:  # which do not stand before a noun
        frame = _LIVING[0]
    return fill(rng, frame, {**values, "x": x, "y": y, "t": thing})


def _fact(rng: random.Random, values: Values) -> str:
    way = rng.random()
    if way < 0.5:
        return _definition(rng, values)
    if way < 0.75:
        return _story(rng, values)
    if way < 0.88:
        x, y = pick(rng, _SPANS)
        return fill(rng, pick(rng, _TIMES), {**values, "x": x, "y": y})
    return fill(rng, pick(rng, _MOVES), values)


def document(rng: random.Random) -> str:
    """Some opposites, in a small scene."""
    values = slots(*people(rng))
    facts = [_fact(rng, values) for _ in range(rng.choice((1, 2, 2, 3, 3)))]
    opening = fill(rng, pick(rng, OPENINGS), values)
    about = fill(rng, pick(rng, _ABOUT), values)
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random()
    if way < 0.25 and len(facts) > 1 and not facts[0].startswith(_HELD):
        return joined(rng, values, *facts, closing if rng.random() < 0.4 else "")
    if way < 0.45:
        return joined(rng, values, about, *facts, closing if rng.random() < 0.4 else "")
    return joined(
        rng, values, opening, about if rng.random() < 0.4 else "", *facts, closing if rng.random() < 0.4 else ""
    )
