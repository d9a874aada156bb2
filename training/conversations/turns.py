"""What the topics of the conversations share: turns, and the ways people type."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.engine import Texts, cap, fill, pick, ways

Message = dict[
    str, str
]  # {"role": "system" | "user" | "assistant", "content": text}, as transformers' chat templates take it
SaidAndAnswered = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, its answer, and the answer in one word where there is one."""

    question: str
    answer: str
    short: str = ""


def turn(
    rng: random.Random, questions: Sequence[str], answers: Sequence[str], short: str = "", **values: str | Sequence[str]
) -> Turn:
    """One of the questions and one of the answers, their gaps filled with the same words."""
    chosen = {name: value if isinstance(value, str) else pick(rng, value) for name, value in values.items()}
    question, answer = (fill(rng, pick(rng, lines), chosen) for lines in (questions, answers))
    return Turn(cap(question), cap(answer), cap(short))


def ask(
    rng: random.Random, texts: Texts, what: str, told: str = "", short: str = "", **values: str | Sequence[str]
) -> Turn:
    """A turn of the section `WHAT asked` and the section `told`, or the section WHAT where it is not given."""
    return turn(rng, texts.lines(f"{what} asked"), texts.lines(told or what), short, **values)


def said_and_answered(texts: Texts) -> SaidAndAnswered:
    """The section `turns`: ways to say something, and ways to answer it."""
    return tuple((ways(said), ways(answers)) for said, answers in texts.rows("turns"))


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
