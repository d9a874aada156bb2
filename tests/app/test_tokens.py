"""The Tokens screen through the whole app: its numbers against independent counts, and widgets that change them."""

import json

import pytest
from tokenizers import Tokenizer

from model_backend.base.languages import LANGUAGES
from model_backend.hub import catalogue

PROMPT = "The dog's bark was"


def data_of(at, name: str) -> dict:
    (component,) = [c for c in at.get("bidi_component") if c.proto.component_name == f"tokenscope.{name}"]
    return json.loads(component.proto.json)


@pytest.fixture(scope="module")
def own() -> Tokenizer:
    """The storyteller's tokenizer, opened by the tokenizers library alone."""
    entry = catalogue.find("bundled/storyteller")
    if entry is None:
        pytest.skip("no bundled model here")
    return Tokenizer.from_file(str(entry.path / "tokenizer.json"))


def count(own: Tokenizer, text: str) -> int:
    return len(own.encode(text, add_special_tokens=False).ids)


def test_the_chips_are_the_tokenizers_own_ids(open_screen, own):
    at = open_screen("tokens", prompt=PROMPT)
    data = data_of(at, "token_inspector")
    assert [part["id"] for chip in data["chips"] for part in chip["tokens"]] == own.encode(PROMPT).ids
    n = {label: number for label, number, _ in data["counts"]}
    assert (
        n["characters"] == n["bytes"] == 18 and n["tokens"] == count(own, PROMPT) and n["words (between spaces)"] == 4
    )


def test_the_ladder_ends_with_the_tokens_and_follows_the_word(open_screen, own):
    at = open_screen("tokens", prompt=PROMPT)
    at.selectbox(key="tokens_word").set_value("bark").run()
    last = data_of(at, "merges")["chunks"][0]["rows"][-1]
    assert [cell["id"] for cell in last["cells"]] == own.encode(" bark", add_special_tokens=False).ids
    at.toggle(key="tokens_space").set_value(False).run()
    last = data_of(at, "merges")["chunks"][0]["rows"][-1]
    assert [cell["id"] for cell in last["cells"]] == own.encode("bark", add_special_tokens=False).ids


def test_the_word_follows_the_focused_token(open_screen):
    at = open_screen("tokens", prompt=PROMPT, focus="2")
    assert at.selectbox(key="tokens_word").value == "dog's"


def test_the_price_changes_the_money_and_not_the_tokens(open_screen, own):
    at = open_screen("tokens", prompt=PROMPT)
    english = LANGUAGES[0].sentences[0]
    before = {row["code"]: row for row in data_of(at, "language_cost")["rows"]}
    assert before["en"]["n"] == count(own, english) and before["en"]["money"] == pytest.approx(count(own, english))
    at.number_input(key="tokens_price").set_value(2.5).run()
    after = {row["code"]: row for row in data_of(at, "language_cost")["rows"]}
    for code, row in after.items():
        assert row["n"] == before[code]["n"] and row["money"] == pytest.approx(2.5 * row["n"])


def test_another_sentence_and_one_of_the_persons_own(open_screen, own):
    at = open_screen("tokens", prompt=PROMPT)
    at.selectbox(key="tokens_sentence").set_value(1).run()
    at.text_input(key="tokens_own").set_value("Saluton, <b>mondo</b>").run()
    rows = {row["code"]: row for row in data_of(at, "language_cost")["rows"]}
    assert rows["de"]["n"] == count(own, LANGUAGES[2].sentences[1])
    assert rows["own"]["n"] == count(own, "Saluton, <b>mondo</b>")
    assert len(rows) == len(LANGUAGES) + 1


def test_another_tokenizer_for_the_languages(open_screen):
    at = open_screen("tokens", prompt=PROMPT)
    at.selectbox(key="tokens_language_tokenizer").set_value("plain bytes").run()
    rows = {row["code"]: row for row in data_of(at, "language_cost")["rows"]}
    assert rows["th"]["n"] == len(LANGUAGES[[lang.code for lang in LANGUAGES].index("th")].sentences[0].encode())


def test_letters_of_any_word(open_screen, shown):
    at = open_screen("tokens", prompt=PROMPT)
    assert data_of(at, "letters")["total"] == 3
    at.text_input(key="tokens_letters_word").set_value("Mississippi").run()
    at.text_input(key="tokens_letter").set_value("s").run()
    assert data_of(at, "letters")["total"] == 4
    assert "<b>4</b> times" in shown(at)


def test_an_unknown_tokenizer_is_a_row_that_says_why(open_screen):
    at = open_screen("tokens", prompt=PROMPT)
    at.multiselect(key="tokens_others").set_value(["nobody/nothing"]).run()
    assert not at.exception
    row = next(row for row in data_of(at, "cuts")["rows"] if row["name"] == "nobody/nothing")
    assert row["reason"].startswith("Not available")


def test_the_plain_yardsticks_are_beside_the_model(open_screen, own):
    at = open_screen("tokens", prompt="né <b>")
    rows = {row["name"]: row["n"] for row in data_of(at, "cuts")["rows"]}
    assert (rows["bytes"], rows["characters"], rows["words"]) == (7, 6, 2)
    assert rows["bundled/storyteller"] == count(own, "né <b>")
