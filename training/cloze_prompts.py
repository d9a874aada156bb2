"""The gaps on which the cloze model is judged, held out of its training text.

Held out means: no sentence of the training text equals a prompt with one of its answers put in (case and punctuation marks at
the ends ignored). The facts and the words do occur, in other sentences.
"""

import re
from dataclasses import dataclass

from training.engine import read, ways
from training.two_sense_sentences import TWO_SENSES

MASK = "[MASK]"


@dataclass(frozen=True)
class ClozePrompt:
    """A sentence with one `[MASK]`, the words that count as right, and its topic."""

    prompt: str
    answers: tuple[str, ...]
    topic: str

    def filled(self) -> tuple[str, ...]:
        """The whole sentence with each answer."""
        return tuple(self.prompt.replace(MASK, answer) for answer in self.answers)


CLOZE_PROMPTS = tuple(
    ClozePrompt(prompt, ways(answers), topic) for topic, prompt, answers in read("lessons/gaps").rows("prompts")
)


def plain(sentence: str) -> str:
    """Lower case, single spaces, no marks at the ends: two sentences are the same when these are.

    >>> plain(' "The  dog barked."')
    'the dog barked'
    """
    return re.sub(r"^\W+|\W+$", "", " ".join(sentence.lower().split()))


def held_out_sentences() -> frozenset[str]:
    """What no sentence of the training text may be, in `plain` form: filled prompts and the sentences of two senses."""
    filled = (sentence for item in CLOZE_PROMPTS for sentence in item.filled())
    senses = (sentence for word in TWO_SENSES for sense in word.senses for sentence in sense.sentences)
    return frozenset(map(plain, (*filled, *senses)))
