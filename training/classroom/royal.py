"""He and she, royal and kin pairs: the pronoun and the partner word follow the word before."""

import random

from training.engine import fill, fill_then_choose, listing, pick, read, some, text
from training.people import PLACES, TIMES, person, slots

SHARE = 0.8

_TEXTS = read("classroom/royal")
_PAIRS = tuple((he, she) for he, she in _TEXTS.rows("pairs"))
_TOGETHER, _ALONE = _TEXTS.items("together"), _TEXTS.items("alone")
_SELVES, _BELONGINGS, _ROOMS, _AGES = (_TEXTS.items(name) for name in ("selves", "belongings", "rooms", "ages"))
_KIN = ("uncle", "brother", "son", "father", "husband", "nephew", "grandfather")
_PLAIN = ("man", "woman", "boy", "girl")
_ASKED = ("the king and the queen", "the prince and the princess", "my mother and my father")
_MALE = {he for he, _ in _PAIRS}


def _opening(rng: random.Random) -> str:
    return fill_then_choose(rng, _TEXTS.lines("opening"), {**slots(person(rng)), "room": _ROOMS})


def _closing(rng: random.Random) -> str:
    return fill_then_choose(rng, _TEXTS.lines("closing"), slots(person(rng)))


def _asked(rng: random.Random) -> str:
    """One of the pairs in the order of the lesson prompts, at the start or in the middle of a sentence."""
    way = rng.random()
    verb, where = pick(rng, _TOGETHER), pick(rng, PLACES)
    pair = _ASKED[0] if way < 0.38 else _ASKED[1] if way < 0.68 else _ASKED[2]
    values = {"pair": pair, "verb": verb, "where": where, "time": TIMES, "somebody": _somebody}
    return fill_then_choose(rng, _TEXTS.lines("parents" if pair == _ASKED[2] else "royals"), values)


def _somebody(rng: random.Random) -> str:
    return person(rng).name


def _three_pairs(rng: random.Random) -> str:
    return listing([f"{he} and {she}" for he, she in some(rng, _PAIRS, 3)])


def _two_people(rng: random.Random) -> dict[str, str]:
    """A pair in either order, {one} and {two}, with the pronouns and what else is said of them."""
    man, woman = pick(rng, _PAIRS)
    one, two = (man, woman) if rng.random() < 0.5 else (woman, man)
    male = one in _MALE
    return {
        "man": man, "woman": woman, "one": one, "two": two,
        "he": "he" if male else "she", "him": "him" if male else "her", "his": "his" if male else "her", "he2": "she" if male else "he",
        "kind": "a man" if male else "a woman", "kind2": "a woman" if male else "a man",
    }  # fmt: skip


def _fact(rng: random.Random) -> str:
    values = _two_people(rng)
    one, two = values["one"], values["two"]
    who, verb = person(rng), pick(rng, _ALONE)
    is_kin = one in _KIN or two in _KIN or one in ("mother", "father")
    art = pick(rng, ("my", "your", "our")) if is_kin else "the"
    x, y = pick(rng, [pair for pair in _PAIRS if pair[0] not in ("man", "boy")])
    young = x in ("prince", "son", "nephew", "brother")
    (p, p2), (q, q2) = some(rng, _PAIRS, 2)
    values |= {
        "n": who.name, "verb": verb, "art": art, "x": x, "y": y, "male": "a boy or a man" if young else "a man",
        "female": "a girl or a woman" if young else "a woman", "p": p, "p2": p2, "q": q, "q2": q2,
    }  # fmt: skip
    values["what"] = fill(rng, _TEXTS.lines("what")[one in _PLAIN], values)
    lists = {
        "together": _TOGETHER, "alone": _ALONE, "self": _SELVES, "belonging": _BELONGINGS, "room": _ROOMS, "age": _AGES, "place": PLACES,
        "three": _three_pairs,
    }  # fmt: skip
    return fill_then_choose(rng, _TEXTS.lines("fact"), {**values, **lists})


def document(rng: random.Random) -> str:
    """A little text on pairs of people."""
    middle = list(dict.fromkeys(_fact(rng) for _ in range(rng.randint(2, 4))))
    if rng.random() < 0.75:
        middle.insert(rng.randint(0, len(middle)), _asked(rng))
    if rng.random() < 0.25 and not middle[0].lower().startswith(_ASKED):
        return text(*middle, _closing(rng) or "Everyone knows that.")
    return text(_opening(rng), *middle, _closing(rng))
