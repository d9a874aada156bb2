"""Everyday cause and effect, the routines of the day, weather and seasons."""

import random

from training.engine import Value, Values, cap, fill, fill_then_choose, pick, read, text, ways
from training.people import PLACES, TIMES, people, person, slots

SHARE = 1.2

_TEXTS = read("classroom/everyday")
_CAUSES = tuple((cause, ways(effects)) for cause, effects in _TEXTS.rows("causes"))
_RAIN, _UMBRELLAS, _BECAUSE = _TEXTS.lines("rain"), _TEXTS.lines("umbrellas"), _TEXTS.lines("because")
_MORNING, _EVENING, _EARLY, _LATE = (
    _TEXTS.lines("morning"),
    _TEXTS.lines("evening"),
    _TEXTS.items("early"),
    _TEXTS.items("late"),
)
_AT = ("bus stop", "beach", "farm", "school", "station", "harbour", "playground", "zoo")  # where one is at, not in
_HELD = ("it was raining, so she took", "the sun rises in the")


def _along(effect: str) -> Value:
    """How a sentence about an umbrella may go on."""
    if "she" in effect:
        return ("to school", "with her", "and went out", "and her coat")
    return "today" if "stayed" in effect else "along"


def _with_name(clause: str, he: str, name: str) -> str:
    """The clause with the name for the pronoun that begins it; nothing where it begins otherwise."""
    return name + clause.removeprefix(he) if clause.startswith(f"{he} ") else ""


def _so(rng: random.Random) -> str:
    """A cause and its effect."""
    values: dict[str, Value] = slots(*people(rng))
    if rng.random() < 0.36:
        cause, effect = "it was raining", fill(rng, pick(rng, _RAIN), values)
        if rng.random() < 0.5:
            effect = pick(rng, _UMBRELLAS)
            raining = {**values, "cause": cause, "effect": effect, "along": _along(effect)}
            return fill_then_choose(rng, _TEXTS.lines("it was raining"), raining)
    else:
        cause, effects = pick(rng, _CAUSES)
        cause, effect = fill(rng, cause, values), fill(rng, pick(rng, effects), values)
    named, doing = (_with_name(clause, str(values["he"]), str(values["n"])) for clause in (cause, effect))
    values |= {"cause": cause, "effect": effect, "named": named, "doing": doing}
    if named:
        values["because"] = fill(rng, _BECAUSE[not doing], values)
        return fill_then_choose(rng, _TEXTS.lines("somebody was"), values)
    if doing:
        return fill_then_choose(rng, _TEXTS.lines("somebody did"), values)
    return f"{cause}, so {effect}."


def _sun(rng: random.Random) -> str:
    who, fact = person(rng), pick(rng, _TEXTS.lines("sun"))
    return fill_then_choose(rng, _TEXTS.lines("of the sun"), {"n": who.name, "fact": fact})


def _fact(rng: random.Random) -> str:
    who, fact = person(rng), pick(rng, _TEXTS.lines("facts"))
    return fill_then_choose(rng, _TEXTS.lines("of a fact"), {**slots(who), "fact": fact})


def _routine(rng: random.Random) -> str:
    who = person(rng)
    steps, part = (_MORNING, "morning") if rng.random() < 0.5 else (_EVENING, "evening")
    values: Values = {"his": who.his, "early": pick(rng, _EARLY), "late": pick(rng, _LATE), "part": part}
    chosen = [fill(rng, steps[i], values) for i in sorted(rng.sample(range(len(steps)), 4))]
    day = fill_then_choose(rng, _TEXTS.lines("day"), values)
    if rng.random() < 0.5:
        return f"{day} {who.name} {', '.join(chosen[:-1])} and {chosen[-1]}."
    return f"First {who.name} {chosen[0]}. Then {who.he} {chosen[1]}. After that, {who.he} {chosen[2]}."


def _contrast(rng: random.Random) -> str:
    frame = pick(rng, _TEXTS.lines("contrasts"))
    return f"{cap(fill(rng, frame, slots(person(rng))))}."


def _opening(rng: random.Random) -> str:
    values: dict[str, Value] = slots(*people(rng))
    time, place = pick(rng, TIMES), pick(rng, PLACES)
    values |= {"time": time, "place": place, "at": "at" if place.endswith(_AT) else "in"}
    return fill_then_choose(rng, _TEXTS.lines("opening"), values)


def _closing(rng: random.Random) -> str:
    return fill_then_choose(rng, _TEXTS.lines("closing"), slots(person(rng)))


_SENTENCES = (*4 * [_so], _sun, _sun, _fact, _fact, _routine, _contrast)


def document(rng: random.Random) -> str:
    """A few everyday sentences."""
    middle = list(dict.fromkeys(pick(rng, _SENTENCES)(rng) for _ in range(rng.randint(2, 4))))
    if rng.random() < 0.25 and not middle[0].lower().startswith(_HELD):
        return text(*middle, _closing(rng))
    return text(_opening(rng), *middle, _closing(rng))
