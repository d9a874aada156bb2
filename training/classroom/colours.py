"""Things and their colours, favourite colours (all ten equally often), and what mixed colours give."""

import random

from training.classroom.engine import cap, listing, pick, some
from training.classroom.senses import CLOSINGS, OPENINGS, fill, frames, joined, slots
from training.lesson_prompts import COLOURS

SHARE = 0.9

# thing with its verb, colour
THINGS = tuple(
    tuple(line.split("="))
    for line in """
the sky is=blue
grass is=green
the sun is=yellow
snow is=white
coal is=black
blood is=red
milk is=white
a tomato is=red
a strawberry is=red
a lemon is=yellow
a banana is=yellow
a carrot is=orange
a pumpkin is=orange
a leaf in spring is=green
a cucumber is=green
a frog is=green
chocolate is=brown
the ground is=brown
a bear is=brown
a flamingo is=pink
a little pig is=pink
a ripe plum is=purple
a fire engine is=red
a swan is=white
a crow is=black
the night is=black
the sea is=blue
a cloud is=white
lavender is=purple
a cherry is=red
""".strip().splitlines()
)
WEIGHTS = {"the sky is": 9, "grass is": 9}
MIXES = (
    ("blue", "yellow", "green"), ("red", "yellow", "orange"), ("red", "blue", "purple"), ("red", "white", "pink"),
    ("black", "white", "grey"), ("red", "green", "brown"), ("blue", "white", "light blue"),
)  # fmt: skip
FACTS = frames("""
{X} {c}.
{X} {c}.
{X} {c}.
{X} {c}, and {y} {d}.
"{X} {c}," said {n}.
"{X} {c}," said the teacher, "and {y} {d}."
{n} said that {x} {c}.
Everyone knows that {x} {c}.
{n} painted a picture. In it {x} {c} and {y} {d}.
"Look, {x} {c}," said {m}.
In {n}'s picture {x} {c}.
"Which colour is it?" asked {m}. "{X} {c}," (said|answered) {n}.
{X} {c}, not {e}.
Something {c}? {X} {c}.
{n} sang: "{X} {c}, {y} {d}."
""")
FAVOURITES = frames("""
My favourite colour is {c}.
My favourite colour is {c}.
My favourite colour is {c}.
My favourite colour is {c}, and {n}'s favourite colour is {d}.
My favourite colour is {c}, because my (bed|bike|room|school bag|best coat|old kite) is {c}.
"My favourite colour is {c}," said {n}.
"My favourite colour is {c}," said {n}. "And my favourite colour is {d}," said {m}.
"What is your favourite colour?" asked {m}. "My favourite colour is {c}," said {n}.
"What is your favourite colour?" "It is {c}," said {n}.
{n}'s favourite colour is {c}.
{n} likes {c} best, but {m} likes {d} more.
{n} told everyone: "My favourite colour is {c}."
Then {n} said to {his} {rel}: "My favourite colour is {c}, not {d}."
{n} wrote in {his} book: "My favourite colour is {c}."
""")
MIXING = frames("""
If you mix {x} and {y} you get {z}.
If you mix {x} and {y} you get {z}.
If you mix {x} and {y}, you get {z}.
{n} found out that if you mix {x} and {y} you get {z}.
"If you mix {x} and {y} you get {z}," said {n}.
"What do you get from {x} and {y}?" asked {m}. "If you mix {x} and {y} you get {z}," said {n}.
{n} mixed {x} paint and {y} paint and got {z}.
{n} needed {z} paint, so {he} mixed {x} and {y}.
You can make {z} from {x} and {y}.
{X} and {y} together make {z}.
A drop of {x} in the {y} paint, and it was {z}.
"How do I make {z}?" asked {m}. "Mix {x} and {y}," said {n}.
""")
OBJECTS = frames("""
{n} wore a {c} (hat|coat|jumper|scarf|shirt) and {d} (shoes|boots|socks|trousers).
{n}'s {thing} is {c} and {m}'s {thing} is {d}.
The (front|back|garden) door of the house was {c}.
{n} had a {c} {thing}.
{n} painted the {thing} {c}.
"Is the {thing} {c}?" asked {m}. "No, it is {d}," said {n}.
There was a {c} {thing} and a {d} one in the shop.
{n} chose the {c} {thing}, because {c} is {his} favourite colour.
In the garden there were {c} and {d} flowers.
A red light means stop, and a green light means go.
The rainbow has many colours: red, orange, yellow, green, blue and purple.
The colours in the box were {list}.
""")
ABOUT = frames("""
{n} was painting at the big table.
{n} opened {his} new box of paints.
They talked about colours at school.
{n} and {m} looked at the picture.
"Tell me about colours," said {m}.
{n} looked around and saw many colours.
{n} and {m} were lying in the garden.
The children had brushes, paper and paint.
""")
THING = (
    *tuple(["bike", "kite", "ball", "car", "cup", "bag", "boat", "balloon", "pencil", "umbrella", "lamp", "blanket"]),
    "toy train",
    "bowl",
)
HELD = ("the sky is", "grass is", "if you mix blue and yellow")


def _fact(rng: random.Random, kind: str, values: dict) -> str:
    c, d, e = some(rng, COLOURS, 3)
    if kind == "fact":
        thing, other = (rng.choices(THINGS, [WEIGHTS.get(entry[0], 1) for entry in THINGS])[0] for _ in range(2))
        while other == thing:
            other = pick(rng, THINGS)
        c, d = thing[1], other[1]
        while e == c:
            e = pick(rng, COLOURS)
        return fill(
            rng, pick(rng, FACTS), values | {"x": thing[0], "X": cap(thing[0]), "y": other[0], "c": c, "d": d, "e": e}
        )
    if kind == "mix":
        x, y, z = rng.choices(MIXES, (5, 1, 1, 1, 1, 1, 1))[0]
        if rng.random() < 0.2:
            x, y = y, x
        return fill(rng, pick(rng, MIXING), values | {"x": x, "X": cap(x), "y": y, "z": z})
    frame = pick(rng, FAVOURITES if kind == "favourite" else OBJECTS)
    for slot in "cd":
        frame = frame.replace(f"a {{{slot}}}", f"{{a:{slot}}}")
    return fill(rng, frame, values | {"c": c, "d": d, "thing": THING, "list": listing(some(rng, COLOURS, 4))})


def document(rng: random.Random) -> str:
    """Some colours, in a small scene."""
    values = slots(rng)
    n = rng.choice((1, 2, 2, 3, 3))
    kinds = rng.choices(("fact", "favourite", "mix", "object"), (4.5, 3, 2.5, 2), k=n)
    facts = [_fact(rng, kind, values) for kind in dict.fromkeys(kinds)]
    if kinds.count("fact") > 1:
        facts.append(_fact(rng, "fact", values))
    opening = fill(rng, pick(rng, OPENINGS), values)
    about = fill(rng, pick(rng, ABOUT), values)
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random()
    if kinds[0] == "favourite":
        way *= 0.7
    if way < 0.3 and not facts[0].lower().startswith(HELD):
        return joined(rng, values, *facts, closing if rng.random() < 0.4 else "")
    if way < 0.55:
        return joined(rng, values, about, *facts, closing if rng.random() < 0.4 else "")
    return joined(
        rng, values, opening, about if rng.random() < 0.3 else "", *facts, closing if rng.random() < 0.4 else ""
    )
