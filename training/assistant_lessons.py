"""The dialogues on which the assistant is judged, held out of its training text.

Held out means: no training dialogue holds one of the reserved values (names, towns, dates, words that the lessons give), and no user of
a training dialogue asks one of the plain questions in these words. The kinds of questions do occur, with other values and in other words.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from training.engine import read, ways

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A dialogue up to the user's last message; right when the answer holds one of `expected` as whole words.

    With `exactly` the normalised answer has to be one of them.
    """

    kind: str
    system: str
    said: tuple[str, ...]  # user, assistant, user …; ends with the user's question
    expected: tuple[str, ...]
    exactly: bool = False

    def messages(self) -> list[Message]:
        head = [{"role": "system", "content": self.system}] if self.system else []
        return head + [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(self.said)]


_TEXTS = read("lessons/dialogues")
LESSONS = tuple(
    Lesson(kind, system, ways(said), ways(expected), bool(exactly))
    for kind, system, said, expected, exactly in _TEXTS.rows("lessons")
)
RESERVED = _TEXTS.items("reserved")  # values that no training dialogue holds


def normal(text: str) -> str:
    """Lower case, no marks, single spaces: "What's that?" -> "what is that"."""
    text = text.casefold().replace("’", "'").replace("what's", "what is")
    return " ".join(re.sub(r"[^\w:]+", " ", text).split())


def is_right(lesson: Lesson, answer: str) -> bool:
    """Whether an answer holds what the lesson expects, in whole words."""
    said = normal(answer)
    if lesson.exactly:
        return said in {normal(text) for text in lesson.expected}
    return any(f" {normal(text)} " in f" {said} " for text in lesson.expected)


@lru_cache(maxsize=1)
def _held_out_questions() -> frozenset[str]:
    return frozenset(normal(lesson.said[0]) for lesson in LESSONS if not lesson.system and len(lesson.said) == 1)


@lru_cache(maxsize=1)
def _reserved() -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(re.escape(normal(word)) for word in RESERVED) + r")\b")


def is_held_out(messages: list[Message]) -> bool:
    """Whether a dialogue asks one of the plain lesson questions or holds one of the reserved values."""
    if any(_reserved().search(normal(message["content"])) for message in messages):
        return True
    return any(
        message["role"] == "user" and normal(message["content"]) in _held_out_questions() for message in messages
    )
