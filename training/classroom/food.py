"""Food: meals, shopping, recipes and favourite foods."""

import random

from training.engine import Value, a, fill, fill_then_choose, pick, read, some, text
from training.people import RELATIVES, TIMES, people, person, slots

SHARE = 1.0

_TEXTS = read("classroom/food")
_SOME, _MANY, _DRINKS, _MEALS = (_TEXTS.items(name) for name in ("some", "many", "drinks", "meals"))
_PAIRS, _PLACES, _DISHES, _ROASTS = (_TEXTS.items(name) for name in ("pairs", "places", "dishes", "roasts"))
_TASTES, _MADE, _MARKET = (_TEXTS.lines(name) for name in ("tastes", "made", "market"))
_HELD = ("for lunch they had fish", "a pinch", "an apple")


def _asked(rng: random.Random) -> str:
    """A sentence on salt and pepper, or on fish and chips."""
    who, dish = person(rng), pick(rng, _DISHES)
    rel, place = pick(rng, RELATIVES), pick(rng, _PLACES)
    we = pick(rng, ("we", "they", "the children", f"{who.name} and I"))
    values: dict[str, Value] = {"n": who.name, "dish": dish, "rel": rel, "place": place, "we": we, "later": _MEALS[1:]}
    values["drink"] = lambda rng: a("cup of tea") if rng.random() < 0.5 else "a glass of water"
    frames = _TEXTS.lines("salt and pepper" if rng.random() < 0.5 else "fish and chips")
    return fill_then_choose(rng, frames, values)


def _sentence(rng: random.Random) -> str:
    values: dict[str, Value] = slots(*people(rng))
    food, food2, food3 = some(rng, _SOME + _MANY, 3)
    values |= {"food": food, "food2": food2, "food3": food3}
    values |= {"many": pick(rng, _MANY), "rel": pick(rng, RELATIVES), "place": pick(rng, _PLACES)}
    values |= {
        "meal": pick(rng, _MEALS),
        "drink": pick(rng, _DRINKS),
        "taste": pick(rng, _TASTES),
        "made": pick(rng, _MADE),
    }
    values |= {"good": pick(rng, _TEXTS.items("good")), "coins": pick(rng, _TEXTS.items("coins"))}
    values |= {"are": "are" if food in _MANY else "is", "them": "them" if food in _MANY else "it"}
    values |= {"pair": _PAIRS, "some": _SOME, "roast": _ROASTS}
    return fill_then_choose(rng, _TEXTS.lines("sentence"), values)


def _opening(rng: random.Random) -> str:
    values: dict[str, Value] = slots(*people(rng))
    time = pick(rng, TIMES)
    values |= {"time": time, "then": TIMES, "meal": _MEALS, "place": _PLACES}
    values["market"] = fill(rng, _MARKET[time.startswith("on ")], values)
    return fill_then_choose(rng, _TEXTS.lines("opening"), values)


def _closing(rng: random.Random) -> str:
    return fill_then_choose(rng, _TEXTS.lines("closing"), slots(person(rng)))


def document(rng: random.Random) -> str:
    """A meal, a recipe or some shopping."""
    middle = list(dict.fromkeys(_sentence(rng) for _ in range(rng.randint(2, 4))))
    if rng.random() < 0.45:
        middle.insert(rng.randint(0, len(middle)), _asked(rng))
    if rng.random() < 0.25 and not middle[0].lower().startswith(_HELD):
        return text(*middle, _closing(rng))
    return text(_opening(rng), *middle, _closing(rng))
