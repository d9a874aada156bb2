"""The ten words of `texts/two_senses.txt`: each in two senses, in sentences for the measurement that no model is trained on."""

from dataclasses import dataclass

from training.engine import read


@dataclass(frozen=True)
class Sense:
    """What a word means, and sentences in which it means that."""

    gloss: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class TwoSenses:
    """A word with its two senses."""

    word: str
    senses: tuple[Sense, Sense]


def _two_senses() -> tuple[TwoSenses, ...]:
    found: dict[str, list[Sense]] = {}
    for section, sentences in read("two_senses").sections.items():
        word, _, gloss = section.partition(": ")
        found.setdefault(word, []).append(Sense(gloss, sentences))
    return tuple(TwoSenses(word, (one, other)) for word, (one, other) in found.items())


TWO_SENSES = _two_senses()
