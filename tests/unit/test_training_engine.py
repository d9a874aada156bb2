"""The engine behind the synthetic texts: what a file says is read, and drawing follows the two orders that it documents."""

import random

import pytest

from training.engine import (
    FOLDER,
    Texts,
    a,
    ended,
    fill,
    fill_then_choose,
    listing,
    names,
    parts_of,
    perform,
    pick,
    read,
    text,
    ways,
)

FILE = """
# a comment
[frames]
{N} ran.
{N} ran.
-
one\\nline

[words]
# another
red, light blue,
green

[rows]
dog | woof / wuff | -
cat | - | kitten

[story]
thing = ball | kite
pet; sound = cat; meow
| dog; woof
{n} has {a:thing}.
| The {pet} says {sound}.
Good.
"""


@pytest.fixture
def texts():
    return Texts(FILE)


def test_a_file_is_sections_of_lines_items_and_rows(texts):
    assert list(texts.sections) == ["frames", "words", "rows", "story"]
    assert texts.lines("frames") == ("{N} ran.", "{N} ran.", "", "one\nline")
    assert texts.items("words") == ("red", "light blue", "green")
    assert texts.rows("rows") == (("dog", "woof / wuff", ""), ("cat", "", "kitten"))
    assert ways("woof / wuff") == ("woof", "wuff") and ways("") == ()


def test_a_script_draws_words_first_and_gives_its_sentences_in_order(texts):
    script = texts.script("story")
    assert script == (
        (("thing",), "(ball|kite)"),
        (("pet", "sound"), "(cat; meow|dog; woof)"),
        ((), "({n} has {a:thing}.|The {pet} says {sound}.)"),
        ((), "Good."),
    )
    told = {tuple(perform(random.Random(seed), script, {"n": "Mia"})) for seed in range(60)}
    first = {sentences[0] for sentences in told}
    assert first == {"Mia has a ball.", "Mia has a kite.", "The cat says meow.", "The dog says woof."}
    assert {sentences[1:] for sentences in told} == {("Good.",)}


def test_two_sections_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="called words"):
        Texts("[words]\na\n[words]\nb")


@pytest.mark.parametrize(
    ("frame", "written"),
    [
        ("{x} and {X}", "owl and Owl"),
        ("{a:x}, {A:x}", "an owl, An owl"),
        ("(no bar) here | there", "(no bar) here | there"),
        ("just words", "just words"),
    ],
)
def test_gaps_take_capitals_and_articles(frame, written):
    assert fill(random.Random(0), frame, {"x": "owl"}) == written
    assert fill_then_choose(random.Random(0), [frame], {"x": "owl"}) == written


def test_what_a_frame_asks_for_is_told_and_a_missing_word_is_an_error():
    assert names("{a:x} and (one|two) {Y}") == {"x", "Y"}
    with pytest.raises(KeyError):
        fill(random.Random(0), "{y}", {"x": "owl"})
    with pytest.raises(ValueError, match="not closed"):
        parts_of("an (open|bracket")


def test_fill_draws_choices_first_and_each_word_once():
    """Worked by hand with the same dice: the choice of the end, then the colour at the beginning."""
    colours = ("red", "blue", "green")
    for seed in range(20):
        dice = random.Random(seed)
        end, colour = pick(dice, ("mat", "hat", "bat")), pick(dice, colours)
        found = fill(random.Random(seed), "{c} and {c} (mat|hat|bat)", {"c": colours})
        assert found == f"{colour} and {colour} {end}"


def test_fill_then_choose_draws_everything_before_it_chooses():
    """As an eager language evaluates: every frame from left to right, inner choices before outer ones, every word anew."""
    colours = ("red", "blue", "green")
    frames = ("{c} {c}", "a plain {n}", "({c} (x|y)|never) {d}", "the last")
    for seed in range(40):
        dice = random.Random(seed)
        first = f"{pick(dice, colours)} {pick(dice, colours)}"
        inner = pick(dice, [f"{pick(dice, colours)} {pick(dice, ('x', 'y'))}", "never"])
        third = f"{inner} {dice.randint(1, 6)}"
        expected = pick(dice, (first, "a plain Mia", third, "the last"))
        values = {"c": colours, "n": "Mia", "d": lambda rng: str(rng.randint(1, 6))}
        assert fill_then_choose(random.Random(seed), frames, values) == expected


def test_sentences_become_a_document():
    assert text("one", "", " two. ") == "One Two."
    assert ended('he wrote "yes"') == 'he wrote "yes."' and ended("") == "" and ended("why?") == "why?"
    assert a("hour") == "an hour" and a("unicorn") == "a unicorn" and listing(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.txt")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_text_can_be_read(path):
    found = read(str(path.relative_to(FOLDER).with_suffix("")))
    assert found.sections and all(found.sections.values())
    for lines in found.sections.values():
        for line in lines:
            parts_of(line)
