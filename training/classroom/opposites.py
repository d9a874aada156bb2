"""Opposites: hot and cold, day and night, in explanations and in little stories."""

import random

from training.classroom.engine import pick
from training.classroom.senses import CLOSINGS, OPENINGS, fill, frames, joined, slots

SHARE = 0.8


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    return tuple((pair.split("/")[0], pair.split("/")[1]) for pair in words.split())


# what a thing can be: "the soup was hot, not cold"
ADJECTIVES = {
    "soup|tea|water|milk": _pairs("hot/cold warm/cool"),
    "house|box|ball|dog|garden|tree|room|boat": _pairs("big/small big/small big/little old/new large/small"),
    "bag|basket|suitcase|box": _pairs("heavy/light full/empty open/closed"),
    "road|rope|river|story": _pairs("long/short"),
    "road|street|river|bridge": _pairs("wide/narrow"),
    "car|bus|horse|train|boat": _pairs("fast/slow quick/slow"),
    "room|shop|kitchen|coat|floor": _pairs("clean/dirty"),
    "towel|grass|ground|shirt": _pairs("wet/dry"),
    "bed|chair|pillow|ground": _pairs("hard/soft"),
    "question|test|game|lesson": _pairs("easy/difficult easy/hard"),
    "room|forest|sky|street": _pairs("dark/bright light/dark"),
    "class|street|music|voice": _pairs("loud/quiet noisy/quiet"),
    "shoe|hat|picture|coat": _pairs("beautiful/ugly old/new cheap/expensive"),
    "wall|tower|mountain|shelf": _pairs("high/low"),
    "tree|man|building|girl": _pairs("tall/short"),
    "girl|boy|man|king": _pairs("happy/sad rich/poor strong/weak young/old brave/afraid kind/unkind tired/awake"),
    "book|slice|wall|coat": _pairs("thick/thin"),
    "lake|pool|river|hole": _pairs("deep/shallow"),
    "answer|word|sum": _pairs("right/wrong true/false"),
    "knife|stick|pencil": _pairs("sharp/blunt"),
    "path|line|road": _pairs("straight/crooked"),
    "stone|table|skin": _pairs("rough/smooth"),
    "dog|animal|bear": _pairs("wild/tame"),
    "train|bus|guest": _pairs("early/late"),
    "jumper|shoe|belt": _pairs("tight/loose"),
    "jar|bottle|cup": _pairs("full/empty clean/dirty"),
}
OTHERS = _pairs(
    "day/night yes/no up/down in/out on/off left/right black/white good/bad first/last near/far before/after inside/outside "
    "above/below over/under more/less all/none always/never start/stop come/go push/pull give/take buy/sell laugh/cry "
    "open/close win/lose find/lose love/hate remember/forget summer/winter north/south east/west top/bottom front/back "
    "morning/evening friend/enemy question/answer sweet/sour asleep/awake same/different begin/end arrive/leave "
    "sunrise/sunset floor/ceiling heaven/earth noise/silence war/peace here/there early/late fast/slow lost/found"
)
EVERY = tuple(dict.fromkeys([pair for pairs in ADJECTIVES.values() for pair in pairs] + list(OTHERS)))
FAVOURED = {("hot", "cold"): 26, ("big", "small"): 18, ("big", "little"): 8, ("day", "night"): 10}
NOUNS = _pairs("day/night day/night day/night day/night summer/winter morning/evening")
DEFINE = frames("""
The opposite of {x} is {y}.
The opposite of {x} is {y}.
The opposite of {x} is {y}.
The opposite of {x} is {y}, and the opposite of {y} is {x}.
"The opposite of {x} is {y}," said {n}.
"The opposite of {x} is {y}," said the teacher, "and the opposite of {v} is {w}."
"What is the opposite of {x}?" asked {m}. "The opposite of {x} is {y}," (said|answered) {n}.
"What is the opposite of {x}?" asked the teacher. "It is {y}," (said|answered) {n}.
{n} knows that the opposite of {x} is {y}.
{m} said "{x}" and {n} said "{y}".
{m} says {x}, {n} says {y}; {m} says {v}, {n} says {w}.
If it is not {x}, is it {y}?
The words {x} and {y} are opposites.
{n} wrote down two opposites: {x} and {y}.
Is {y} the opposite of {x}? Yes, it is.
From {x} to {y}, from {v} to {w}: these are opposites.
""")
STORY = frames("""
The {t} was not {x}, it was {y}.
It was not {x}, it was {y}.
The {t} was {x} at first, but later it was {y}.
{n}'s {t} was {x}, but {m}'s {t} was {y}.
One {t} was {x} and the other {t} was {y}.
"Is the {t} {x}?" asked {m}. "No, it is not {x}, it is {y}," said {n}.
{n} wanted a {x} {t}, not a {y} one.
{n} saw a {x} {t} and {m} saw a {y} one.
"This {t} is too {x}," said {n}. "Then take a {y} one," said {m}.
The first {t} was {x}, the second {t} was {y}.
""")
LIVING = frames("""
The {t} was not {x} but {y}.
One {t} was {x} and the other {t} was {y}.
There was once a {x} {t} and a {y} {t}.
In the story one {t} is {x} and one {t} is {y}.
{n} saw two of them: one {t} looked {x}, one {t} looked {y}.
""")
TIMES_OF = frames("""
It was not {x}, it was {y}.
It was not {x}, it was {y}.
It was not {x}, it was {y}, and (the moon was shining|everything looked different|{n} knew it|they stayed at home).
{n} looked out of the window. It was not {x}, it was {y}.
"It was not {x}, it was {y}," said {n}.
They worked from {x} to {y}.
After the {x} comes the {y}.
{n} likes the {x}, but {m} likes the {y}.
""")
MOVES = frames("""
{n} went up the (hill|stairs|ladder) and came down again.
{m} ran in and {n} ran out.
First they turned left, and then they turned right.
{n} pushed the door, but it said pull.
{n} switched the lamp on and {m} switched it off.
{n} said yes, but {m} said no.
The cat was inside the house and the dog was outside.
{n} was first and {m} was last.
The shop is near, but the school is far away.
{n} laughed and the baby cried.
{n} lost {his} key in the morning and found it in the evening.
The bird sat above the window and the cat sat below it.
{n} was asleep, but {m} was awake.
Lemons are sour and honey is sweet.
Ice is cold and fire is hot.
A stone is hard and a pillow is soft.
An elephant is big and a mouse is small.
A feather is light and a rock is heavy.
In summer it is warm and in winter it is cold.
By day it is light, and at night it is dark.
A snail is slow and a hare is fast.
""")
ABOUT = frames("""
They played a game with opposites.
{n} was learning opposites at school.
"Let us find opposites," said {m}.
Every word has a friend on the other side.
{n} asked {his} {rel} about opposites.
In class they talked about opposites.
It was an easy game.
""")


def _fact(rng: random.Random, values: dict) -> str:
    way = rng.random()
    weights = [FAVOURED.get(pair, 1) for pair in EVERY]
    if way < 0.5:
        (x, y), (v, w) = rng.choices(EVERY, weights)[0], pick(rng, EVERY)
        if (x, y) not in FAVOURED and rng.random() < 0.5:
            x, y = y, x
        if {v, w} & {x, y}:
            v, w = ("left", "right") if x not in ("left", "right") else ("up", "down")
        return fill(rng, pick(rng, DEFINE), values | {"x": x, "y": y, "v": v, "w": w})
    if way < 0.75:
        things = pick(rng, list(ADJECTIVES))
        x, y = pick(rng, ADJECTIVES[things])
        if rng.random() < 0.4:
            x, y = y, x
        thing = pick(rng, things.split("|"))
        mass = thing in ["soup", "tea", "water", "milk", "grass", "ground", "sky", "music", "skin"]
        living = thing in ["girl", "boy", "man", "king", "dog", "animal", "bear", "horse", "guest", "class"]
        if living and not mass:
            story = [frame for frame in LIVING if "{n} saw" not in frame or thing != "class"]
        elif mass:
            story = [STORY[0], STORY[1], STORY[2], STORY[5]]
        else:
            story = [frame for frame in STORY if x not in ("asleep", "awake")]
        frame = pick(rng, story)
        for slot, _word in (("x", x), ("y", y)):
            frame = frame.replace(f"a {{{slot}}}", f"{{a:{slot}}}")
        if {x, y} & {"afraid", "awake"}:
            frame = LIVING[0]
        return fill(rng, frame, values | {"x": x, "y": y, "t": thing})
    if way < 0.88:
        x, y = pick(rng, NOUNS)
        frame = pick(rng, TIMES_OF)
        return fill(rng, frame, values | {"x": x, "y": y})
    return fill(rng, pick(rng, MOVES), values)


def document(rng: random.Random) -> str:
    """Some opposites, in a small scene."""
    values = slots(rng)
    facts = [_fact(rng, values) for _ in range(rng.choice((1, 2, 2, 3, 3)))]
    opening = fill(rng, pick(rng, OPENINGS), values)
    about = fill(rng, pick(rng, ABOUT), values)
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random()
    held = ("The opposite of hot", "The opposite of big", "It was")
    if way < 0.25 and len(facts) > 1 and not facts[0].startswith(held):
        return joined(rng, values, *facts, closing if rng.random() < 0.4 else "")
    if way < 0.45:
        return joined(rng, values, about, *facts, closing if rng.random() < 0.4 else "")
    return joined(
        rng, values, opening, about if rng.random() < 0.4 else "", *facts, closing if rng.random() < 0.4 else ""
    )
