"""Tokens and text: ids are those of transformers, bytes joined are the text, and what is lost is said."""

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_backend.base.errors import InvalidText
from model_backend.tokens.tokenization import tokenize
from model_backend.tokens.vocabulary import Vocabulary, byte_alphabet, decode_bytes, display
from tests.tiny_models import TOKENIZERS

NASTY = [
    "", "a", " ", "   ", " lead", "trail ", "two  spaces", "\n", "\n\n\ttab", "a\r\nb", "😀", "👩‍👩‍👧", "🇩🇪🏴‍☠️", "हिन्दी",
    "مرحبا بالعالم", "עברית", "ไทย", "中文字", "日本語", "\0", "a\0b", "e\u0301", "café", "CAFÉ", "<b>", "<script>alert(1)</script>",
    "<|endoftext|>", "a<|endoftext|> b", "<s>x</s>", " <s> x", "<unk>", "[MASK] a", "a [MASK] b", "[UNK]", "\ufffd", "Ġx", "##x",
    "\u200b\u00a0x", "ﬁ", "①", "Hello World!", "\ufeffbom", "0" * 30, " <0x41> ", "\u2028x", "the dog's bark was barely heard",
]  # fmt: skip
LOSSLESS = [name for name in TOKENIZERS if name.startswith(("byte", "sentencepiece"))]


def _vocabulary(name: str) -> tuple[Vocabulary, object]:
    tokenizer = TOKENIZERS[name]()
    backend = tokenizer.backend_tokenizer
    return Vocabulary(backend, frozenset(tokenizer.all_special_ids), backend.get_vocab_size() + 5), tokenizer


def _cut(name: str, text: str):
    vocabulary, tokenizer = _vocabulary(name)
    return tokenize(vocabulary, text, tokenizer.unk_token_id)


@pytest.mark.parametrize("name", TOKENIZERS)
def test_ids_are_those_of_transformers(name):
    _, tokenizer = _vocabulary(name)
    for text in NASTY:
        assert _cut(name, text).ids.tolist() == tokenizer(text)["input_ids"], text


@pytest.mark.parametrize("name", LOSSLESS)
def test_bytes_joined_are_the_text(name):
    """Catches: a leading space that the tokenizer added counted as text, one byte of an emoji shown as U+FFFD."""
    for text in NASTY:
        tokens = _cut(name, text)
        assert b"".join(tokens.token_bytes) == text.encode() and tokens.is_lossless and tokens.loss == "", text
        assert "\ufffd" not in "".join(tokens.pieces) or "\ufffd" in text


@pytest.mark.parametrize("name", TOKENIZERS)
def test_lossless_is_said_exactly_where_it_is_true(name):
    for text in NASTY:
        tokens = _cut(name, text)
        assert (b"".join(tokens.token_bytes) == text.encode()) == tokens.is_lossless, text
        assert bool(tokens.loss) != tokens.is_lossless
        assert all(0 <= start <= end <= len(text) for start, end in tokens.spans), text


@pytest.mark.parametrize("name", LOSSLESS)
def test_spans_hold_the_bytes(name):
    """Each token's bytes lie inside the characters of its span, and spans cover the text without a gap."""
    for text in NASTY:
        tokens = _cut(name, text)
        for data, (start, end) in zip(tokens.token_bytes, tokens.spans, strict=True):
            assert data in text[start:end].encode()
            assert bool(data) == (end > start)
        covered = {i for start, end in tokens.spans for i in range(start, end)}
        assert covered == set(range(len(text)))


def test_the_bytes_of_an_emoji_share_its_place():
    tokens = _cut("byte-level", "a😀")
    assert tokens.pieces == ("<|endoftext|>", "a", "⟨F0 9F⟩", "⟨98⟩", "⟨80⟩")  # F0 9F is a token of this vocabulary
    assert tokens.spans == ((0, 0), (0, 1), (1, 2), (1, 2), (1, 2))


def test_spans_hold_the_leading_space_also_where_the_tokenizer_trims():
    for name in ("byte-level", "byte-level, trimmed"):
        tokens = _cut(name, "the dog's")
        assert tokens.pieces[1:3] == ("the", " dog") and tokens.spans[1:3] == ((0, 3), (3, 7)), name


def test_special_tokens_added_and_typed():
    """Added by the tokenizer: no bytes, no place. Typed: their text."""
    tokens = _cut("byte-level", "a<|endoftext|>b")
    assert tokens.pieces == ("<|endoftext|>", "a", "<|endoftext|>", "b")
    assert tokens.token_bytes == (b"", b"a", b"<|endoftext|>", b"b")
    assert tokens.spans == ((0, 0), (0, 1), (1, 14), (14, 15))
    assert tokens.is_special.tolist() == [True, False, True, False]


def test_a_space_that_the_tokenizer_added_is_not_in_the_text():
    for name in ("sentencepiece, legacy", "sentencepiece, first", "byte-level, prefix space"):
        tokens = _cut(name, "Hello World")
        assert tokens.pieces[1].startswith(" ") and not tokens.token_bytes[1].startswith(b" "), name
        assert tokens.spans[1][0] == 0


@pytest.mark.parametrize(
    ("name", "text", "loss"),
    [
        ("word piece", "Hello World!", "lowercased"),
        ("word piece", "hello world!", "spaces"),
        ("word piece", "cafe\u0301 the", "normalized"),
        ("word piece", "a 😀", "unknown"),
        ("word piece, cased", "Hello World!", "spaces"),
        ("unigram", "two  spaces", "spaces"),
        ("unigram", "①", "normalized"),
        ("unigram", "中文字", "unknown"),
    ],
)
def test_what_was_lost_is_named(name, text, loss):
    assert _cut(name, text).loss == loss


def test_unknown_characters_have_a_place_but_no_bytes():
    tokens = _cut("word piece", "a 😀 the")
    assert tokens.pieces == ("[CLS]", "a", "[UNK]", "the", "[SEP]")
    assert tokens.token_bytes[2] == b"" and tokens.spans[2] == (2, 3)


def test_lone_surrogates_are_refused_with_their_place():
    with pytest.raises(InvalidText) as error:
        _cut("byte-level", "abc\ud83d!")
    assert error.value.details["position"] == 3 and error.value.code == "invalid_text" and error.value.hint


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back_from_byte_level(text):
    vocabulary, _ = _vocabulary("byte-level")
    tokens = tokenize(vocabulary, text)
    assert tokens.is_lossless and vocabulary.decode(tokens.ids[1:]) == text


@pytest.mark.parametrize("name", LOSSLESS)
def test_decode_gives_the_text_back(name):
    vocabulary, _ = _vocabulary(name)
    for text in NASTY:
        if name in ("sentencepiece, first", "byte-level, prefix space") and text[:1].isspace():
            continue  # these read "a" and " a" as the same tokens
        if "<s>" in text or "</s>" in text or "<unk>" in text or "endoftext" in text:
            continue
        back = vocabulary.decode(tokenize(vocabulary, text).ids, skip_special=True)
        assert back == (" " + text if name == "byte-level, prefix space" and text else text), (name, text)


def test_decode_agrees_with_transformers_on_whole_texts():
    for name in ("byte-level", "word piece", "unigram"):
        vocabulary, tokenizer = _vocabulary(name)
        for text in ("Hello World!", "naïve café", "two spaces"):
            ids = tokenizer(text)["input_ids"]
            assert vocabulary.decode(ids) == tokenizer.decode(ids), (name, text)


def test_decode_keeps_whole_characters_and_shows_the_rest_in_hex():
    vocabulary, tokenizer = _vocabulary("byte-level")
    ids = tokenizer("a😀")["input_ids"][1:]
    assert vocabulary.decode(ids) == "a😀"
    assert vocabulary.decode(ids[:-1]) == "a⟨F0 9F 98⟩"
    assert decode_bytes("\ufffd".encode()) == "\ufffd"
    assert decode_bytes(b"\xff\xfea\xf0\x9f") == "⟨FF⟩⟨FE⟩a⟨F0 9F⟩"


def test_table_of_the_vocabulary():
    vocabulary, tokenizer = _vocabulary("byte-level")
    assert vocabulary.is_special(0) and not vocabulary.is_special(5)
    assert vocabulary.token_bytes(0) == b"<|endoftext|>"
    unused = vocabulary.vocab_size - 1
    assert vocabulary.piece(unused) == f"⟨id {unused}⟩" and vocabulary.token_bytes(unused) == b""
    every = {vocabulary.token_bytes(i) for i in tokenizer.convert_tokens_to_ids(list(byte_alphabet()))}
    assert every == {bytes([byte]) for byte in range(256)}


def test_byte_alphabet_is_one_to_one_and_printable():
    alphabet = byte_alphabet()
    assert sorted(alphabet.values()) == list(range(256)) and alphabet["Ċ"] == 10 and alphabet["é"] == 0xE9
    assert all(not unicodedata.category(character).startswith(("C", "Z")) for character in alphabet)


def test_display_never_replaces():
    assert display(b"\xc3") == "⟨C3⟩" and display(b" caf\xc3\xa9\n") == " café\n"


def test_a_hundred_thousand_characters_take_a_moment():
    """A walk that copies the text at each token takes minutes of the processor's time, which no other program can take up."""
    vocabulary, _ = _vocabulary("byte-level")
    text = "the dog's bark 😀 " * 6000
    start = time.process_time()
    tokens = tokenize(vocabulary, text)
    assert time.process_time() - start < 5
    assert tokens.is_lossless and len(np.unique(tokens.ids)) > 5
