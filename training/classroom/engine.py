"""What the topics of the classroom text share: people, places, articles, and the choice of words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
AN_ANYWAY = ("hour", "honest", "heir", "honour")
A_ANYWAY = ("uni", "use", "usu", "euro", "one", "ewe", "once")


@dataclass(frozen=True)
class Person:
    """A child or grown-up of a story, with the pronouns that follow the name."""

    name: str
    he: str  # he, she
    him: str  # him, her
    his: str  # his, her
    kind: str  # boy, girl

    @property
    def He(self) -> str:
        """The pronoun at the start of a sentence."""
        return self.he.capitalize()

    @property
    def His(self) -> str:
        """The possessive at the start of a sentence."""
        return self.his.capitalize()


GIRLS = tuple(
    [
        "Anna",
        "Lily",
        "Mia",
        "Emma",
        "Sara",
        "Lucy",
        "Ella",
        "Nora",
        "Ruby",
        "Grace",
        "Alice",
        "Clara",
        "Maya",
        "Zoe",
        "Amina",
        "Leila",
        "Rosa",
        "Ivy",
        "Kate",
        "Jane",
        "Molly",
        "Nina",
        "Priya",
        "Mei",
    ]
)
BOYS = tuple(
    [
        "Tom",
        "Ben",
        "Max",
        "Leo",
        "Sam",
        "Jack",
        "Finn",
        "Oscar",
        "Noah",
        "Adam",
        "Peter",
        "Omar",
        "Hugo",
        "Luca",
        "Daniel",
        "Felix",
        "Jonas",
        "Paul",
        "Henry",
        "Kofi",
        "Ravi",
        "Tim",
        "Will",
        "Ali",
    ]
)
PLACES = tuple(
    [
        "the park",
        "the garden",
        "the kitchen",
        "the market",
        "the library",
        "the school",
        "the beach",
        "the farm",
        "the forest",
        "the playground",
        "the shop",
        "the village",
        "the bus stop",
        "the zoo",
        "the museum",
        "the station",
        "the harbour",
        "the classroom",
        "the living room",
        "the bakery",
    ]
)
TIMES = tuple(
    [
        "one day",
        "one morning",
        "last summer",
        "yesterday",
        "on Sunday",
        "on Monday",
        "after school",
        "in the afternoon",
        "last week",
        "in the evening",
        "on a rainy day",
        "on a sunny day",
        "last winter",
        "this morning",
        "after lunch",
        "before breakfast",
        "during the holidays",
        "on Friday",
        "one evening",
        "late one afternoon",
    ]
)
RELATIVES = tuple(
    [
        "grandmother",
        "grandfather",
        "mother",
        "father",
        "aunt",
        "uncle",
        "teacher",
        "big sister",
        "big brother",
        "cousin",
        "neighbour",
        "best friend",
    ]
)
DAYS = tuple(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
MONTHS = tuple(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
FEELINGS = tuple(
    [
        "happy",
        "sad",
        "tired",
        "proud",
        "surprised",
        "excited",
        "hungry",
        "calm",
        "curious",
        "cheerful",
        "worried",
        "glad",
    ]
)


def pick(rng: random.Random, items: Sequence[Item]) -> Item:
    """One item, each equally likely."""
    return items[rng.randrange(len(items))]


def some(rng: random.Random, items: Sequence[Item], n: int) -> list[Item]:
    """`n` different items in random order."""
    return rng.sample(list(items), n)


def person(rng: random.Random) -> Person:
    """A boy or a girl."""
    if rng.random() < 0.5:
        return Person(pick(rng, GIRLS), "she", "her", "her", "girl")
    return Person(pick(rng, BOYS), "he", "him", "his", "boy")


def people(rng: random.Random) -> tuple[Person, Person]:
    """Two people with different names."""
    first = person(rng)
    second = person(rng)
    while second.name == first.name:
        second = person(rng)
    return first, second


def a(noun: str) -> str:
    """The noun with its article.

    >>> a("apple"), a("red apple"), a("hour"), a("uniform")
    ('an apple', 'a red apple', 'an hour', 'a uniform')
    """
    lower = noun.lower()
    vowel = lower[0] in "aeiou" and not lower.startswith(A_ANYWAY)
    return f"an {noun}" if vowel or lower.startswith(AN_ANYWAY) else f"a {noun}"


def cap(sentence: str) -> str:
    """The first letter as a capital, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def text(*sentences: str) -> str:
    """Sentences as one document: each begins with a capital, empty ones are dropped, joined by single spaces."""
    return " ".join(cap(sentence.strip()) for sentence in sentences if sentence.strip())


def listing(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> listing(["red", "blue", "green"])
    'red, blue and green'
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
