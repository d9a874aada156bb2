"""What animals say, eat and do, where they live, and what their young are called."""

import random

from training.classroom.engine import cap, listing, pick, some
from training.classroom.senses import CLOSINGS, OPENINGS, fill, frames, joined, slots

SHARE = 1.0

# animal, its sound, its young, its food (| between), where it lives, what it does
ANIMALS = tuple(
    tuple(part.strip() for part in line.split(";"))
    for line in """
dog;woof;puppy;bones|meat|dog food;in a kennel|in the house|on the farm;wag its tail|bark at the postman|run after a ball|guard the house
cat;meow;kitten;fish|mice|cat food;in the house|on the farm;chase mice|climb trees|sleep in the sun|wash its paws
cow;moo;calf;grass|hay;on the farm|in the field|in the barn;give milk|stand in the field|swish its tail
sheep;baa;lamb;grass|hay;on the farm|in the field;give wool|follow the others|walk on the hill
pig;oink;piglet;potatoes|corn|apples;on the farm|in the sty;roll in the mud|dig with its nose
horse;neigh;foal;hay|grass|oats;in the stable|on the farm;gallop over the field|pull a cart|carry a rider
duck;quack;duckling;bread|water plants|seeds;on the pond|by the river;swim on the pond|dive for food
hen;cluck;chick;corn|seeds;on the farm|in the henhouse;lay eggs|sit on its eggs|scratch in the sand
goat;maa;kid;grass|leaves|hay;on the farm|in the mountains;climb over rocks|give milk
goose;honk;gosling;grass|corn;on the farm|by the pond;fly south in winter|hiss at strangers
lion;roar;cub;meat;in Africa|on the dry plains;hunt at night|sleep in the shade|roar loudly
bear;growl;cub;honey|fish|berries;in the forest|in a cave;sleep all winter|catch fish|climb trees
frog;croak;tadpole;flies|insects;in the pond|by the stream;jump into the water|catch flies with its tongue
owl;hoot;owlet;mice;in the forest|in an old tree;fly at night|sleep during the day
elephant;;calf;leaves|grass|fruit;in Africa|in India;lift water with its trunk|flap its big ears
kangaroo;;joey;grass|leaves;in Australia;hop very far|carry its baby in a pouch
rabbit;;bunny;carrots|grass|lettuce;in a burrow|in the field;hop over the grass|dig a burrow
monkey;;baby monkey;bananas|fruit|nuts;in the jungle|in the trees;swing from tree to tree|climb very well
squirrel;;baby squirrel;nuts|acorns|seeds;in the trees|in the park;hide nuts for the winter|jump from branch to branch
swan;;cygnet;water plants;on the lake|by the river;swim on the lake|stretch its long neck
fox;;cub;mice|berries|eggs;in a den|in the forest;hunt at night|run very quietly
mouse;squeak;baby mouse;cheese|corn|seeds;in a hole|in the barn;hide from the cat|run into its hole
bee;buzz;;nectar;in a hive;make honey|fly from flower to flower
bird;tweet;chick;worms|seeds|insects;in a nest|in the trees;sing in the morning|build a nest|fly south
snake;hiss;;mice|frogs|eggs;in the grass|in the desert;move without legs|lie in the sun
penguin;;chick;fish;on the ice|in the cold south;swim very fast|walk on the ice
whale;;calf;fish|tiny sea animals;in the sea|in the ocean;swim deep under the water|blow water into the air
camel;;calf;dry grass|leaves;in the desert;walk for days without water|carry heavy bags
giraffe;;calf;leaves;in Africa;reach the highest leaves with its long neck
spider;;;flies|insects;in a web|in the corner;spin a web|catch flies
butterfly;;;nectar;in the garden|in the field;fly from flower to flower
hedgehog;;hoglet;worms|beetles|snails;in the garden|under the leaves;roll into a ball|sleep all winter
""".strip().splitlines()
)
FAVOURED = {"dog": 10, "cat": 10, "cow": 10}

SOUNDS = frames("""
The {x} says {s}.
The {x} says {s}.
The {x} says {s}, {s}.
"The {x} says {s}," said {n}.
"What does the {x} say?" asked {m}. "The {x} says {s}," (said|answered) {n}.
In the picture book the {x} says {s}.
Every child knows that the {x} says {s}.
"{S}!" says the {x} (in the morning|when it is hungry|at night|to {n}).
The {x} says {s} and the {y} says {t}.
The {y} says {t}, the {x} says {s}.
"{S}, {s}," said the {x}, and {n} laughed.
{n} can (talk|sound) like {a:x}: "{S}, {s}!"
When {n} hears "{s}", {he} knows that there is {a:x} nearby.
Old {m} had a farm. On it there was {a:x}, and the {x} says {s}.
Which animal says {s}? It is the {x}.
""")
YOUNG = frames("""
A baby {x} is called {a:b}.
A baby {x} is called {a:b}.
A baby {x} is called {a:b}, and a baby {y} is called {a:c}.
"A baby {x} is called {a:b}," said {n}.
"What is a baby {x} called?" asked {m}. "A baby {x} is called {a:b}," (said|answered) {n}.
{n} learned that a baby {x} is called {a:b}.
A young {x} is called {a:b}.
{A:b} is a baby {x}.
The {x} had a baby. The {b} was very small and slept a lot.
The {b} will grow up and become a big {x}.
{n} stroked the little {b}, and the old {x} watched.
The mother {x} (looked after|fed|washed|called) her {b}.
The {x} and her {b} were together all day.
Do you know the word for a baby {x}? The word is {b}.
""")
FOOD = frames("""
The {x} eats {f}.
The {x} likes to eat {f}.
"What does {a:x} eat?" asked {m}. "It eats {f}," said {n}.
{n} saw the {x} eat {f}.
The hungry {x} was looking for {f}.
{A:x} needs {f} to eat.
The food of the {x} is {f}.
""")
HOMES = frames("""
The {x} lives {h}.
{A:x} lives {h}.
"Where does the {x} live?" asked {m}. "It lives {h}," said {n}.
{n} saw a {adj} {x} {h}.
{H} there lived a {adj} {x}.
The home of the {x} is {h}.
There was a {adj} {x} {h}.
""")
DEEDS = frames("""
{A:x} can {d}.
The {x} likes to {d}.
{n} watched the {x} {d}.
"Look, the {x} is going to {d}," said {m}.
It is fun to see {a:x} {d}.
"What can {a:x} do?" "It can {d}," said {n}.
""")
ABOUT = frames("""
They talked about animals.
{n} has a book about animals.
{n} wants to know everything about the {x}.
They were learning about animals at school.
{n} and {m} visited a farm.
"Tell me about animals," said {m}.
Animals are fun.
The {x} is (an interesting|a wonderful|a well-known) animal.
""")
ADJECTIVES = tuple(["small", "big", "little", "young", "brown", "hungry", "sleepy", "friendly", "quiet", "clever"])


def _animal(rng: random.Random, column: int) -> tuple[str, ...]:
    animals = [animal for animal in ANIMALS if animal[column]]
    return rng.choices(animals, [FAVOURED.get(animal[0], 1.5) for animal in animals])[0]


def _fact(rng: random.Random, kind: str, values: dict, animal: tuple[str, ...] | None = None) -> str:
    columns = {"sound": 1, "young": 2, "food": 3, "home": 4, "deed": 5}
    column = columns[kind]
    if animal is None or not animal[column]:
        animal = _animal(rng, column)
    if kind == "young" and animal[2].startswith("baby"):
        kind, column = "food", 3
    other = _animal(rng, 1)
    while other == animal:
        other = _animal(rng, 1)
    young = (
        other
        if other[2] and not other[2].startswith("baby")
        else next(entry for entry in (ANIMALS[2], ANIMALS[3]) if entry != animal)
    )
    homes = animal[4].split("|")
    home = pick(rng, homes)
    y = other[0]
    frame = pick(rng, {"sound": SOUNDS, "young": YOUNG, "food": FOOD, "home": HOMES, "deed": DEEDS}[kind])
    if kind == "young":
        y = young[0]
    if kind == "young" and animal[0] == "frog":
        frame = pick(rng, YOUNG[:7])
    values = values | {
        "x": animal[0], "s": animal[1], "S": cap(animal[1]), "b": animal[2], "y": y, "t": other[1], "c": young[2],
        "f": animal[3].split("|"), "h": home, "H": cap(home), "d": animal[5].split("|"), "adj": ADJECTIVES,
    }  # fmt: skip
    return fill(rng, frame.replace("{A:", "{a:"), values)


def document(rng: random.Random) -> str:
    """Some facts about one animal or about several, in a small scene."""
    values = slots(rng)
    kinds = rng.choices(
        ("sound", "young", "food", "home", "deed"), (4, 5, 1.3, 1.3, 1.3), k=rng.choice((1, 2, 2, 3, 3, 4))
    )
    if rng.random() < 0.4:
        animal = _animal(rng, 0)
        kinds = list(dict.fromkeys(kinds))
        facts = [_fact(rng, kind, values, animal) for kind in kinds]
    elif rng.random() < 0.25:
        animal = None
        sounds = some(rng, [entry for entry in ANIMALS if entry[1]], 3)
        facts = [listing([f"the {entry[0]} says {entry[1]}" for entry in sounds]) + "."]
        facts += [_fact(rng, kind, values) for kind in kinds[:2]]
    else:
        animal = None
        facts = [_fact(rng, kind, values) for kind in kinds]
    about = fill(rng, pick(rng, ABOUT), values | {"x": (animal or _animal(rng, 0))[0]})
    opening = fill(rng, pick(rng, OPENINGS), values)
    closing = fill(rng, pick(rng, CLOSINGS), values)
    way = rng.random()
    if (
        way < 0.2
        and len(facts) > 1
        and not facts[0].startswith(("The cow", "A baby dog", "A baby cat", "the cow", "a baby dog", "a baby cat"))
    ):
        return joined(rng, values, *facts)
    if way < 0.45:
        return joined(rng, values, about, *facts)
    return joined(
        rng, values, opening, about if rng.random() < 0.4 else "", *facts, closing if rng.random() < 0.5 else ""
    )
