"""Stories of three or four sentences about an animal or a person that is asked for."""

import random

from training.classroom.engine import BOYS, GIRLS, Person, a, cap
from training.conversations import values as v
from training.conversations.engine import Turn, fill, frames, pick, words

SHARE = 1.6

_ASK = frames("""
Tell me a story about {a:x}.
Tell me a story about {a:x}.
Tell me a story about {a:x}.
Tell me a short story about {a:x}.
Can you tell me a story about {a:x}?
Write a story about {a:x}.
Please tell me a story about {a:x}.
I want to hear a story about {a:x}.
Do you know a story about {a:x}?
""")
_ASK_NAMED = frames("""
Tell me a story about {a:x} called {n}.
Tell me a story about {a:x} named {n}.
Tell me a story about {n} the {x}.
""")
_ASK_ANY = frames("""
Tell me a story.
Tell me a short story.
Please tell me a story.
Can you tell me a story?
Write a story.
I want to hear a story.
Tell me a bedtime story.
""")
_START = frames("""
Once upon a time there was a {adj} {x} named {n}.
Once upon a time there was a {adj} {x} named {n}.
There once was a {adj} {x} called {n}.
{n} was a {adj} {x} who lived {home}.
One day, a {adj} {x} named {n} went for a walk {near}.
Once upon a time, a {adj} {x} named {n} lived {home}.
""")
# Each line: trouble; how it is solved; the end.
_PLOTS = tuple(
    tuple(part.strip() for part in line.split(";"))
    for line in """
{He} wanted to find a friend. ; {He} met {a:f} and asked, "Do you want to play?" ; From that day on they played together every day.
One day {he} lost {his} {t}. ; {a:f} helped {him} look for it, and they found it under a tree. ; {n} was very happy and said thank you.
{He} was very hungry. ; A kind {f} gave {him} some {food}. ; {n} shared it, and they became good friends.
{He} was afraid of the dark. ; One night {a:f} showed {him} the stars. ; Then {n} was not afraid any more.
{He} wanted to see the sea. ; {He} walked for three days over the hills. ; When {he} saw the big blue water, {he} laughed and jumped for joy.
One rainy day {he} found a {t}. ; It belonged to {a:f}, so {n} brought it back. ; The {f} smiled and gave {him} some {food}.
{He} could not sleep. ; {His} friend the {f} sang a quiet song. ; Soon {n} closed {his} eyes and slept until morning.
{He} wanted to learn to dance. ; {He} tried and fell, and tried again. ; In the end {n} danced better than anybody.
One day {he} heard a cry. ; A little {f} was stuck in the mud, and {n} pulled it out. ; The {f} said, "Thank you, you are very brave."
{He} had a beautiful {t}. ; The {f} wanted to have it too, so they played with it together. ; Sharing made them both happy.
It was {his} birthday, but nobody came. ; Then {he} heard a noise, and all {his} friends jumped out with a cake. ; It was the best day of all.
{He} was too small to reach the {fruit}. ; {a:f} came by, and {n} climbed on its back. ; They ate {fruit} until the sun went down.
In the garden {he} saw a {t} that could talk. ; "Take me home," it said, and {n} carried it all the way. ; Nobody believed {him}, but it was true.
{He} got lost in the forest. ; {a:f} showed {him} the way home. ; {His} mother gave them both some {food}.
""".strip().splitlines()
)  # fmt: skip
_PEOPLE = {"girl": ("she", "her", "her"), "boy": ("he", "him", "his"), "princess": ("she", "her", "her"), "prince": ("he", "him", "his"),
           "king": ("he", "him", "his"), "queen": ("she", "her", "her"), "farmer": ("he", "him", "his"), "pirate": ("he", "him", "his"),
           "witch": ("she", "her", "her"), "wizard": ("he", "him", "his"), "robot": ("he", "him", "his"), "dragon": ("he", "him", "his"),
           "fairy": ("she", "her", "her"), "knight": ("he", "him", "his"), "teacher": ("she", "her", "her"), "baker": ("he", "him", "his")}  # fmt: skip
_WHO = (
    v.ANIMALS
    + ("dog", "cat", "bird", "bear", "fish", "bunny", "dinosaur", "unicorn", "lamb", "chicken", "puppy", "kitten") * 2
)
_ADJECTIVES = words("little small kind brave young clever funny lonely happy curious friendly shy tiny")
_HOMES = (
    "in a small house",
    "by the sea",
    "in the forest",
    "on a farm",
    "near a river",
    "in a quiet village",
    "on a hill",
    "in a big garden",
)
_NEAR = ("in the forest", "in the park", "by the river", "over the hills", "in the garden", "on the beach")
_TOYS = v.THINGS[:30]
_FRUIT = ("apples", "pears", "cherries", "plums", "nuts", "berries")


def _hero(rng: random.Random) -> Person:
    kind = pick(rng, list(_PEOPLE)) if rng.random() < 0.35 else pick(rng, _WHO)
    pronouns = _PEOPLE.get(kind) or pick(rng, (("he", "him", "his"), ("she", "her", "her")))
    name = v.name(rng) if kind not in _PEOPLE else v.made_up_name(rng) if rng.random() < 0.5 else pick(rng, GIRLS if pronouns[0] == "she" else BOYS)  # fmt: skip
    return Person(name, *pronouns, kind)


def story(rng: random.Random, hero: Person) -> str:
    """Four sentences: who it was, the trouble, what helped, the end."""
    helper = pick(rng, [animal for animal in v.ANIMALS if animal != hero.kind])
    values = {
        "x": hero.kind, "n": hero.name, "he": hero.he, "him": hero.him, "his": hero.his, "He": hero.He, "His": hero.His,
        "adj": pick(rng, _ADJECTIVES), "home": pick(rng, _HOMES), "near": pick(rng, _NEAR), "f": helper, "t": pick(rng, _TOYS),
        "food": pick(rng, v.FOODS), "fruit": pick(rng, _FRUIT),
    }  # fmt: skip
    plot = pick(rng, _PLOTS)
    lines = [
        pick(rng, [start for start in _START if not (start.startswith("One day") and plot[0].startswith("One"))]),
        *plot,
    ]
    return " ".join(cap(fill(rng, line.replace("a {adj} {x}", a(f"{values['adj']} {hero.kind}")).replace("a {t}", "{a:t}"), values)) for line in lines)  # fmt: skip


def turn_of(rng: random.Random) -> Turn:
    """A story on demand, about the hero that was asked for."""
    hero = _hero(rng)
    way = rng.random()
    asks = _ASK if way < 0.65 else _ASK_NAMED if way < 0.82 else _ASK_ANY
    return Turn(cap(fill(rng, pick(rng, asks), {"x": hero.kind, "n": hero.name})), story(rng, hero))
