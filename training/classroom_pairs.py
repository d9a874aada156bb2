"""Made-up pairs for words that a class tries and the corpus hardly holds: animals, food, family, colours, numbers.

Synthetic text from the templates of `texts/pairs.txt`. It is declared in the model card and never evaluated on as if it were found text.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from training.engine import fill, read
from training.pairs import Pair

_TEXTS = read("pairs")
Words = dict[str, str]


@dataclass(frozen=True)
class Noun:
    """English one and many, French gender (m, f), one and many, Dutch article, one and many."""

    english: str
    englishes: str
    gender: str
    french: str
    frenches: str
    article: str
    dutch: str
    dutches: str

    @property
    def elides(self) -> bool:
        """Whether its French article loses its vowel: l'oiseau."""
        return self.french[0] in "aeiouéê"

    def words(self) -> Words:
        """What the templates call it."""
        masculine = self.gender == "m"
        the = "l'" if self.elides else "le " if masculine else "la "
        return {
            "x": self.english, "xs": self.englishes, "le": the + self.french, "un": ("un " if masculine else "une ") + self.french,
            "mon": ("mon " if masculine or self.elides else "ma ") + self.french, "fr_many": self.frenches,
            "de": f"{self.article} {self.dutch}", "nl": self.dutch, "nl_many": self.dutches,
        }  # fmt: skip


ANIMALS, THINGS, FAMILY = (
    tuple(Noun(*row) for row in _TEXTS.rows(section)) for section in ("animals", "things", "family")
)
_QUALITIES, _FOOD = _TEXTS.rows("qualities"), _TEXTS.rows("food")
_COLOURS = _QUALITIES[:8]

Sentence = tuple[str, str, str]  # English, French, Dutch


def _table(section: str, name: str) -> list[Words]:
    """A table of English, French, Dutch as words: {name}, {name_fr}, {name_nl}."""
    return [
        {name: english, f"{name}_fr": french, f"{name}_nl": dutch} for english, french, dutch in _TEXTS.rows(section)
    ]


def _made(section: str, *words: Words) -> Iterator[Sentence]:
    """The templates of a section, each filled."""
    values = {name: word for some in words for name, word in some.items()}
    nothing_drawn = random.Random(0)
    for row in _TEXTS.rows(section):
        english, french, dutch = (fill(nothing_drawn, frame, values) for frame in row)
        yield english, french, dutch


def _quality(noun: Noun, row: tuple[str, ...]) -> Words:
    """A quality in the forms that agree with the noun."""
    english, m, f, mm, ff, dutch, inflected = row
    one, many = (f, ff) if noun.gender == "f" else (m, mm)
    before = inflected if noun.article == "de" else dutch
    return {"quality": english, "fr": one, "frs": many, "q_nl": dutch, "q_before": before}


def _one(noun: Noun) -> Iterator[Sentence]:
    """Sentences about one or many of an animal or a thing."""
    words = noun.words()
    for lover in _table("lovers", "lover"):
        yield from _made("somebody loves", words, lover)
    yield from _made("of a noun", words)
    for row in _QUALITIES:
        yield from _made("of a quality", words, _quality(noun, row))
    for row in _COLOURS:
        yield from _made("of a colour", words, _quality(noun, row))
    for number in _table("numbers", "number"):
        yield from _made("of a number", words, number)


def _everything() -> Iterator[Sentence]:
    for noun in (*ANIMALS, *THINGS):
        yield from _one(noun)
    for noun in ANIMALS:
        for place in _table("places", "place"):
            yield from _made("of a place", noun.words(), place)
    for noun in FAMILY:
        for english, m, f, dutch in _TEXTS.rows("moods"):
            mood = {"mood": english, "mood_fr": f if noun.gender == "f" else m, "mood_nl": dutch}
            yield from _made("of a mood", noun.words(), mood)
        yield from _made("of family", noun.words())
    for english, some, the, dutch in _FOOD:
        food = {"x": english, "du": some, "le": the, "nl": dutch}
        yield from _made("of food", food)
        for lover in _table("lovers", "lover"):
            yield from _made("somebody loves food", food, lover)


def classroom_pairs(seed: int, per_language: int = 4000) -> list[Pair]:
    """`per_language` sentences drawn without repeats, the same ones in French and in Dutch."""
    sentences = list({sentence[0]: sentence for sentence in _everything()}.values())
    drawn = random.Random(seed).sample(sentences, min(per_language, len(sentences)))
    return [Pair(e, f, "fra") for e, f, _ in drawn] + [Pair(e, d, "nld") for e, _, d in drawn]
