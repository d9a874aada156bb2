"""The dialogues that the assistant learns from."""

import random
from importlib import import_module
from itertools import islice

import pytest

from training.assistant_lessons import LESSONS, RESERVED, Lesson, is_held_out, is_right, normal
from training.conversations import TOPICS, dialogues, given, styles, topics, values
from training.conversations.facts import BY_NAME, KINDS
from training.conversations.turns import Turn, turn, typed


@pytest.fixture(scope="module")
def talks():
    return list(islice(dialogues(7), 1500))


def test_the_same_seed_gives_the_same_dialogues_and_another_gives_others(talks):
    assert list(islice(dialogues(7), 50)) == talks[:50]
    assert list(islice(dialogues(8), 50)) != talks[:50]


def test_every_dialogue_is_an_optional_system_prompt_then_user_and_assistant_in_turn(talks):
    for messages in talks:
        roles = [message["role"] for message in messages]
        turns = roles[1:] if roles[0] == "system" else roles
        assert turns and turns == ["user", "assistant"] * (len(turns) // 2)


def test_no_slot_choice_or_gap_is_left_open(talks):
    for messages in talks:
        for message in messages:
            text = message["content"]
            assert text.strip() == text != ""
            assert not set("{}|<>") & set(text) and "  " not in text and " ." not in text.replace(" ...", "")


def test_answers_begin_with_a_capital_and_end_with_a_mark(talks):
    answers = [message["content"] for messages in talks for message in messages if message["role"] == "assistant"]
    assert all(answer[0].isupper() or answer[0].isdigit() or not answer[0].isascii() for answer in answers)
    assert all(answer[-1] in '.!?"' for answer in answers)


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_has_many_turns(name):
    rng = random.Random(0)
    turns = {import_module(f"training.conversations.{name}").turn_of(rng) for _ in range(200)}
    assert len({t.question for t in turns}) > 25
    assert all(t.short == "" or len(t.short.split()) <= 4 for t in turns)


def test_the_shares_of_the_topics_are_shares():
    assert sum(topics().values()) == pytest.approx(1.0)
    assert min(topics().values()) > 0.01


def test_slots_are_filled_alike_in_question_and_answer():
    made = turn(random.Random(0), ("what is {a:x}?",), ("{a:x} is {y}.",), x=("apple",), y="red")
    assert made == Turn("What is an apple?", "An apple is red.")


def test_people_type_in_several_ways_but_never_lose_a_word():
    rng = random.Random(0)
    ways = {typed(rng, "What is the date?") for _ in range(300)}
    assert {"What is the date?", "what is the date", "What's the date?"} <= ways
    assert {normal(way) for way in ways} == {"what is the date"}


def test_what_is_told_is_what_is_answered():
    rng = random.Random(1)
    for kind in KINDS:
        fact = given.Fact(rng, kind)
        assert normal(fact.slots["v"]) in normal(fact.told)
        known = fact.known()
        assert normal(fact.slots["v"]) in normal(known.answer)
        told_word = fact.slots["v"] in values.COMMON  # "what" may be the secret word
        assert told_word or normal(fact.slots["v"]) not in normal(known.question)


def test_facts_of_one_prompt_do_not_contradict_each_other():
    rng = random.Random(2)
    for _ in range(300):
        names = [fact.kind.name for fact in given.facts(rng, 4)]
        assert len([n for n in names if n in ("weekday", "full date")]) < 2
        assert len([n for n in names if n in ("date", "full date")]) < 2
        assert names.count("name") < 2


def test_a_prompt_may_tell_the_same_of_two_things():
    rng = random.Random(3)
    told = [given.facts(rng, 4, (BY_NAME["teacher"], BY_NAME["thing"])) for _ in range(20)]
    assert any(len({f.kind.name for f in facts}) < len(facts) for facts in told)
    assert all(len({(f.kind.name, f.slots["w"]) for f in facts}) == len(facts) for facts in told)


def test_names_are_seldom_met_twice():
    rng = random.Random(4)
    names = [given.Fact(rng, BY_NAME["name"]).slots["v"] for _ in range(2000)]
    assert len(set(names)) > 1000


@pytest.mark.parametrize(
    ("maker", "expected"),
    [(styles.one_word, "Madrid."), (styles.pirate, "Arr! The capital of Spain is Madrid, matey!")],
)
def test_styles_change_the_answer(maker, expected):
    rule = maker(random.Random(0))
    assert rule.apply(Turn("What is the capital of Spain?", "The capital of Spain is Madrid.", "Madrid.")) == expected


def test_a_phrase_of_the_rule_stands_in_every_answer():
    rng = random.Random(5)
    asked = Turn("What colour is snow?", "Snow is white.", "White.")
    for _ in range(50):
        ends, begins, calls = styles.phrase_at_end(rng), styles.phrase_at_start(rng), styles.addressed(rng)
        phrase = ends.apply(asked).removeprefix("Snow is white. ")
        assert phrase in ends.rule
        assert begins.apply(asked).removesuffix(" Snow is white.") in begins.rule
        assert calls.apply(asked).removeprefix("Snow is white, ").removesuffix(".") in calls.rule
    assert styles.one_word(rng).apply(Turn("How are you?", "I am fine.")) is None


# --- the held-out lessons ------------------------------------------------------------------------------------------------


def test_no_training_dialogue_is_held_out(talks):
    text = normal(" ".join(message["content"] for messages in talks for message in messages))
    assert not [word for word in RESERVED if f" {normal(word)} " in f" {text} "]
    asked = {normal(m["content"]) for messages in talks for m in messages if m["role"] == "user"}
    plain = {normal(lesson.said[0]) for lesson in LESSONS if not lesson.system and len(lesson.said) == 1}
    assert not asked & plain and len(plain) >= 25


def test_every_value_that_a_lesson_gives_and_asks_back_is_reserved_or_of_a_closed_kind():
    closed = {"Friday"}
    for lesson in LESSONS:
        if lesson.kind.startswith("told"):
            word = lesson.expected[0]
            assert word in closed or any(normal(reserved) in normal(word) for reserved in RESERVED), word
            assert normal(word) in normal(" ".join([lesson.system, *lesson.said]))


def test_there_are_enough_lessons_of_each_kind():
    kinds = [lesson.kind for lesson in LESSONS]
    assert len(LESSONS) >= 50 and kinds.count("told by the system") >= 15
    assert all(lesson.messages()[-1]["role"] == "user" for lesson in LESSONS)


def test_held_out_sees_marks_case_and_whole_words_only():
    assert is_held_out([{"role": "user", "content": "what's the capital of spain"}])
    assert is_held_out([{"role": "system", "content": "You are QUIMBY!"}])
    assert not is_held_out([{"role": "user", "content": "What is the capital of France?"}])
    assert not is_held_out([{"role": "assistant", "content": "The otters swim."}])


@pytest.mark.parametrize(
    ("answer", "right"), [("It is Madrid.", True), ("madrid", True), ("Madridia!", False), ("", False)]
)
def test_an_answer_is_right_when_it_holds_the_word(answer, right):
    assert is_right(Lesson("facts", "", ("?",), ("Madrid",)), answer) is right


def test_exactly_means_nothing_else():
    lesson = Lesson("style", "Answer in one word.", ("?",), ("Madrid",), exactly=True)
    assert is_right(lesson, "Madrid.") and not is_right(lesson, "It is Madrid.")
