"""The prompts on which the storyteller is judged, held out of its training text.

Held out means: no training document, and no line of one, starts with one of these prompts followed by one of its
answers. The facts themselves do occur, in other wordings and in the middle of lines.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LessonPrompt:
    """A prompt, the next words that count as right (without a leading space), and its topic."""

    prompt: str
    answers: tuple[str, ...]
    topic: str


@dataclass(frozen=True)
class Contrast:
    """Two prompts that differ in one word, each with next words that fit it and hardly the other."""

    prompts: tuple[str, str]
    words: tuple[tuple[str, ...], tuple[str, ...]]


def _prompt(topic: str, prompt: str, *answers: str) -> LessonPrompt:
    return LessonPrompt(prompt, answers, topic)


LESSON_PROMPTS = (
    _prompt("landmarks", "The Eiffel", "Tower"),
    _prompt("landmarks", "The Statue of", "Liberty"),
    _prompt("landmarks", "They walked along the Great Wall of", "China"),
    _prompt("landmarks", "We took a photo of the Taj", "Mahal"),
    _prompt("proverbs", "Better safe than", "sorry"),
    _prompt("proverbs", "An apple a day keeps the doctor", "away"),
    _prompt("proverbs", "you hit the nail on the", "head"),
    _prompt("proverbs", "Actions speak louder than", "words"),
    _prompt("proverbs", "The early bird catches the", "worm"),
    _prompt("proverbs", "Practice makes", "perfect"),
    _prompt("proverbs", "The test was so easy, it was a piece of", "cake"),
    _prompt("proverbs", "Last but not", "least"),
    _prompt("food", "a pinch of salt and a dash of", "pepper"),
    _prompt("food", "For lunch they had fish and", "chips"),
    _prompt("capitals", "The capital of France is", "Paris"),
    _prompt("capitals", "The capital of Italy is", "Rome"),
    _prompt("capitals", "The capital of Japan is", "Tokyo"),
    _prompt("capitals", "Berlin is the capital of", "Germany"),
    _prompt("capitals", "People in Spain speak", "Spanish"),
    _prompt("colours", "The sky is", "blue"),
    _prompt("colours", "Grass is", "green"),
    _prompt("colours", "If you mix blue and yellow you get", "green"),
    _prompt("opposites", "The opposite of hot is", "cold"),
    _prompt("opposites", "The opposite of big is", "small", "little"),
    _prompt("opposites", "It was not day, it was", "night"),
    _prompt("categories", "The day after Monday is", "Tuesday"),
    _prompt("categories", "The month after June is", "July"),
    _prompt("categories", "An apple is a kind of", "fruit"),
    _prompt("categories", "A hammer is a", "tool"),
    _prompt("sums", "Two plus two is", "four"),
    _prompt("sums", "Three plus one is", "four"),
    _prompt("sums", "One, two, three, four,", "five"),
    _prompt("animals", "A baby dog is called a", "puppy"),
    _prompt("animals", "A baby cat is called a", "kitten"),
    _prompt("animals", "The cow says", "moo"),
    _prompt("royal", "The king and the", "queen"),
    _prompt("royal", "The prince and the", "princess"),
    _prompt("royal", "My mother and my", "father"),
    _prompt("everyday", "It was raining, so she took her", "umbrella"),
    _prompt("everyday", "The sun rises in the", "east", "morning"),
)

SPREAD_PROMPT = "My favourite colour is"
COLOURS = ("red", "blue", "green", "yellow", "orange", "purple", "pink", "white", "black", "brown")

CONTRASTS = (
    Contrast(
        ("The dog's bark was", "The tree's bark was"),
        (("loud", "so", "deep", "sharp", "very"), ("rough", "brown", "thick", "dry", "smooth")),
    ),
    Contrast(
        ("He put his money in the bank and the bank gave him", "They sat on the bank of the"),
        (("interest", "a", "money", "some"), ("river", "stream")),
    ),
    Contrast(
        ("He hit the ball with his", "In the dark cave the little bat spread its"),
        (("bat",), ("wings",)),
    ),
    Contrast(
        ("Ankara is the capital of", "On the plate lay a slice of roast"),
        (("Turkey",), ("turkey", "chicken", "beef")),
    ),
)

_BARE = tuple(f"{item.prompt} {answer}".lower() for item in LESSON_PROMPTS for answer in item.answers)


def is_bare_prompt(document: str) -> bool:
    """Whether the document, or a line of it, starts as a test prompt with its answer does (case ignored)."""
    return any(line.strip().lower().startswith(_BARE) for line in document.splitlines())
