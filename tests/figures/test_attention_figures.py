"""What the Attention screen sends to the browser equals the numbers it was given."""

import json

import numpy as np
import pytest

from model_backend.base.inside_records import HeadSteps
from tests.app.inside import unfolded
from viz import attention


def opened(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """(header, arrays) of packed bytes, read as the browser does."""
    length = int(np.frombuffer(data[:4], np.uint32)[0])
    header, at, arrays = json.loads(data[4 : 4 + length]), 4 + length, {}
    for about in header["arrays"]:
        size = int(np.prod(about["shape"])) * np.dtype(about["type"]).itemsize
        arrays[about["name"]] = np.frombuffer(data[at : at + size], about["type"]).reshape(about["shape"])
        at += size
    assert at == len(data)
    if "spans" in arrays:
        arrays["weights"] = unfolded(header, **arrays)
    return header, arrays


def causal(n: int) -> np.ndarray:
    weights = np.tril(np.random.default_rng(n).random((n, n))).astype(np.float32)
    return weights / weights.sum(1, keepdims=True)


LABELS = ["The", "·dog", "·dog", "↵", "😀", "<b>&"]


@pytest.mark.parametrize("n", [1, 6])
def test_the_matrix_arrives_number_for_number_and_the_future_as_a_gap(n):
    weights = causal(n)
    picture = attention.with_gap(weights, np.tri(n, dtype=bool))
    header, arrays = opened(attention.matrix(picture, LABELS[:n], LABELS[:n], n - 1, "label", {}))
    past = np.tril_indices(n)
    np.testing.assert_array_equal(arrays["weights"][past], weights[past])
    assert np.isnan(arrays["weights"][np.triu_indices(n, 1)]).all()
    assert header["rows"] == header["columns"] == LABELS[:n] and header["same"] and header["focus"] == n - 1


def test_a_weight_of_zero_in_the_past_is_no_gap_and_what_is_outside_a_window_is_one():
    weights = np.array([[1, 0], [0, 1]], np.float32)
    assert attention.with_gap(weights, np.tri(2, dtype=bool))[1, 0] == 0
    assert np.isnan(attention.with_gap(weights, np.eye(2, dtype=bool))[1, 0])
    assert not np.isnan(attention.with_gap(weights, np.ones((2, 2), bool))).any()
    assert not np.isnan(weights).any()  # the record stays as it was


def test_of_the_masked_future_nothing_travels_and_a_gap_inside_a_row_does():
    weights = attention.with_gap(causal(100), np.tri(100, dtype=bool))
    assert len(attention.matrix(weights, [""] * 100, [""] * 100, 0, "", {})) < 100 * 101 / 2 * 4 + 2000
    holed = np.array([[0.5, np.nan, 0.5], [np.nan, 1, np.nan]], np.float32)
    _, arrays = opened(attention.matrix(holed, ["a", "b"], ["x", "y", "z"], 0, "", {}))
    np.testing.assert_array_equal(arrays["weights"], holed)


def test_cross_attention_has_rows_of_one_text_and_columns_of_another():
    header, arrays = opened(attention.matrix(np.ones((2, 3), np.float32), ["a", "b"], ["x", "y", "z"], 1, "", {}))
    assert not header["same"] and arrays["weights"].shape == (2, 3)


def test_the_table_has_a_line_for_each_pair_that_may_look():
    picture = attention.with_gap(causal(3), np.tri(3, dtype=bool))
    table = attention.table(picture, LABELS[:3], LABELS[:3], ("from", "to", "weight"))
    assert [*zip(table["from"], table["to"], strict=True)] == [
        ("The", "The"), ("·dog", "The"), ("·dog", "·dog"), ("·dog", "The"), ("·dog", "·dog"), ("·dog", "·dog"),
    ]  # fmt: skip
    assert table["weight"] == pytest.approx(causal(3)[np.tril_indices(3)].tolist(), abs=1e-6)


def test_the_strongest_key_is_never_one_that_cannot_be_seen():
    assert attention.strongest(np.array([0.2, 0.7, np.nan], np.float32)) == (1, pytest.approx(0.7))


def test_thumbnails_of_an_oblong_matrix_keep_their_pixels_and_leave_the_rest_open():
    pixels = np.arange(2 * 3 * 2 * 4, dtype=np.uint8).reshape(2, 3, 2, 4)
    scores = {"broad": np.arange(6, dtype=np.float32).reshape(2, 3)}
    orders = [{"key": "broad", "label": "broad", "about": "", "digits": 2}]
    header, arrays = opened(attention.heads(pixels, scores, [[""] * 3] * 2, orders, (1, 2), "", {}, "v"))
    assert (header["n_layers"], header["n_heads"], header["side"], header["chosen"]) == (2, 3, 4, [1, 2])
    np.testing.assert_array_equal(arrays["thumbs"][:, :, :2], pixels)
    assert (arrays["thumbs"][:, :, 2:] == 255).all()
    np.testing.assert_array_equal(arrays["scores"][0], scores["broad"])


def steps_of(n: int, d: int = 4) -> HeadSteps:
    """One query over n keys, worked out here."""
    rng = np.random.default_rng(n)
    query, key, value = (rng.normal(size=shape).astype(np.float32) for shape in ((d,), (n, d), (n, d)))
    dots = key @ query
    weights = np.exp(dots / 2) / np.exp(dots / 2).sum()
    none = np.zeros(d, np.float32)
    return HeadSteps(
        kind="decoder", layer=0, head=0, kv_head=0, n_sharing=1, position=n - 1, query=query, key=key, value=value, dots=dots,
        scale=0.5, scaled=dots / 2, soft_cap=None, capped=dots / 2, position_bias=np.zeros(n, np.float32),
        visible=np.ones(n, bool), scores=dots / 2, sink=None, sink_weight=0.0, weights=weights,
        weighted=weights[:, None] * value, mixed=weights @ value, written=none, other_heads=none, output_bias=none,
        attention_output=none, added=none, residual=none, error=0.0,
    )  # fmt: skip


@pytest.mark.parametrize("n", [1, 5, 40])
def test_the_steps_show_the_largest_weights_in_order_and_add_up_the_rest(n):
    record = steps_of(n)
    labels = [f"w{i}" for i in range(n)]
    header, arrays = opened(attention.steps(record, "q", labels, {}))
    shown = sorted(np.argsort(-record.weights)[: attention.SHOWN_KEYS])
    assert header["rows"] == [labels[i] for i in shown]
    np.testing.assert_array_equal(arrays["weights"], record.weights[shown])
    np.testing.assert_array_equal(arrays["products"], record.dots[shown])
    np.testing.assert_array_equal(arrays["k"], record.key[shown])
    assert header["rest"]["n"] == max(n - attention.SHOWN_KEYS, 0)
    assert header["rest"]["weight"] + arrays["weights"].sum() == pytest.approx(1, abs=1e-5)
