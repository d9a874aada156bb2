"""The classroom text: reproducible, clean, and without the prompts it is judged on."""

import collections
import random
import re

import pytest

from training import classroom
from training.classroom import colours
from training.lesson_prompts import COLOURS, LESSON_PROMPTS, is_bare_prompt

SAMPLE_CHARS = 700_000


@pytest.fixture(scope="module")
def sample() -> list[str]:
    return list(classroom.documents(seed=0, n_chars=SAMPLE_CHARS))


def test_the_same_seed_gives_the_same_text(sample):
    again = list(classroom.documents(seed=0, n_chars=50_000))
    assert again == sample[: len(again)]
    assert again != list(classroom.documents(seed=1, n_chars=50_000))


def test_the_checker_finds_a_bare_prompt():
    assert is_bare_prompt("The Eiffel Tower is in Paris.")
    assert is_bare_prompt("We were there.\nthe eiffel tower is tall.")
    assert not is_bare_prompt("We saw it. The Eiffel Tower is tall.")
    assert not is_bare_prompt("The Eiffel was an engineer's name.")


def test_no_document_starts_with_a_held_out_prompt(sample):
    assert not [document for document in sample if is_bare_prompt(document)]


def test_there_are_forty_prompts_and_the_six_that_were_asked_for():
    assert len(LESSON_PROMPTS) == 40
    asked = {
        "The Eiffel": "Tower",
        "Better safe than": "sorry",
        "An apple a day keeps the doctor": "away",
        "The capital of France is": "Paris",
        "a pinch of salt and a dash of": "pepper",
        "you hit the nail on the": "head",
    }
    assert asked.items() <= {item.prompt: item.answers[0] for item in LESSON_PROMPTS}.items()


@pytest.mark.parametrize("item", LESSON_PROMPTS, ids=lambda item: item.prompt)
def test_every_fact_occurs_in_other_places(sample, item):
    """At least five times in this sample, which is a twentieth of the training text."""
    text = "\n".join(sample).lower()
    found = sum(len(re.findall(rf"{re.escape(f'{item.prompt} {answer}'.lower())}\b", text)) for answer in item.answers)
    assert found >= 5


def test_favourite_colours_are_spread():
    """Each of the ten within 0.1 ± 0.04: four standard deviations of a fair share of about 1,000."""
    rng = random.Random(0)
    text = "\n".join(colours.document(rng) for _ in range(3_000))
    found = collections.Counter(re.findall(r"favourite colour is (\w+)", text))
    total = sum(found[colour] for colour in COLOURS)
    assert total > 800
    assert all(0.06 < found[colour] / total < 0.14 for colour in COLOURS)


def test_text_is_clean(sample):
    text = "\n".join(sample)
    assert not re.search(r"[{}]|  ", text)
    assert not re.search(r"\b[Aa] (?:apple|egg|orange|old|ice|elephant|umbrella|owl|insect|animal)\b", text)
    assert not re.search(r"\b[Aa]n (?:dog|cat|book|tree|uniform|red|big|small)\b", text)
    assert all(document.rstrip()[-1] in ".!?\"'”’" for document in sample)


def test_documents_hardly_repeat(sample):
    assert len(set(sample)) / len(sample) > 0.97
