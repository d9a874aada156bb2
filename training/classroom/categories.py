"""Which kind a thing belongs to (an apple is a fruit), and days, months and seasons in their order."""

import random

from training.classroom.engine import DAYS, MONTHS, a, cap, listing, pick, some
from training.classroom.senses import CLOSINGS, OPENINGS, fill, frames, joined, slots

SHARE = 1.3

# kind, its plural: members
KINDS = {
    tuple(head.split("/")): tuple(members.split("|"))
    for head, members in (
        line.split(":")
        for line in """
fruit/fruits:apple|pear|banana|orange|lemon|cherry|plum|peach|melon|mango|grape|strawberry
animal/animals:dog|cat|horse|cow|lion|elephant|rabbit|mouse|fox|bear|monkey|goat
vegetable/vegetables:carrot|potato|onion|cabbage|cucumber|leek|turnip|radish|parsnip
tool/tools:hammer|saw|spade|drill|rake|axe|screwdriver|spanner|chisel
musical instrument/musical instruments:piano|guitar|violin|drum|flute|trumpet|harp|cello
vehicle/vehicles:car|bus|lorry|van|tractor|tram|ambulance|motorbike
piece of clothing/clothes:shirt|coat|dress|jumper|hat|skirt|scarf|jacket
piece of furniture/pieces of furniture:table|chair|bed|sofa|wardrobe|cupboard|desk|armchair
bird/birds:robin|sparrow|eagle|owl|duck|swan|crow|pigeon|blackbird
fish/fish:salmon|trout|shark|herring|cod|tuna|goldfish
insect/insects:ant|bee|fly|beetle|wasp|butterfly|ladybird|mosquito
flower/flowers:rose|tulip|daisy|lily|sunflower|daffodil|poppy
tree/trees:oak|birch|pine|willow|beech|maple|fir
planet/planets:Mars|Venus|Earth|Jupiter|Saturn|Mercury|Neptune|Uranus
sport/sports:football|tennis|hockey|swimming|running|rugby|basketball
drink/drinks:water|milk|tea|juice|lemonade|coffee|cocoa
colour/colours:red|blue|green|yellow|purple|pink|brown
shape/shapes:circle|square|triangle|rectangle|star|oval
part of the body/parts of the body:arm|leg|hand|foot|nose|ear|knee|elbow|shoulder
job/jobs:teacher|doctor|baker|farmer|nurse|pilot|cook|painter|builder
""".strip().splitlines()
    )
}
FAVOURED = {"apple": 12, "hammer": 9}
BARE = ("planet", "sport", "drink", "colour")  # without an article
FAMILY = tuple(
    tuple(line.split(":"))
    for line in """
mother's mother:grandmother
father's mother:grandmother
mother's father:grandfather
father's father:grandfather
mother's sister:aunt
father's sister:aunt
mother's brother:uncle
father's brother:uncle
uncle's son:cousin
aunt's daughter:cousin
brother's son:nephew
sister's daughter:niece
""".strip().splitlines()
)
MEMBER = frames("""
{M} is a kind of {k}.
{M} is a kind of {k}.
{M} is {a:k}.
{M} is {a:k}.
{M} is {a:k}, and so is {o}.
{M} is a kind of {k}, and {o} is a kind of {k} too.
"{M} is a kind of {k}," said {n}.
"{M} is {a:k}," said the teacher.
"What is {x}?" asked {m}. "{M} is {a:k}," (said|answered) {n}.
"What is {x}?" asked {m}. "{M} is a kind of {k}," (said|answered) {n}.
{n} knows that {x} is {a:k}.
{n} said that {x} is a kind of {k}, and {he} was right.
"Is {x} {a:k}?" asked {n}. "Yes, it is," said {m}.
"Is {x} {a:k} or {a:z}?" asked {m}. "{M} is {a:k}," said {n}.
{M} is {a:k}, not {a:z}.
{M} is not {a:z}. {M} is {a:k}.
Name {a:k}. {n} said {w}.
{w2}, {w3} and {w4} are {ks}.
{n} can name three {ks}: {w2}, {w3} and {w4}.
Which of them is {a:k}, {v} or {x}? It is {x}.
Of all {ks}, {n} likes {s} best.
""")
JOB = frames("""
A baker bakes bread and cakes.
A teacher works in a school.
A doctor helps sick people.
A farmer works in the fields and keeps animals.
A pilot flies a plane.
A cook makes food in a kitchen.
{n} wants to be a (baker|pilot|doctor|nurse|teacher) one day.
{n}'s {rel} works as a (baker|nurse|farmer|builder|painter|cook).
""")
SEASONS = tuple(["spring", "summer", "autumn", "winter"])
ORDER = frames("""
The {u} after {x} is {y}.
The {u} after {x} is {y}.
The {u} after {x} is {y}.
The {u} after {x} is {y}, and the {u} after {y} is {z}.
The {u} before {y} is {x}.
After {x} comes {y}.
{x} comes before {y}, and {z} comes after it.
"The {u} after {x} is {y}," said {n}.
"The {u} after {x} is {y}, and then comes {z}," said {m}.
"Which {u} comes after {x}?" asked {m}. "The {u} after {x} is {y}," said {n}.
"What is the {u} after {x}?" "{Y}," said {n}.
{n} knows that the {u} after {x} is {y}.
{n} counted on {his} fingers: {x}, {y}, {z}.
If this {u} is {x}, the next {u} is {y}.
First comes {x}, then {y}, then {z}.
Between {x} and {z} comes {y}.
""")
DATES = frames("""
Yesterday was {x}, today is {y}, and tomorrow will be {z}.
Today is {x}, so tomorrow is {y}.
{n} was ill on {x}, but on {y} {he} felt better.
{n} swims on {x} and plays chess on {y}.
On {x} it rained, on {y} the sun came out.
""")
ROWS = frames("""
The days of the week are Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.
{n} said the days: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday.
The four seasons are spring, summer, autumn and winter.
{n} knows the months: January, February, March, April, May, June, July, August, September, October, November, December.
There are seven days in a week and twelve months in a year.
A year has four seasons and twelve months.
June, July and August are summer months.
December, January and February are winter months.
Saturday and Sunday are the weekend.
""")
ABOUT = frames("""
The children were putting words into groups.
{n} had a box full of picture cards.
{n} and {m} played a game with words.
"Let us play a word game," said {m}.
The teacher had a question for {n}.
{n} was learning new words.
{n} was sorting pictures with {his} {rel}.
""")
CALENDAR = frames("""
{n} looked at the calendar.
There was a calendar on the wall.
{n} was learning the days and the months.
{n} could hardly wait for {his} birthday.
"Do you know the calendar?" asked {m}.
{n} and {m} made a plan for the holidays.
""")


def _with_article(kind: str, word: str) -> str:
    return word if kind in BARE else a(word)


def _member(rng: random.Random, values: dict) -> str:
    kind, plural = heads = rng.choices(list(KINDS), [5 if head[0] in ("fruit", "tool") else 1.3 for head in KINDS])[0]
    members = KINDS[heads]
    word = rng.choices(members, [FAVOURED.get(member, 1) for member in members])[0]
    other = pick(rng, [member for member in members if member != word])
    wrong = pick(
        rng,
        [
            head
            for head in KINDS
            if head != heads and not {head[0], kind} & {"animal", "bird", "fish", "insect", "colour"}
        ]
        or [heads],
    )
    if wrong == heads or {"animal", "bird", "fish", "insect", "colour"} & {kind}:
        wrong = pick(rng, [("tool", "tools"), ("drink", "drinks"), ("vehicle", "vehicles"), ("sport", "sports")])
    alien = pick(rng, KINDS[wrong])
    three = [_with_article(kind, member) for member in some(rng, members, 3)]
    article = _with_article(kind, word)
    frame = pick(rng, MEMBER)
    if kind in ("planet", "colour", "part of the body", "job", "shape", "piece of clothing", "piece of furniture"):
        frame = frame.replace("a kind of {k}", "{a:k}")
    like = plural if kind in ("part of the body", "job") else word if kind in BARE else f"the {word}"
    if kind in ("part of the body", "job") and "best" in frame:
        frame = MEMBER[2]
    values = values | {
        "x": article, "M": cap(article), "k": kind, "ks": plural, "o": _with_article(kind, other), "z": wrong[0],
        "w": article, "w2": three[0], "w3": three[1], "w4": three[2], "v": _with_article(wrong[0], alien), "s": like,
    }  # fmt: skip
    return fill(rng, frame, values)


def _order(rng: random.Random, values: dict) -> str:
    unit, row = rng.choices((("day", DAYS), ("month", MONTHS), ("season", SEASONS)), (4, 4, 1))[0]
    index = rng.randrange(len(row))
    if rng.random() < 0.3:
        index = {"day": 0, "month": 5, "season": index}[unit]
    x, y, z = (row[(index + step) % len(row)] for step in range(3))
    order = DATES if unit == "day" and rng.random() < 0.2 else ORDER
    return fill(rng, pick(rng, order), values | {"u": unit, "x": x, "y": y, "Y": cap(y), "z": z})


def _family(rng: random.Random, values: dict) -> str:
    way, name = pick(rng, FAMILY)
    frame = pick(
        rng,
        (
            "My {way} is my {name}.", "Your {way} is your {name}.", "{n}'s {way} is {his} {name}.",
            '"Who is my {way}?" asked {n}. "Your {way} is your {name}," said {m}.',
            "{n} visited {his} {name}, who is {his} {way}.",
        ),
    )  # fmt: skip
    return fill(rng, frame, values | {"way": way, "name": name})


def document(rng: random.Random) -> str:
    """Some groups of things, or some days and months, in a small scene."""
    values = slots(rng)
    topic = rng.choices(("member", "order", "family"), (10, 9, 1.5))[0]
    n = rng.choice((1, 2, 2, 3, 3))
    if topic == "member":
        facts = [_member(rng, values) for _ in range(n)]
        if rng.random() < 0.12:
            facts.append(fill(rng, pick(rng, JOB), values))
        if rng.random() < 0.12:
            kind, plural = heads = pick(rng, list(KINDS))
            words = [_with_article(kind, word) for word in some(rng, KINDS[heads], 4)]
            facts.append(f"These are {plural}: {listing(words)}.")
    elif topic == "order":
        facts = [_order(rng, values) for _ in range(n)]
        if rng.random() < 0.2:
            facts.append(fill(rng, pick(rng, ROWS), values))
    else:
        facts = [_family(rng, values) for _ in range(min(n, 2))]
    opening = fill(rng, pick(rng, OPENINGS), values)
    about = fill(rng, pick(rng, CALENDAR if topic == "order" else ABOUT), values) if topic != "family" else ""
    closing = fill(rng, pick(rng, CLOSINGS), values)
    held = ("An apple is", "A hammer is", "The day after Monday", "The month after June", "an apple is")
    way = rng.random()
    if way < 0.25 and len(facts) > 1 and not facts[0].startswith(held):
        return joined(rng, values, *facts, closing if rng.random() < 0.5 else "")
    if way < 0.5 and about:
        return joined(rng, values, about, *facts, closing if rng.random() < 0.4 else "")
    return joined(
        rng, values, opening, about if rng.random() < 0.3 else "", *facts, closing if rng.random() < 0.4 else ""
    )
