"""The gaps on which the cloze model is judged, held out of its training text.

Held out means: no sentence of the training text equals a prompt with one of its answers put in (case and punctuation marks at
the ends ignored). The facts and the words do occur, in other sentences.
"""

import re
from dataclasses import dataclass

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


def _prompt(topic: str, prompt: str, *answers: str) -> ClozePrompt:
    return ClozePrompt(prompt, answers, topic)


FOODS = ("food", "bread", "cake", "cheese", "soup", "fruit", "meat", "fish", "rice", "ice", "chicken", "pizza", "pie")
FOODS += ("breakfast", "lunch", "dinner", "supper", "apples", "cookies", "chocolate", "honey", "eggs", "toast", "salad")

CLOZE_PROMPTS = (
    _prompt("food", "I would like to eat some [MASK].", *FOODS),
    _prompt("food", "She drank a glass of cold [MASK] because she was thirsty.", "water", "milk", "juice", "lemonade"),
    _prompt("food", "He put butter and jam on his [MASK].", "bread", "toast", "sandwich", "roll"),
    _prompt("food", "We had fish and [MASK] for dinner.", "chips"),
    _prompt("animals", "The [MASK] barked at the cat.", "dog", "puppy", "dogs"),
    _prompt("animals", "A baby [MASK] is called a kitten.", "cat"),
    _prompt("animals", "The [MASK] says moo.", "cow"),
    _prompt("animals", "The little bird flew back to its [MASK].", "nest", "mother", "tree", "cage"),
    _prompt("animals", "The [MASK] swam in the river.", "fish", "duck", "frog", "ducks", "dog", "swan"),
    _prompt("capitals", "The capital of [MASK] is Paris.", "france"),
    _prompt("capitals", "The capital of Italy is [MASK].", "rome"),
    _prompt("capitals", "[MASK] is the capital of Germany.", "berlin"),
    _prompt("capitals", "In [MASK] people speak Japanese.", "japan"),
    _prompt("capitals", "They walked along the Great [MASK] of China.", "wall"),
    _prompt("landmarks", "The Eiffel [MASK] stands in Paris.", "tower"),
    _prompt("colours", "The sky is [MASK] and the grass is green.", "blue"),
    _prompt("colours", "If you mix blue and [MASK] you get green.", "yellow"),
    _prompt("colours", "Snow is [MASK] and coal is black.", "white"),
    _prompt("opposites", "The opposite of [MASK] is cold.", "hot", "warm"),
    _prompt("opposites", "The soup was too [MASK], so he waited until it was cool.", "hot", "warm"),
    _prompt("opposites", "The box is not empty, it is [MASK].", "full"),
    _prompt("categories", "The day after [MASK] is Tuesday.", "monday"),
    _prompt("categories", "An apple is a kind of [MASK].", "fruit"),
    _prompt("categories", "A [MASK] is a tool.", "hammer", "saw", "spade", "screwdriver", "knife", "rake"),
    _prompt("sums", "Two plus [MASK] is four.", "two"),
    _prompt("sums", "One, two, [MASK], four, five.", "three"),
    _prompt("royal", "The [MASK] and the queen lived in a castle.", "king"),
    _prompt("royal", "The prince married the [MASK].", "princess"),
    _prompt("family", "My mother's sister is my [MASK].", "aunt"),
    _prompt("proverbs", "Better safe than [MASK].", "sorry"),
    _prompt("proverbs", "The early [MASK] catches the worm.", "bird"),
    _prompt("everyday", "It was raining, so she took her [MASK].", "umbrella", "coat", "raincoat"),
    _prompt("everyday", "She [MASK] a letter to her friend yesterday.", "wrote", "sent", "gave", "posted", "read"),
    _prompt("everyday", "He was so [MASK] that he fell asleep at once.", "tired", "sleepy"),
    _prompt("everyday", "She opened the [MASK] and went into the house.", "door", "gate"),
    _prompt("everyday", "The baby was [MASK] because she was hungry.", "crying", "sad", "angry", "unhappy"),
    _prompt("everyday", "Every morning he [MASK] his teeth.", "brushes", "cleans", "brushed", "cleaned", "washes"),
    _prompt("grammar", "There are two [MASK] on the table.", "cups", "plates", "apples", "books", "glasses", "boxes"),
    _prompt("grammar", "Anna lost [MASK] hat, so she went to look for it.", "her"),
    _prompt("grammar", "The children [MASK] playing in the garden.", "were", "are", "love", "like", "enjoyed"),
    _prompt("senses", "The dog's [MASK] was loud.", "bark", "voice"),
    _prompt("senses", "She saved her money in the [MASK].", "bank", "box"),
    _prompt("senses", "They fished from the [MASK] of the river.", "bank", "banks", "edge", "side", "middle"),
)


def plain(sentence: str) -> str:
    """Lower case, single spaces, no marks at the ends: two sentences are the same when these are.

    >>> plain(' "The  dog barked."')
    'the dog barked'
    """
    return re.sub(r"^\W+|\W+$", "", " ".join(sentence.lower().split()))


def held_out_sentences() -> frozenset[str]:
    """What no sentence of the training text may be, in `plain` form: filled prompts and the sentences of two senses."""
    from .two_sense_sentences import TWO_SENSES

    filled = (sentence for item in CLOZE_PROMPTS for sentence in item.filled())
    senses = (sentence for word in TWO_SENSES for sense in word.senses for sentence in sense.sentences)
    return frozenset(map(plain, (*filled, *senses)))
