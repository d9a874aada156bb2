"""What the Tokens screen draws equals the records: chips, ladders, letters, languages, for awkward texts too."""

import json

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from model_backend.base.cuts import PLAIN, Cut, by_bytes, by_characters, by_words
from model_backend.base.languages import language_costs
from model_backend.base.records import Tokenization
from model_backend.tokens.bpe import Cutter, merge_steps
from viz import merges, tokens

FAMILY = "👩\u200d👩\u200d👧"
TEXTS = ["a", "the the the", "a\nb", FAMILY, "<b>bold</b>", "नमस्ते", "مرحبا", "สวัสดี", "", "\x00\u202e"]
TABLE = [("l", "o"), ("lo", "w"), ("e", "r"), ("low", "er")]


def per_byte(text: str, special: bool = True) -> Tokenization:
    """A hand-made tokenization: one special token, then one token a byte."""
    data = text.encode()
    n = len(data) + special
    return Tokenization(
        text=text,
        ids=np.array([999] * special + list(data)),
        pieces=("<|end|>",) * special + tuple(tokens.label_of(bytes([byte])) for byte in data),
        token_bytes=(b"",) * special + tuple(bytes([byte]) for byte in data),
        spans=((0, 0),) * n,
        is_special=np.array([True] * special + [False] * len(data)),
        is_lossless=True,
    )


def hand_made() -> Tokenizer:
    """A BPE of four merges over the bytes, as in the docstring of model_backend.tokens.bpe."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = [*alphabet, *(left + right for left, right in TABLE)]
    tokenizer = Tokenizer(models.BPE({name: i for i, name in enumerate(names)}, TABLE))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def inspect(text: str) -> dict:
    return tokens.inspector(per_byte(text), focus=0, vocab_size=1000, made_by=lambda token_id: None, n_merges=4)


@pytest.mark.parametrize("text", TEXTS)
def test_inspector_shows_every_token_once_with_its_bytes(text):
    data = inspect(text)
    parts = [part for chip in data["chips"] for part in chip["tokens"]]
    assert [part["position"] for part in parts] == list(range(len(text.encode()) + 1))
    assert "".join("".join(part["bytes"]) for part in parts) == text.encode().hex().upper()
    assert "\ufffd" not in json.dumps(data, ensure_ascii=False)


def test_one_character_of_several_tokens_is_one_chip_with_several_ids():
    chips = inspect("é")["chips"]
    assert [[part["id"] for part in chip["tokens"]] for chip in chips] == [[999], [0xC3, 0xA9]]
    assert chips[1]["label"] == "é" and all(part["is_part"] for part in chips[1]["tokens"])


def test_word_pieces_say_whether_they_go_on_with_a_word():
    data = tokens.inspector(
        per_byte(" a"),
        focus=0,
        vocab_size=1000,
        made_by=lambda token_id: None,
        n_merges=0,
        goes_on=lambda i: i == ord("a"),
    )
    assert [part["space"] for chip in data["chips"] for part in chip["tokens"]] == [False, False, True]


def test_details_of_a_token_by_hand():
    token = Tokenization(" é", np.array([7]), (" é",), (" é".encode(),), ((0, 2),), np.array([False]), True)
    data = tokens.inspector(token, focus=0, vocab_size=10, made_by={7: 3}.get, n_merges=5)
    (part,) = data["chips"][0]["tokens"]
    assert part["label"] == "·é" and part["space"] and part["rank"] == 3 and part["bytes"] == ["20", "C3", "A9"]
    assert [point["code"] for point in part["code_points"]] == ["U+0020", "U+00E9"]
    assert part["code_points"][1]["name"] == "LATIN SMALL LETTER E WITH ACUTE"


def test_a_special_token_has_no_merge_rank():
    data = tokens.inspector(per_byte("a"), focus=0, vocab_size=1000, made_by=lambda token_id: 1, n_merges=4)
    assert [part["rank"] for chip in data["chips"] for part in chip["tokens"]] == [None, 1]


def test_long_prompts_keep_the_focused_token_in_view():
    text = "x" * 2000
    data = tokens.inspector(per_byte(text), focus=1990, vocab_size=1000, made_by=lambda token_id: None, n_merges=0)
    shown = [part["position"] for chip in data["chips"] for part in chip["tokens"]]
    assert len(shown) <= tokens.MAX_DETAILS
    assert 1990 in shown and data["hidden"] == 2001 - len(shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FAMILY, {"characters": 1, "code_points": 5, "bytes": 18, "tokens": 18, "words": 1}),
        ("The dog\nbarks ", {"characters": 14, "code_points": 14, "bytes": 14, "tokens": 14, "words": 3}),
        ("สวัสดี", {"characters": 4, "code_points": 6, "bytes": 18, "tokens": 18, "words": 1}),
        ("", {"characters": 0, "code_points": 0, "bytes": 0, "tokens": 0, "words": 0}),
    ],
)
def test_counts_by_hand(text, expected):
    assert tokens.counts(per_byte(text)) == expected | {"special": 1}


def test_the_unknown_token_counts_as_text_and_says_so():
    cut = Tokenization(
        "a☃", np.array([5, 0]), ("a", "[UNK]"), (b"a", b""), ((0, 1), (1, 2)), np.array([False, True]), False, "unknown"
    )
    assert tokens.counts(cut)["tokens"] == 2 and tokens.counts(cut)["special"] == 0
    data = tokens.inspector(cut, focus=0, vocab_size=9, made_by=lambda token_id: None, n_merges=0)
    assert [part["unknown"] for chip in data["chips"] for part in chip["tokens"]] == [False, True]


def test_word_at_finds_the_word_of_a_token_and_forgives_its_space():
    text = "The dog's bark"
    spans = ((0, 3), (3, 7), (7, 9), (9, 14))
    cut = Tokenization(
        text, np.arange(4), ("",) * 4, tuple(text[a:b].encode() for a, b in spans), spans, np.zeros(4, bool), True
    )
    assert [tokens.word_at(cut, i) for i in range(4)] == ["The", "dog's", "dog's", "bark"]
    assert tokens.word_at(per_byte(""), 0) == ""


def test_the_ladder_of_lower_by_hand():
    data = merges.ladder(merge_steps(hand_made(), "lower"))
    (chunk,) = data["chunks"]
    assert chunk["columns"] == 5
    rows = [[(cell["label"], cell["start"], cell["span"]) for cell in row["cells"]] for row in chunk["rows"]]
    assert rows[0] == [("l", 0, 1), ("o", 1, 1), ("w", 2, 1), ("e", 3, 1), ("r", 4, 1)]
    assert rows[1] == [("lo", 0, 2), ("w", 2, 1), ("e", 3, 1), ("r", 4, 1)]
    assert rows[3] == [("low", 0, 3), ("er", 3, 2)]
    assert rows[4] == [("lower", 0, 5)] and chunk["rows"][4]["final"]
    assert chunk["rows"][0]["pairs"] == [{"at": 1, "rank": 0, "chosen": True}, {"at": 4, "rank": 2, "chosen": False}]
    assert [cell["hot"] for cell in chunk["rows"][0]["cells"]] == [True, True, False, False, False]
    assert [cell["new"] for cell in chunk["rows"][1]["cells"]] == [True, False, False, False]
    assert [(row["left"], row["right"], row["rank"]) for row in chunk["rows"][:4]] == [
        ("l", "o", 0),
        ("lo", "w", 1),
        ("e", "r", 2),
        ("low", "er", 3),
    ]


def test_the_same_pair_twice_is_one_step_with_two_marks():
    (chunk,) = merges.ladder(merge_steps(hand_made(), "lolo"))["chunks"]
    assert [pair["at"] for pair in chunk["rows"][0]["pairs"] if pair["chosen"]] == [1, 3]
    assert [cell["new"] for cell in chunk["rows"][1]["cells"]] == [True, True]


@pytest.mark.parametrize("text", TEXTS)
def test_every_row_of_a_ladder_covers_all_columns(text):
    for chunk in merges.ladder(merge_steps(hand_made(), " lower" + text))["chunks"]:
        for row in chunk["rows"]:
            ends = [cell["start"] + cell["span"] for cell in row["cells"]]
            assert [cell["start"] for cell in row["cells"]] == [0, *ends[:-1]] and ends[-1] == chunk["columns"]
            assert "\ufffd" not in str(row)


def test_the_ladder_of_wordpiece_strikes_what_was_tried():
    vocabulary = {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    (chunk,) = merges.ladder(merge_steps(tokenizer, "unaffable"))["chunks"]
    assert [row["result"] for row in chunk["rows"][:-1]] == ["un", "##aff", "##able"]
    assert chunk["rows"][0]["n_tried"] == 8 and chunk["rows"][0]["tried"][0] == "unaffable"
    final = chunk["rows"][-1]["cells"]
    assert [(cell["label"], cell["id"], cell["start"], cell["span"]) for cell in final] == [
        ("un", 1, 0, 2),
        ("##aff", 2, 2, 3),
        ("##able", 3, 5, 4),
    ]
    (unknown,) = merges.ladder(merge_steps(tokenizer, "unx"))["chunks"]
    assert [cell["label"] for cell in unknown["rows"][-1]["cells"]] == ["[UNK]"]


def test_the_ladder_of_unigram_shows_scores_that_add_up():
    tokenizer = Tokenizer(
        models.Unigram([("<unk>", 0.0), ("a", -3.0), ("b", -3.0), ("ab", -4.0), ("c", -2.0)], unk_id=0)
    )
    (chunk,) = merges.ladder(merge_steps(tokenizer, "abc"))["chunks"]
    assert [(row["total"], row["best"]) for row in chunk["rows"][:2]] == [(-6.0, True), (-8.0, False)]
    assert sum(cell["score"] for cell in chunk["rows"][1]["cells"]) == -8.0


def test_tables_of_the_ladder_have_one_row_a_step():
    columns = merges.columns(merge_steps(hand_made(), "lower"))
    assert columns["rank"] == [0, 1, 2, 3] and columns["left"] == ["l", "lo", "e", "low"]
    assert {len(column) for column in columns.values()} == {4}


@pytest.mark.parametrize("text", TEXTS)
def test_comparison_rows_equal_their_cuts(text):
    found = [*(cut(text) for cut in PLAIN.values()), Cut("x", "X", reason="not here")]
    rows = tokens.cuts(text, found)
    assert [row["n"] for row in rows] == [len(text.encode()), len(text), by_words(text).n_tokens, 0]
    for row, cut in zip(rows, found, strict=True):
        ids = [token_id for chip in row["chips"] for token_id in chip["ids"]]
        assert ids == list(cut.ids)
    assert rows[-1]["reason"] == "not here"
    assert len(tokens.cut_columns(found)["tokens"]) == 3


def test_long_comparisons_say_how_much_is_not_drawn():
    (row,) = tokens.cuts("x" * 1000, [by_characters("x" * 1000)])
    assert row["hidden"] == 1000 - tokens.MAX_CHIPS and row["n"] == 1000


@pytest.mark.parametrize(
    ("word", "letter", "total"),
    [
        ("strawberry", "r", 3),
        ("Rhubarb", "R", 2),
        ("Mississippi", "s", 4),
        ("été", "é", 2),
        ("e\u0301te", "é", 1),
        ("dog", "x", 0),
        (FAMILY, FAMILY, 1),
    ],
)
def test_letters_are_counted_truly(word, letter, total):
    cut = by_bytes(word)
    data = tokens.letters(word, letter, cut.ids, cut.token_bytes)
    assert data["total"] == total == max([0, *(shown["number"] for shown in data["letters"])])
    assert tokens.count_letter(word, letter) == total


def test_letters_inside_the_tokens():
    data = tokens.letters("strawberry", "r", [1, 2], [b"straw", b"berry"])
    assert [(chip["label"], chip["ids"], chip["count"]) for chip in data["tokens"]] == [
        ("straw", [1], 1),
        ("berry", [2], 2),
    ]


def test_language_rows_equal_the_costs():
    costs = language_costs(lambda text: len(text.encode()), price_per_million=2.0, own={"own": "<b>"})
    rows = tokens.language_rows(costs)
    assert [row["n"] for row in rows] == [cost.n_tokens for cost in costs]
    assert rows[-1]["share"] == 1 and rows[0]["share"] == pytest.approx(rows[0]["n"] / rows[-1]["n"])
    by_code = {row["code"]: row for row in rows}
    assert by_code["en"]["ratio"] == 1 and by_code["ar"]["direction"] == "rtl" and by_code["own"]["direction"] == "auto"
    assert by_code["ru"]["money"] == pytest.approx(by_code["ru"]["n"] * 2e-6)
    assert len({len(column) for column in tokens.language_columns(costs).values()}) == 1


def test_a_trained_tokenizer_draws_without_replacement_characters():
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    core.train_from_iterator(
        TEXTS * 3, trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    )
    cutter = Cutter(core)
    for text in TEXTS:
        assert "\ufffd" not in json.dumps(merges.ladder(cutter.trace(text)), ensure_ascii=False)
