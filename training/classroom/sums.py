"""Small sums and counting, in words and in digits."""

import random

from training.classroom.engine import PLACES, TIMES, cap, people, person, pick, text

SHARE = 0.8

WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
THINGS = tuple(
    [
        "apple",
        "pear",
        "book",
        "pencil",
        "coin",
        "ball",
        "egg",
        "biscuit",
        "flower",
        "stone",
        "shell",
        "nut",
        "plum",
        "orange",
        "sweet",
        "stamp",
        "cup",
        "spoon",
        "marble",
        "carrot",
        "lemon",
        "balloon",
    ]
)
EATEN = ("apple", "pear", "biscuit", "nut", "plum", "orange", "sweet", "carrot", "egg")


def _n(count: int, thing: str) -> str:
    """One apple, two apples, no apples.

    >>> _n(1, "apple"), _n(2, "apple"), _n(0, "apple")
    ('one apple', 'two apples', 'no apples')
    """
    return f"{WORDS[count] if count else 'no'} {thing}{'' if count == 1 else 's'}"


def _there(count: int) -> str:
    return "there is" if count == 1 else "there are"


def _addends(rng: random.Random) -> tuple[int, int]:
    dice = rng.random()
    if dice < 0.16:
        return 2, 2
    if dice < 0.30:
        return 3, 1
    if dice < 0.85:
        return rng.randint(1, 6), rng.randint(1, 5)
    first = rng.randint(0, 14)
    return first, rng.randint(0, 20 - first if first > 6 else 12)


def _sum(rng: random.Random) -> str:
    x, y = _addends(rng)
    z = x + y
    p, q, r = WORDS[x], WORDS[y], WORDS[z]
    who, other = people(rng)
    return pick(
        rng,
        (
            f"{p} plus {q} is {r}.",
            f"{p} plus {q} is {r}.",
            f"{p} plus {q} is {r}.",
            f"{p} plus {q} is {r}.",
            f"{p} plus {q} is {r}, and {r} minus {q} is {p}.",
            f"{p} and {q} make {r}.",
            f"{p} plus {q} equals {r}.",
            f"{who.name} knows that {p} plus {q} is {r}.",
            f"We learned that {p} plus {q} is {r}.",
            f'"{cap(p)} plus {q} is {r}," said {who.name}.',
            f'"{cap(p)} plus {q} is {r}," the teacher said.',
            f'"What is {p} plus {q}?" "{cap(p)} plus {q} is {r}."',
            f"what is {p} plus {q}? The answer is {r}.",
            f"what is {p} plus {q}? {cap(p)} plus {q} is {r}.",
            f'{who.name} asked, "How much is {p} plus {q}?" {other.name} answered, "{cap(r)}."',
            f"{x} + {y} = {z}.",
            f"{x} + {y} = {z}, because {p} plus {q} is {r}.",
            f"{who.name} wrote {x} + {y} = {z} on the board.",
            f"{x} plus {y} is {z}.",
            f"{z} - {y} = {x}.",
            f"{r} minus {q} is {p}.",
            f"{r} minus {q} is {p}, because {p} plus {q} is {r}.",
            f"if you add {q} to {p}, you get {r}.",
            f"if you take {q} away from {r}, you get {p}.",
            f"the sum of {p} and {q} is {r}.",
            f"{x} + {y} = {z} and {y} + {x} = {z}.",
            f"{who.name} counted on {who.his} fingers: {p} plus {q} is {r}.",
            f"{p} plus {q} is {r}, so {r} minus {p} is {q}.",
        ),
    )


def _count(rng: random.Random) -> str:
    who, other = people(rng)
    if rng.random() < 0.62:
        first, last = 1, pick(rng, (5, 5, 5, 6, 7, 8, 10, 10, 12))
    else:
        first = rng.randint(1, 14)
        last = first + rng.randint(3, 6)
    row = ", ".join(WORDS[first : last + 1])
    back = ", ".join(reversed(WORDS[max(0, first - 1) : first + 5]))
    digits = ", ".join(str(i) for i in range(first, last + 1))
    n = rng.randint(0, 19)
    return pick(
        rng,
        (
            f"{row}.",
            f"{row}.",
            f"{row}.",
            f'"{cap(row)}," {who.name} counted.',
            f"{who.name} counted: {row}.",
            f"{who.name} counted to {WORDS[last]}: {row}." if first == 1 else f"{who.name} went on: {row}.",
            f'"{cap(row)}!" said {other.name}.',
            f"let us count: {row}.",
            f'"{cap(row)}," counted {who.name}, "here I come!"',
            f"{row}, they counted.",
            f"{digits}.",
            f"the numbers are {digits}.",
            f"{who.name} counted back: {back}.",
            f"after {WORDS[n]} comes {WORDS[n + 1]}.",
            f"before {WORDS[n + 1]} comes {WORDS[n]}.",
            f"{WORDS[n + 1]} is one more than {WORDS[n]}.",
            f"the number after {WORDS[n]} is {WORDS[n + 1]}.",
            f"{WORDS[n]} is less than {WORDS[n + 1]}.",
            f"the {pick(rng, ('stairs', 'steps', 'ducks', 'stars', 'candles', 'birds'))} were easy to count: {row}.",
        ),
    )


def _story(rng: random.Random) -> str:
    who, other = people(rng)
    x, y = _addends(rng)
    x, y = max(x, 1), max(y, 1)
    if x + y > 20:
        x, y = 2, 2
    z = x + y
    thing, food = pick(rng, THINGS), pick(rng, EATEN)
    more = f"{WORDS[y]} more"
    return pick(
        rng,
        (
            f"{who.name} had {_n(x, thing)}. {other.name} gave {who.him} {more}. Now {who.he} has {_n(z, thing)}.",
            f"{who.name} has {_n(x, thing)}, and {other.name} has {_n(y, thing)}. Together they have {_n(z, thing)}.",
            f"{who.name} had {_n(z, food)} and ate {WORDS[y]}. Then {who.he} had {_n(x, food)} left.",
            f"there were {_n(z, food)} on the plate. {who.name} ate {WORDS[y]}, and {WORDS[x]} {'was' if x == 1 else 'were'} left.",
            f"{who.name} had {_n(z, thing)} and gave {WORDS[y]} to {other.name}. Now {who.he} has {_n(x, thing)}.",
            f"there {'was' if x == 1 else 'were'} {_n(x, thing)} in the box. {who.name} put in {more}. Now {_there(z)} {_n(z, thing)} in the box.",
            f"{who.name} found {_n(x, thing)} {pick(rng, ('in the morning', 'on Monday', 'in the garden'))} and {_n(y, thing)} {pick(rng, ('in the evening', 'on Tuesday', 'in the street'))}. That makes {_n(z, thing)}.",
            f'"I have {_n(x, thing)}," said {who.name}. "I have {WORDS[y]}," said {other.name}. "Then we have {WORDS[z]}," said {who.name}.',
            f"{_n(z, 'bird')} sat in a tree. {cap(WORDS[y])} flew away, so {_n(x, 'bird')} stayed.",
            f"{_n(z, 'child')} were on the bus. {cap(WORDS[y])} got off, so {_n(x, 'child')} stayed.".replace(
                "childs", "children"
            ),
            f"a {thing} costs one coin. {who.name} bought {_n(z, thing)} and paid {_n(z, 'coin')}."
            if thing[0] not in "aeiou"
            else f"{who.name} bought {_n(z, thing)}.",
            f"{who.name} is {WORDS[z]} years old. {other.name} is {WORDS[y]} {'year' if y == 1 else 'years'} younger, so {other.he} is {WORDS[x]}.",
        ),
    )


def _fact(rng: random.Random) -> str:
    return pick(
        rng,
        (
            "a week has seven days.",
            "a year has twelve months.",
            "a hand has five fingers.",
            "a dog has four legs.",
            "a spider has eight legs.",
            "a car has four wheels.",
            "a bike has two wheels.",
            "a triangle has three sides.",
            "a square has four sides.",
            "people have ten fingers.",
            "an insect has six legs.",
            "a pair is two of something.",
            "a dozen is twelve.",
            "half of ten is five.",
            "half of eight is four.",
            "half of four is two.",
            "twice two is four.",
            "two times three is six.",
            "two times five is ten.",
        ),
    )


def _opening(rng: random.Random) -> str:
    who, other = people(rng)
    return pick(
        rng,
        (
            f"{who.name} likes numbers.",
            f"{cap(pick(rng, TIMES))}, {who.name} learned to count.",
            "Today we do sums.",
            f"{who.name} and {other.name} played with numbers {pick(rng, TIMES)}.",
            "The teacher wrote a sum on the board.",
            "Here are some small sums.",
            f"{who.name} can count very well.",
            f'"Can you count?" asked {who.name}.',
            "Let us do some maths.",
            f"On the way to {pick(rng, PLACES)}, {who.name} counted everything {who.he} saw.",
            "Numbers are fun.",
            f"{who.name} did {who.his} homework {pick(rng, TIMES)}.",
            "Listen and count with me.",
            f"{who.name} showed {other.name} some sums.",
            "This is easy.",
            f"{who.name} was good at maths.",
            f"We came home from {pick(rng, PLACES)} and did sums.",
            f"{cap(pick(rng, TIMES))} there was a maths test.",
        ),
    )


def _closing(rng: random.Random) -> str:
    who = person(rng)
    return pick(
        rng,
        (
            "",
            "",
            "",
            '"Well done!" said the teacher.',
            f"{who.name} was right.",
            "That was easy.",
            f'"Correct," said {who.name}.',
            f"{who.name} got all the answers right.",
            f"Now {who.name} knows it too.",
            "Maths can be fun.",
            f"Can you do it too, {who.name}?",
            "And that is the answer.",
        ),
    )


def document(rng: random.Random) -> str:
    """Sums, counting and little number stories."""
    facts = [
        pick(rng, (_sum, _sum, _sum, _count, _count, _story, _story, _fact))(rng) for _ in range(rng.randint(2, 5))
    ]
    facts = list(dict.fromkeys(facts))
    while len(" ".join(facts)) < 45:
        facts.append(_story(rng))
    first = facts[0].lower()
    if rng.random() < 0.25 and not first.startswith(("two plus two", "three plus one", "one, two")):
        return text(*facts, _closing(rng))
    return text(_opening(rng), *facts, _closing(rng))
