"""What the topics of the conversations share: turns, the choice of words, and the ways people type."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.classroom.engine import cap, pick
from training.classroom.senses import fill, frames

__all__ = ["Message", "Turn", "cap", "fill", "frames", "pairs", "pick", "table", "turn", "typed", "words"]

Message = dict[
    str, str
]  # {"role": "system" | "user" | "assistant", "content": text}, as transformers' chat templates take it


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, its answer, and the answer in one word where there is one."""

    question: str
    answer: str
    short: str = ""


def table(lines: str, separator: str = "|") -> tuple[tuple[str, ...], ...]:
    """One row a line, its cells stripped."""
    return tuple(tuple(cell.strip() for cell in line.split(separator)) for line in lines.strip().splitlines())


def pairs(lines: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """`a / b | c / d`: ways to say something, and ways to answer it."""
    return tuple(
        (tuple(map(str.strip, said.split("/"))), tuple(map(str.strip, answers.split("/"))))
        for said, answers in table(lines)
    )


def words(text: str, separator: str | None = None) -> tuple[str, ...]:
    """The words of a line, between spaces unless told otherwise."""
    return tuple(text.split(separator))


def turn(
    rng: random.Random, questions: Sequence[str], answers: Sequence[str], short: str = "", **values: str | Sequence[str]
) -> Turn:
    """One of the questions and one of the answers, their slots filled with the same values."""
    chosen = {name: value if isinstance(value, str) else pick(rng, value) for name, value in values.items()}
    question, answer = (fill(rng, pick(rng, lines), chosen) for lines in (questions, answers))
    return Turn(cap(question), cap(answer), short)


def typed(rng: random.Random, question: str) -> str:
    """The question as people type it: mostly with care, sometimes without a question mark or the first capital."""
    way = rng.random()
    if way < 0.05:
        question = question.rstrip("?.!… ")
    elif way < 0.10:
        question = question[:1].lower() + question[1:] if not question.startswith("I ") else question
    elif way < 0.14:
        question = question.lower().rstrip("?.!… ")
    elif way < 0.19:
        question = question.replace("What is ", "What's ", 1).replace("what is ", "what's ", 1)
    return question
