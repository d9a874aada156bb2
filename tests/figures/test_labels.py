"""How tokens are shown: nothing torn, nothing lost, white space visible."""

import numpy as np
import pytest

from model_backend.base.records import Tokenization
from viz.chips import MAX_CHIPS, ribbon
from viz.labels import NO_BREAK, chips, percent, visible


def tokenization(*pieces: bytes, special: tuple[int, ...] = ()) -> Tokenization:
    """Tokens of the given bytes; spans are not looked at here."""
    n = len(pieces)
    whole = b"".join(pieces)
    return Tokenization(
        text=whole.decode("utf-8", "replace"),
        ids=np.arange(100, 100 + n),
        pieces=tuple(piece.decode("utf-8", "replace") for piece in pieces),
        token_bytes=tuple(b"" if i in special else piece for i, piece in enumerate(pieces)),
        spans=((0, 0),) * n,
        is_special=np.array([i in special for i in range(n)]),
        is_lossless=True,
    )


def test_one_character_of_three_tokens_is_one_chip_with_three_ids():
    emoji = "😀".encode()
    (chip,) = chips(tokenization(emoji[:1], emoji[1:2], emoji[2:]))
    assert chip.label == "😀"
    assert chip.ids == (100, 101, 102)
    assert chip.positions == (0, 1, 2)


def test_incomplete_characters_are_shown_as_bytes_and_never_as_the_replacement_character():
    emoji = "😀".encode()
    (chip,) = chips(tokenization(emoji[:2]))
    assert chip.label == "⟨F0 9F⟩"


def test_bytes_that_never_become_a_character_do_not_swallow_the_rest():
    result = chips(tokenization(*[b"\xff"] * 20, b" dog"))
    assert sum(len(chip.positions) for chip in result) == 21
    assert "�" not in "".join(chip.label for chip in result)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" dog", "·dog"),
        ("a\nb\t", "a↵b⇥"),
        ("\0", "␀"),
        ("<b>", "<b>"),
        ("\u200d", "⟨ZWJ⟩"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u202e", "⟨202E⟩"),
        ("\ufffd", "⟨FFFD⟩"),
        ("⟨F0 9F⟩", "⟨F0 9F⟩"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


def test_special_tokens_stand_alone():
    result = chips(tokenization(b"<s>", b"dog", special=(0,)))
    assert [chip.is_special for chip in result] == [True, False]


def test_a_long_prompt_is_cut_and_says_so_and_shows_the_focus():
    tokens = tokenization(*[b" a"] * 1000)
    data = ribbon(tokens, focus=900)
    shown = [position for chip in data["chips"] for position in chip["positions"]]
    assert len(shown) <= MAX_CHIPS
    assert 900 in shown
    assert data["hidden"] == 1000 - len(shown)


def test_hidden_tokens_are_marked_also_in_a_chip_of_several():
    emoji = "😀".encode()
    data = ribbon(tokenization(b"a", emoji[:2], emoji[2:], b"b"), focus=0, hidden=(2,))
    assert [chip["masked"] for chip in data["chips"]] == [False, True, False]


def test_amounts_follow_their_tokens_and_add_up_in_a_chip_of_several():
    emoji = "😀".encode()
    tokens = tokenization(b"a", b" b", emoji[:2], emoji[2:])
    data = ribbon(tokens, focus=1, amounts=[float("nan"), 1.0, 0.5, 0.25], full=4, note="{:.2f}".format)
    assert [chip["value"] for chip in data["chips"]] == [None, 0.25, 0.1875]
    assert [chip["note"] for chip in data["chips"]] == ["–", "1.00", "0.75"]


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.009, "0.9 %"), (0.0001, "0.01 %"), (0.999, "99.9 %"), (0.9999999, "100 %"), (3e-8, "3.0e-6 %"), (0.5, "50 %")],
)
def test_percent_tells_small_numbers_apart(p, text):
    """A peer prints "<0.01%" for anything below 1 %."""
    assert percent(p) == text.replace(" ", NO_BREAK)
