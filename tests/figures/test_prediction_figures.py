"""What the Prediction screen draws equals the record it was given."""

import math

import numpy as np
import pytest

from model_backend.engine import sampling
from viz import prediction, prediction_figures

PIECES = {0: b" dog", 1: b"dog", 2: b"\n", 3: "😀".encode(), 4: "😀".encode()[:2], 5: b"<b>x</b>", 6: b" dog"}


def piece(token_id: int) -> str:
    data = PIECES.get(token_id, b"w%d" % token_id)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "⟨" + data.hex(" ").upper() + "⟩"


def token_bytes(token_id: int) -> bytes:
    return PIECES.get(token_id, b"w%d" % token_id)


def record(n_vocab: int = 300, scale: float = 2.0):
    return sampling.apply(np.random.default_rng(5).normal(scale=scale, size=n_vocab))


def exact(next_token) -> np.ndarray:
    """p [vocab] by another road: float64 exponentials over their sum, unshifted."""
    e = np.exp(next_token.logits.astype(np.float64))
    return e / e.sum()


def test_ledger_rows_are_the_record():
    next_token = record()
    p = exact(next_token)
    data = prediction.ledger(next_token, piece, token_bytes)
    assert data["sizes"] == [10, 25, 50, 100] and len(data["rows"]) == 100
    for at, row in enumerate(data["rows"]):
        assert row["id"] == next_token.ids[at] and row["rank"] == str(at + 1)
        assert row["share"] == pytest.approx(p[at] / p[0], rel=1e-9)
        assert row["p"] == prediction.percent_of_ln(math.log(p[at]))
        assert float(row["ln_p"].replace("−", "-")) == pytest.approx(math.log(p[at]), abs=0.005)
        assert float(row["bits"]) == pytest.approx(-math.log2(p[at]), abs=0.005)
    assert data["rows"][9]["cumulative"] == prediction.percent(p[:10].sum())
    assert data["pinned"] is None


def test_what_the_rows_leave_out_is_counted_and_added_up():
    """1 − Σ rows would lose a small rest to rounding; the rest here is 2·10⁻⁹ %."""
    next_token = sampling.apply(np.array([40.0] + [15.0] * 11))
    others = prediction.ledger(next_token, piece, token_bytes)["others"]
    assert others[0]["n"] == 2
    assert others[0]["p"] == "2.8e-9\u00a0%"
    for other, size in zip(prediction.ledger(record(), piece, token_bytes)["others"], (10, 25, 50, 100), strict=True):
        assert other == {"n": 300 - size, "p": prediction.percent(exact(record())[size:].sum())}


def test_the_token_that_followed_is_marked_and_no_longer_among_the_others():
    next_token = record()
    p = exact(next_token)
    near = prediction.ledger(next_token, piece, token_bytes, followed=int(next_token.ids[3]))
    assert [row["followed"] for row in near["rows"][:5]] == [False, False, False, True, False]
    assert near["pinned"]["rank"] == "4" and near["others"][0]["n"] == 290
    far = prediction.ledger(next_token, piece, token_bytes, followed=int(next_token.ids[200]))
    assert far["pinned"]["rank"] == "201" and far["pinned"]["followed"]
    assert not any(row["followed"] for row in far["rows"])
    assert far["others"][0] == {"n": 289, "p": prediction.percent(p[10:].sum() - p[200])}


def test_ledger_of_a_vocabulary_smaller_than_its_rows():
    data = prediction.ledger(record(7), piece, token_bytes)
    assert data["sizes"] == [7] and len(data["rows"]) == 7
    assert data["others"] == [{"n": 0, "p": "0\u00a0%"}]


def test_token_text_is_shown_as_it_is():
    labels = {row["id"]: row["label"] for row in prediction.ledger(record(7), piece, token_bytes)["rows"]}
    assert labels == {0: "·dog", 1: "dog", 2: "↵", 3: "😀", 4: "⟨F0 9F⟩", 5: "<b>x</b>", 6: "·dog"}


def test_the_rarest_token_still_has_a_number():
    """In float32 exp(−2000) is 0; "0 %" or "<0.01 %" would be wrong."""
    data = prediction.ledger(sampling.apply([0.0, -2000.0]), piece, token_bytes)
    assert data["rows"][1]["p"] == "2.6e-867\u00a0%"
    assert data["rows"][1]["ln_p"] == "−2,000.00"


def test_find_tells_equals_from_starts_from_contains():
    table = [b" dog", b"dog", b"dogs", b" hotdog", b"cat", b"Dog", b""]
    ranks = np.array([5, 2, 1, 3, 4, 6, 7])
    matches, n = prediction.find(table, "dog", ranks)
    assert matches == [("equals", 1), ("equals", 0), ("equals", 5), ("starts", 2), ("contains", 3)] and n == 5
    assert prediction.find(table, "dog", ranks, limit=2) == ([("equals", 1), ("equals", 0)], 5)
    assert prediction.find(table, "  ", ranks) == ([], 0)
    assert prediction.token_of(table, " dog") == 0 and prediction.token_of(table, "dog") == 1
    assert prediction.token_of(table, "zebra") is None


def test_continuation_is_what_comes_after_an_unchanged_prefix():
    """ "do" + "g" becomes one token "dog": then there is no token path for "g", and a wrong one must not be invented."""
    assert prediction.continuation([7, 8], [7, 8, 9, 10]) == slice(2, 4)
    assert prediction.continuation([7, 8], [7, 88]) is None
    assert prediction.continuation([7, 8], [7, 88, 9]) is None
    assert prediction.continuation([7, 8], [7, 8]) is None


def test_surprisal_summary_by_hand():
    """1/2, 1/8, 1/4: 1 + 3 + 2 = 6 bits, 2 a token, perplexity 4, loss 2 ln 2; the unpredicted first token does not count."""
    whole = prediction.surprisal_summary(np.array([np.nan, 1.0, 3.0, 2.0], dtype=np.float32))
    assert (whole["n"], whole["total_bits"], whole["mean_bits"], whole["perplexity"]) == (3, 6.0, 2.0, 4.0)
    assert whole["mean_nats"] == pytest.approx(2 * math.log(2))
    assert [prediction.surprisal_note(bits) for bits in (0.02, 3.04)] == ["0.02", "3.0"]


def test_the_colour_scale_ends_at_the_most_surprising_token():
    assert prediction.surprisal_end(np.array([np.nan, 4.0, 4.9, 0.3])) == 5.0
    assert prediction.surprisal_end(np.array([np.nan, 0.2])) == 1.0
    assert prediction.surprisal_end(np.array([np.nan])) == 1.0


def test_loss_steps_by_hand():
    """Logits 0, ln 2, ln 3: the middle one has p = 1/3, loss ln 3 nats."""
    steps = prediction.loss_steps(sampling.apply(np.log([1.0, 2.0, 3.0])), 1)
    assert steps["p"] == pytest.approx(1 / 3, abs=1e-7)
    assert steps["nats"] == pytest.approx(math.log(3), abs=1e-6)
    assert steps["bits"] == pytest.approx(math.log2(3), abs=1e-6)
    assert steps["numerator"] / steps["denominator"] == pytest.approx(1 / 3, abs=1e-7)
    assert steps["gap"] == pytest.approx(math.log(2 / 3), abs=1e-6)


def test_numbers_for_people():
    assert prediction.decimal(-1.234) == "−1.23"
    assert prediction.decimal(-0.001) == "0.00"
    assert prediction.decimal(-math.inf) == "−∞"
    assert [prediction.one_in(math.log(p)) for p in (0.5, 1 / 1234, 1e-12)] == ["2.0", "1,234", "1.0e+12"]
    assert [prediction.choices(b) for b in (0.0, 3.0, 10.0)] == ["1.0", "8.0", "1,024"]


LABELS = ["The", "·dog", "·dog", "↵", "😀", "<b>&"]


@pytest.mark.parametrize("n", [1, 6])
@pytest.mark.parametrize("dark", [False, True])
def test_entropy_curve_is_the_record(n, dark):
    bits = np.linspace(5, 0.5, n).astype(np.float32)
    figure = prediction_figures.entropy_curve(bits, LABELS[:n], n - 1, lambda b: f"{b} bits", "bits", dark=dark)
    (line,) = figure.data
    np.testing.assert_array_equal(line.y, bits)
    assert list(line.x) == list(range(n))  # repeated tokens stay apart
    assert list(figure.layout.xaxis.tickvals) == list(range(n))
    assert len(set(line.marker.size)) == min(n, 2) and np.argmax(line.marker.size) == n - 1
    assert [text for _, text in line.customdata] == [prediction.choices(float(b)) for b in bits]
    low, high = figure.layout.yaxis.range
    assert low == 0 and high > bits.max()


def test_markup_in_a_token_is_shown_not_obeyed():
    figure = prediction_figures.entropy_curve(np.ones(6, dtype=np.float32), LABELS, 0, str, "bits", dark=False)
    assert figure.layout.xaxis.ticktext[5] == "&lt;b>&amp;" == figure.data[0].customdata[5][0]


def test_a_long_prompt_has_few_ticks_and_always_the_focused_one():
    figure = prediction_figures.entropy_curve(np.ones(500, dtype=np.float32), ["x"] * 500, 333, str, "bits", dark=False)
    assert len(figure.layout.xaxis.tickvals) <= prediction_figures.MAX_TICKS + 1
    assert 333 in figure.layout.xaxis.tickvals


def test_loss_curve_is_minus_ln_p():
    words = {"p": "p", "loss": "loss", "this": "<i>"}
    figure = prediction_figures.loss_curve(0.25, [0.5, 1e-40], words, dark=False)
    curve, others, this = figure.data
    np.testing.assert_allclose(curve.y, -np.log(curve.x))
    assert (this.x[0], this.y[0], this.text[0]) == (0.25, pytest.approx(math.log(4)), "&lt;i>")
    np.testing.assert_allclose(others.y, [math.log(2), 40 * math.log(10)])
    assert figure.layout.yaxis.range[1] > 40 * math.log(10)
