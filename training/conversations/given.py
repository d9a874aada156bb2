"""Dialogues in which something is told first, by the system prompt or by the user, and asked back later.

Several facts stand beside each other in any order, with sentences that matter to nobody, and only some are asked; now and then one is
asked that nobody told. So the answer has to be looked up.
"""

import random

from training.conversations.facts import BY_NAME, KINDS, Kind
from training.conversations.reading import text_and_question
from training.conversations.turns import Message, Turn, typed
from training.engine import cap, fill, pick, read

_TEXTS = read("conversations/given")
_ROLES, _ASIDES = _TEXTS.lines("roles"), _TEXTS.lines("asides")
_TWINS = (
    "teacher",
    "event",
    "thing",
    "colour of a thing",
    "opening",
    "user's pet",
)  # may be told twice, of different things
_ONE_OF = (
    {"weekday", "full date"},
    {"date", "full date"},
    {"secret word", "secret name"},
    {"job", "name"},
    {"event", "event date"},
)


class Fact:
    """A kind with its value and whatever it is told of."""

    def __init__(self, rng: random.Random, kind: Kind):
        self.rng, self.kind = rng, kind
        value, second = kind.value(rng), kind.second(rng) if kind.second else ""
        self.slots = {"v": value, "V": cap(value), "w": second, "W": cap(second)}

    def say(self, frames: tuple[str, ...]) -> str:
        return cap(fill(self.rng, pick(self.rng, frames), self.slots))

    @property
    def told(self) -> str:
        return self.say(self.kind.told)

    def known(self) -> Turn:
        return Turn(
            self.say(self.kind.asked), self.say(self.kind.answered), cap(fill(self.rng, self.kind.short, self.slots))
        )

    def unknown(self) -> Turn:
        return Turn(self.say(self.kind.asked), self.say(self.kind.unknown))


def _clashes(kind: Kind, others: list[Fact]) -> bool:
    names = {fact.kind.name for fact in others}
    return kind.name in names or any(kind.name in group and names & group for group in _ONE_OF)


def facts(rng: random.Random, n: int, pool: tuple[Kind, ...] = KINDS) -> list[Fact]:
    """`n` facts that do not contradict each other."""
    found: list[Fact] = []
    for _ in range(20 * n):
        if len(found) == n:
            break
        twins = [fact.kind for fact in found if fact.kind.name in _TWINS and fact.kind in pool]
        kind = (
            pick(rng, twins) if twins and rng.random() < 0.4 else rng.choices(pool, [kind.weight for kind in pool])[0]
        )
        fact = Fact(rng, kind)
        is_twin = kind.name in _TWINS and all(fact.slots["w"] != other.slots["w"] for other in found)
        if is_twin or not _clashes(kind, found):
            found.append(fact)
    return found


def _not_told(rng: random.Random, told: list[Fact]) -> Turn:
    """A question about something that nobody said."""
    answerable = [kind for kind in KINDS if kind.unknown and not _clashes(kind, told)]
    return Fact(rng, rng.choices(answerable, [kind.weight for kind in answerable])[0]).unknown()


def system_prompt(rng: random.Random, told: list[Fact], *rules: str) -> str:
    """The facts in any order, a role before and an aside between them now and then, rules at either end."""
    sentences = [fact.told for fact in told]
    if rng.random() < 0.25:
        sentences.append(pick(rng, _ASIDES))
    rng.shuffle(sentences)
    if rng.random() < 0.3 or not (sentences or rules):
        sentences.insert(0, pick(rng, _ROLES))
    for rule in rules:
        sentences.insert(0 if rng.random() < 0.5 else len(sentences), rule)
    return " ".join(sentences)


def as_messages(system: str, turns: list[Turn]) -> list[Message]:
    found = [{"role": "system", "content": system}] if system else []
    for turn in turns:
        found += [{"role": "user", "content": turn.question}, {"role": "assistant", "content": turn.answer}]
    return found


def _asked(rng: random.Random, fact: Fact) -> Turn:
    turn = fact.known()
    return Turn(typed(rng, turn.question), turn.answer, turn.short)


def read_by_system(rng: random.Random) -> list[Message]:
    """The system prompt tells of other people, and the user asks about them."""
    story, turn = text_and_question(rng)
    start = f"{pick(rng, _ROLES)} " if rng.random() < 0.3 else ""
    return as_messages(start + story, [Turn(typed(rng, turn.question), turn.answer)])


def told_by_system(rng: random.Random, aside) -> list[Message]:
    """`aside(rng)` gives a turn about something else."""
    if rng.random() < 0.12:
        return read_by_system(rng)
    told = facts(rng, rng.choices((1, 2, 3, 4), (35, 30, 25, 10))[0])
    turns = [_asked(rng, fact) for fact in rng.sample(told, rng.randint(1, min(3, len(told))))]
    way = rng.random()
    if way < 0.14:
        turns.insert(rng.randint(0, len(turns)), _not_told(rng, told))
    elif way < 0.32:
        turns.insert(rng.randint(0, len(turns)), aside(rng))
    return as_messages(system_prompt(rng, told), turns[:3])


_SAID = tuple(kind for kind in KINDS if kind.said)


def told_by_user(rng: random.Random, aside) -> list[Message]:
    """The user says something about themselves, and asks for it at once or a turn later."""
    told = facts(rng, rng.choices((1, 2), (65, 35))[0], _SAID)
    system = ""
    if rng.random() < 0.25:
        system = system_prompt(
            rng,
            facts(rng, 1, (BY_NAME["name"], BY_NAME["place"], BY_NAME["job"]))
            if not {"name"} & {f.kind.name for f in told}
            else [],
        )
    if rng.random() < 0.35:
        asked = _asked(rng, pick(rng, told))
        start = " ".join(fact.say(fact.kind.said) for fact in told)
        turns = [Turn(f"{start} {cap(asked.question)}", asked.answer)]
    else:
        turns = []
        for fact in told:
            shared = {**fact.slots}
            turns.append(Turn(fact.say(fact.kind.said), cap(fill(rng, pick(rng, fact.kind.replied), shared))))
        if rng.random() < 0.3:
            turns.append(aside(rng))
        turns.append(_asked(rng, pick(rng, told)) if rng.random() < 0.9 else _not_told(rng, told))
    return as_messages(system, turns)


def nothing_told(rng: random.Random, aside) -> list[Message]:
    """The same questions when nobody has said anything."""
    turns = [_not_told(rng, [])]
    turns.insert(rng.randint(0, 1), aside(rng)) if rng.random() < 0.3 else None
    role = pick(rng, _ROLES) if rng.random() < 0.25 else ""
    return as_messages(role, turns)
