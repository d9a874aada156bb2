"""The prompts on which the storyteller is judged, held out of its training text.

Held out means: no training document, and no line of one, starts with one of these prompts followed by one of its
answers. The facts themselves do occur, in other wordings and in the middle of lines.
"""

from dataclasses import dataclass

from training.engine import read, ways


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


_TEXTS = read("lessons/next_words")
LESSON_PROMPTS = tuple(LessonPrompt(prompt, ways(answers), topic) for topic, prompt, answers in _TEXTS.rows("prompts"))
_CONTRASTED = _TEXTS.rows("contrasts")
CONTRASTS = tuple(
    Contrast((one, other), (ways(fitting), ways(fitting_other)))
    for (one, fitting), (other, fitting_other) in zip(_CONTRASTED[::2], _CONTRASTED[1::2], strict=True)
)
SPREAD_PROMPT = _TEXTS.lines("spread")[0]
COLOURS = _TEXTS.items("colours")

_BARE = tuple(f"{item.prompt} {answer}".lower() for item in LESSON_PROMPTS for answer in item.answers)


def is_bare_prompt(document: str) -> bool:
    """Whether the document, or a line of it, starts as a test prompt with its answer does (case ignored)."""
    return any(line.strip().lower().startswith(_BARE) for line in document.splitlines())
