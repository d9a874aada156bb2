"""Sentences that lessons translate, with the translations a teacher would accept. None of them is ever trained on.

Accepted translations are compared without case and outer marks (`pairs.bare`).
"""

from dataclasses import dataclass

from training.engine import read, ways
from training.pairs import Pair, bare, even


@dataclass(frozen=True)
class Lesson:
    """An English sentence, the language to translate it into, and the translations that count as right."""

    english: str
    language: str
    accepted: tuple[str, ...]


LESSONS = tuple(
    Lesson(english, language, ways(accepted))
    for language, english, accepted in read("lessons/translations").rows("lessons")
)

_BARE = frozenset(bare(lesson.english) for lesson in LESSONS)


def is_lesson(pair: Pair) -> bool:
    """Is its English side a lesson sentence, in any language and with any end mark?"""
    return bare(pair.english) in _BARE


def is_right(lesson: Lesson, translation: str) -> bool:
    return bare(even(translation, lesson.language)) in {bare(text) for text in lesson.accepted}
