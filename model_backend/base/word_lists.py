"""Ready-made words of English to start with: lists for maps, pairs for axes and analogies, sentences with a word in two
senses. They are text for models, not of the program, and are not translated. And how a list that a person types is read."""

import re

from model_backend.base.errors import BackendError, check_text

MAX_WORDS = 500


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WORD_LISTS: dict[str, tuple[str, ...]] = {
    "animals": _words(
        "dog cat horse cow pig sheep goat lion tiger bear wolf fox rabbit mouse elephant monkey bird duck chicken eagle owl "
        "fish shark whale frog snake spider ant bee butterfly"
    ),
    "countries and capitals": _words(
        "France Paris Germany Berlin Italy Rome Spain Madrid Portugal Lisbon Poland Warsaw Russia Moscow Greece Athens Egypt "
        "Cairo China Beijing Japan Tokyo India Delhi Cuba Havana Peru Lima Kenya Nairobi Norway Oslo"
    ),
    "colours": _words(
        "red orange yellow green blue purple pink brown black white grey gold silver violet dark light bright"
    ),
    "numbers": _words(
        "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand "
        "million first second third"
    ),
    "royalty and kin": _words(
        "king queen prince princess man woman boy girl father mother son daughter brother sister uncle aunt husband wife "
        "grandfather grandmother"
    ),
    "verbs": _words(
        "go went gone walk walked run ran see saw seen eat ate eaten sing sang sung swim swam give gave given take took "
        "taken think thought make made"
    ),
}

AXES: dict[str, tuple[tuple[str, str], ...]] = {
    "small → big": (("small", "big"), ("little", "large"), ("tiny", "huge"), ("short", "tall")),
    "cute → scary": (("cute", "scary"), ("kind", "mean"), ("gentle", "fierce"), ("friendly", "dangerous")),
    "man → woman": (("man", "woman"), ("boy", "girl"), ("king", "queen"), ("father", "mother"), ("he", "she")),
    "present → past": (("go", "went"), ("run", "ran"), ("see", "saw"), ("eat", "ate"), ("give", "gave")),
    "bad → good": (("bad", "good"), ("sad", "happy"), ("ugly", "beautiful"), ("worst", "best")),
}

ANALOGIES: tuple[tuple[str, str, str], ...] = (  # a − b + c
    ("king", "man", "woman"),
    ("Paris", "France", "Italy"),
    ("went", "go", "see"),
    ("bigger", "big", "small"),
    ("father", "boy", "girl"),
)

SENSES: dict[str, tuple[tuple[str, str], ...]] = {  # word: (sense, sentence); the clue stands before the word
    "bark": (
        ("dog", "The dog at the door gave a loud bark"),
        ("dog", "All night the puppy would growl and bark"),
        ("dog", "I heard my neighbour's dog bark"),
        ("tree", "The old oak tree had rough brown bark"),
        ("tree", "The woodpecker pecked at the tree and its bark"),
        ("tree", "He carved his name into the trunk and the bark"),
    ),
    "bank": (
        ("river", "We sat by the water on the river bank"),
        ("river", "The boat drifted down the stream to the muddy bank"),
        ("river", "The fish swam near the grass on the bank"),
        ("money", "She took her money and her coins to the bank"),
        ("money", "He asked for a loan of ten thousand dollars at the bank"),
        ("money", "The thieves stole all the gold from the bank"),
    ),
    "turkey": (
        ("plate", "For dinner we had potatoes and roast turkey"),
        ("plate", "Mother put the gravy on the turkey"),
        ("plate", "The farmer fed the chicken, the duck and the turkey"),
        ("map", "We flew from Greece to Turkey"),
        ("map", "Her family travelled by train to Istanbul in Turkey"),
        ("map", "The countries on the map were Italy, Greece and Turkey"),
    ),
}


def parse_words(text: str) -> tuple[str, ...]:
    """A list as people type it: words between commas, semicolons or line breaks, each once, in the order typed.

    Raises BackendError for more than MAX_WORDS.

    >>> parse_words("dog, cat;  polar bear\\ncat")
    ('dog', 'cat', 'polar bear')
    """
    check_text(text)
    words = tuple(dict.fromkeys(word for part in re.split(r"[,;，、；\n]", text) if (word := " ".join(part.split()))))
    if len(words) > MAX_WORDS:
        raise BackendError(
            "The list has {n_words:,} words; {limit} can be drawn.",
            "Shorten the list.",
            n_words=len(words),
            limit=MAX_WORDS,
        )
    return words
