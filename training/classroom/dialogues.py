"""Short dialogues of two speakers, in lines with names or in quoted speech."""

import random

from training.classroom.sums import NUMBERS
from training.engine import Value, Values, fill, fill_then_choose, perform, pick, read
from training.people import DAYS, FEELINGS, MONTHS, PLACES, RELATIVES, TIMES, Person, people

SHARE = 1.0

_TEXTS = read("classroom/dialogues")
_TALKS = {name: _TEXTS.script(name) for name in ("time", "way", "names", "how", "shop", "weather", "homework")}
_FACTS = (
    "capital",
    "capital",
    "colour",
    "opposite",
    "opposite",
    "young",
    "sound",
    "sum",
    "day",
    "month",
    "anything",
    "anything",
)
_TABLES = {  # fact: its table, in which a row stands as often as it says
    fact: tuple((x, y) for x, y, often in _TEXTS.rows(table) for _ in range(int(often)))
    for fact, table in (
        ("capital", "capitals"), ("colour", "colours"), ("opposite", "opposites"), ("young", "young"), ("sound", "sounds")
    )
}  # fmt: skip
_ASKED = {
    "capital": "of a capital", "colour": "of a colour", "opposite": "of an opposite", "young": "of the young", "sound": "of a sound",
    "sum": "of a sum", "day": "of a day", "month": "of a month", "anything": "of anything",
}  # fmt: skip
_QUESTIONS = {fact: _TEXTS.rows(f"asked {what}") for fact, what in _ASKED.items()}
_FOUND_BY_ASKING = tuple(
    place
    for place in PLACES
    if place not in ("the kitchen", "the living room", "the classroom", "the village", "the garden", "the forest")
)


def _after(names: tuple[str, ...], i: int) -> dict[str, str]:
    return {"x": names[i], "y": names[(i + 1) % len(names)]}


def _asked_of(rng: random.Random, fact: str) -> dict[str, str]:
    """The words of a question and its answer."""
    if fact in _TABLES:
        return dict(zip("xy", pick(rng, _TABLES[fact]), strict=True))
    if fact == "sum":
        x, y = pick(rng, (*2 * [(2, 2)], *2 * [(3, 1)], *((rng.randint(1, 6), rng.randint(1, 6)) for _ in range(2))))
        return {"x": NUMBERS[x], "y": NUMBERS[y], "z": NUMBERS[x + y]}
    if fact == "day":
        return _after(DAYS, pick(rng, (0, 0, 0, 1, 2, 3, 4, 5, 6)))
    if fact == "month":
        return _after(MONTHS, pick(rng, (5, 5, 5, 5, *range(12))))
    return {}


def _fact(rng: random.Random) -> tuple[str, str]:
    """A question and its answer as a full sentence."""
    fact = rng.choice(_FACTS)
    words, rows = _asked_of(rng, fact), _QUESTIONS[fact]
    question, answer = pick(rng, rows) if fact in ("capital", "opposite", "anything") else rows[0]
    return fill(rng, question, words), fill(rng, answer, words)


def _led(lead: str, sentence: str) -> str:
    """The sentence after a lead: after a comma its question word is small."""
    if lead.endswith(",") and sentence[0] in "WDH":
        sentence = sentence[0].lower() + sentence[1:]
    return f"{lead} {sentence}".strip()


def _quiz(rng: random.Random) -> list[str]:
    lines = []
    for _ in range(rng.randint(1, 3)):
        question, answer = _fact(rng)
        lines += [_led(pick(rng, _TEXTS.lines("quiz leads")), question), _led(pick(rng, _TEXTS.lines("leads")), answer)]
    return [*lines, pick(rng, _TEXTS.lines("replies"))]


def _words(rng: random.Random, talk: str) -> dict[str, Value]:
    """What a talk draws before its lines."""
    match talk:
        case "time":
            return {"hour": pick(rng, NUMBERS[1:13])}
        case "way":
            place, near = rng.sample(_FOUND_BY_ASKING, 2)
            return {"place": place, "near": near}
        case "how":
            return {"feeling": pick(rng, FEELINGS), "rel": RELATIVES}
        case "shop":
            food, number = pick(rng, _TEXTS.items("foods")), NUMBERS[rng.randint(2, 10)]
            return {"food": food, "number": number, "price": lambda rng: NUMBERS[rng.randint(2, 12)]}
        case "weather":
            weather, plan = pick(rng, _TEXTS.rows("plans"))
            wise = "umbrella" in plan or "careful" in plan
            return {"weather": weather, "plan": plan, "last": "Better safe than sorry." if wise else "I like that."}
        case "homework":
            return {"subject": pick(rng, _TEXTS.items("subjects"))}
    return {}


def _answer(rng: random.Random, question: str) -> str:
    """An answer to the question with which two get to know each other."""
    asked = {"old": "of your age", "live": "of your home", "play": "of playing"}
    section = next((section for word, section in asked.items() if word in question), "of your family")
    if section == "of your age":
        return fill(rng, _TEXTS.lines(section)[0], {"age": NUMBERS[6:13]})
    return fill_then_choose(rng, _TEXTS.lines(section), {})


def _talk(rng: random.Random, names: Values) -> list[str]:
    talk = pick(rng, (*3 * ["quiz"], *_TALKS))
    if talk == "quiz":
        return _quiz(rng)
    lines = perform(rng, _TALKS[talk], {**names, **_words(rng, talk)})
    if talk == "names":
        lines.append(_answer(rng, lines[-1]))
    if len(lines) % 2 == 0 and rng.random() < 0.4:
        lines += _quiz(rng)
    return lines


def _quoted(rng: random.Random, line: str, who: Person, answers: bool) -> str:
    verb = "asked" if line.endswith("?") else pick(rng, ("said", "said", "answered") if answers else ("said", "said"))
    body = line[:-1] + "," if line.endswith(".") else line
    return pick(rng, (*2 * [f'"{body}" {verb} {who.name}.'], f'{who.name} {verb}, "{line}"'))


def document(rng: random.Random) -> str:
    """A dialogue."""
    both = people(rng)
    names = {"n": both[0].name, "m": both[1].name}
    lines = _talk(rng, names)
    form = rng.random()
    if form < 0.5:
        return "\n".join(f"{both[i % 2].name}: {line}" for i, line in enumerate(lines))
    start = fill_then_choose(rng, _TEXTS.lines("start"), {**names, "time": TIMES})
    quoted = [_quoted(rng, line, both[i % 2], answers=i % 2 == 1) for i, line in enumerate(lines)]
    return ("\n" if form < 0.65 else " ").join([start, *quoted])
