"""The small pictures of the home screen show the numbers of the records."""

import numpy as np
import pytest

from model_backend.engine import sampling
from model_backend.engine.sampling import SamplingSettings
from tests.figures.test_labels import tokenization
from viz import home


def piece(token_id: int) -> str:
    return f" t{token_id}"


def test_counts_are_on_one_scale():
    data = home.counts(tokenization(b"h\xc3\xa9", b" b", b" c"), ("characters", "bytes", "words", "tokens"))
    assert [row["note"] for row in data["rows"]] == ["6", "7", "3", "3"]
    assert [row["share"] for row in data["rows"]] == pytest.approx([6 / 7, 1, 3 / 7, 3 / 7])


def test_a_family_of_code_points_is_one_character():
    data = home.counts(tokenization("👩\u200d👧".encode()), ("characters", "bytes", "words", "tokens"))
    assert [row["note"] for row in data["rows"]] == ["1", "11", "1", "1"]


def test_counts_leave_special_tokens_out():
    data = home.counts(tokenization(b"<s>", b"a", special=(0,)), ("", "", "", "tokens"))
    assert data["rows"][3]["note"] == "1"


def test_stripes_are_the_vectors_of_the_last_tokens_and_the_limit_is_the_largest_number():
    vectors = np.arange(8 * 40, dtype=np.float32).reshape(8, 40)[2:] - 100
    data = home.stripes(vectors, tokenization(*[b" %d" % i for i in range(8)]))
    assert len(data["rows"]) == home.N_TOKENS
    assert data["rows"][0]["label"] == "·2"
    assert data["rows"][-1]["values"] == vectors[-1, : home.N_NUMBERS].tolist()
    assert data["limit"] == np.abs(vectors[:, : home.N_NUMBERS]).max()


def test_favourites_and_the_rest_add_up_to_one():
    next_token = sampling.apply(np.log(np.arange(1, 11, dtype=np.float32)), SamplingSettings())
    data = home.favourites(next_token, piece, "others", k=3)
    assert [row["label"] for row in data["rows"]] == ["·t9", "·t8", "·t7", "others"]
    assert [row["share"] for row in data["rows"]] == pytest.approx([10 / 55, 9 / 55, 8 / 55, 28 / 55], abs=1e-6)
