"""What would you like, and what do you like best? Any of several answers will do, each as often as the others."""

import random

from training.classroom.engine import a
from training.conversations import values as v
from training.conversations.engine import Turn, cap, pick, table, turn, words

SHARE = 1.2

_DRINKS = words("water milk tea juice lemonade coffee cocoa")
_SIDES = table("""
cats | dogs
tea | coffee
summer | winter
the sea | the mountains
apples | bananas
books | films
football | tennis
day | night
cake | ice cream
trains | planes
red | blue
""")
_PLACES = (
    "the beach",
    "the mountains",
    "the zoo",
    "the forest",
    "an island",
    "a big city",
    "the moon",
    "a farm",
    "a castle",
    "the museum",
)
_WHY = table("""
colour | It is the colour of the sky. | blue
colour | It is the colour of the grass. | green
colour | It is the colour of the sun. | yellow
colour | It is the colour of a rose. | red
animal | Dogs are good friends. | the dog
animal | Cats are soft and quiet. | the cat
animal | Elephants are big and kind. | the elephant
season | It is warm and sunny. | summer
season | The flowers come back. | spring
season | I like snow. | winter
season | The leaves are red and yellow. | autumn
number | It comes in many stories. | seven
number | It is a small number. | three
""")


def _favourite(rng: random.Random) -> Turn:
    what, choices = pick(rng, (("colour", v.COLOURS[:10]), ("food", v.FOODS), ("animal", v.ANIMALS), ("season", v.SEASONS), ("sport", v.SPORTS),
                               ("drink", _DRINKS), ("number", v.NUMBERS[1:13])))  # fmt: skip
    if rng.random() < 0.3:
        what, why, word = pick(rng, _WHY)
        return turn(rng, ("what is your favourite {w}?", "which {w} do you like best?"), ("I like {x} best. {y}", "my favourite {w} is {x}. {y}"), cap(f"{word}."), w=what, x=word, y=why)  # fmt: skip
    word = pick(rng, choices)
    named = f"the {word}" if what == "animal" else word
    asks = ("what is your favourite {w}?", "which {w} do you like best?", "do you have a favourite {w}?")
    return turn(rng, asks, ("my favourite {w} is {x}.", "I like {x} best."), cap(f"{word}."), w=what, x=named)


def turn_of(rng: random.Random) -> Turn:
    """A wish or a taste."""
    way = rng.random()
    if way < 0.4:
        return _favourite(rng)
    if way < 0.6:
        asks = ("what would you like to eat?", "what do you want to eat?", "are you hungry? What would you like?", "what would you like for lunch?", "what would you like for breakfast?")  # fmt: skip
        one, two = rng.sample(v.FOODS, 2)
        return turn(rng, asks, ("I would like some {x}, please.", "some {x} and {y}, please.", "I would like {x} with {y}."), cap(f"{one}."), x=one, y=two)  # fmt: skip
    if way < 0.68:
        return turn(rng, ("what would you like to drink?", "what do you want to drink?"), ("I would like some {x}, please.", "a glass of {x}, please."), x=pick(rng, _DRINKS))  # fmt: skip
    if way < 0.78:
        asks = ("where would you like to go?", "where do you want to go?", "what place would you like to see?")
        return turn(rng, asks, ("I would like to go to {x}.", "I would like to see {x}."), x=pick(rng, _PLACES))
    if way < 0.88:
        one, two = pick(rng, _SIDES)
        if rng.random() < 0.5:
            one, two = two, one
        best = pick(rng, (one, two))
        return turn(rng, ("do you like {x} or {y} better?", "{x} or {y}?", "which is better, {x} or {y}?"), ("I like {z} better.", "I think {z}."), cap(f"{best}."), x=one, y=two, z=best)  # fmt: skip
    asks = ("what would you like to be?", "what do you want to be one day?", "what job would you like to have?")
    if rng.random() < 0.5:
        return turn(rng, asks, ("I would like to be {x}.",), x=a(pick(rng, v.JOBS)))
    thing = pick(rng, v.FOODS + _DRINKS)
    return turn(rng, ("do you like {x}?",), ("yes, I like {x} very much.", "yes, I like {x}."), "Yes.", x=thing)
