"""sampling.apply against numbers worked by hand and against transformers' own processors, chained as `generate` does."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from model_backend.base.errors import BackendError, InvalidSettings
from model_backend.base.records import CUT_RULES
from model_backend.engine import sampling
from model_backend.engine.sampling import SamplingSettings

INF = math.inf


def transformers_scores(logits, settings, history=()):
    """What transformers' chain leaves of `logits` [vocab]: float32 scores, -inf where cut."""
    scores = torch.tensor(np.asarray(logits, dtype=np.float32))[None]
    ids = torch.tensor([list(history)], dtype=torch.long)
    if settings.repetition_penalty != 1:
        scores = RepetitionPenaltyLogitsProcessor(settings.repetition_penalty)(ids, scores)
    if settings.temperature != 1:
        scores = TemperatureLogitsWarper(float(settings.temperature))(ids, scores)
    if settings.top_k:
        scores = TopKLogitsWarper(settings.top_k)(ids, scores)
    if settings.top_p < 1:
        scores = TopPLogitsWarper(settings.top_p)(ids, scores)
    if settings.min_p:
        scores = MinPLogitsWarper(settings.min_p)(ids, scores)
    return scores[0]


def by_id(record, name):
    values = np.empty(len(record.ids), dtype=getattr(record, name).dtype)
    values[record.ids] = getattr(record, name)
    return values


def assert_equals_transformers(logits, settings, history=()):
    """The kept set exactly; the probabilities to 1e-6 of the softmax of transformers' scores, taken in float64.

    torch's own float32 softmax of 152k unsorted scores errs by up to 5e-6 of the value, so against that only 1e-5 is asked.
    """
    scores = transformers_scores(logits, settings, history)
    ours = sampling.apply(logits, settings, history)
    np.testing.assert_array_equal(by_id(ours, "kept"), torch.isfinite(scores).numpy())
    np.testing.assert_allclose(by_id(ours, "p_final"), scores.double().softmax(-1).numpy(), atol=1e-6, rtol=0)
    np.testing.assert_allclose(by_id(ours, "p_final"), scores.softmax(-1).numpy(), atol=1e-9, rtol=1e-5)


# --- by hand


def test_softmax_by_hand():
    np.testing.assert_allclose(sampling.softmax([0, math.log(2), math.log(3)]), [1 / 6, 1 / 3, 1 / 2], atol=1e-7)


@pytest.mark.parametrize("temperature, p", [(1.0, (0.2689414, 0.7310586)), (0.5, (0.1192029, 0.8807971))])
def test_two_logits_by_hand(temperature, p):
    """Logits 1 and 2: 1/(1+e) and e/(1+e); half the temperature doubles the gap: 1/(1+e²). Multiplying instead would fail."""
    record = sampling.apply([1.0, 2.0], SamplingSettings(temperature=temperature))
    np.testing.assert_allclose(by_id(record, "p_final"), p, atol=1e-7)
    np.testing.assert_allclose(by_id(record, "p_model"), (0.2689414, 0.7310586), atol=1e-7)


def test_entropy_by_hand():
    """Natural logarithms instead of base 2 would give 2.08 for eight equal chances; 0 log 0 is 0, not nan."""
    assert sampling.entropy_bits(np.full(8, 1 / 8)) == pytest.approx(3.0, abs=1e-12)
    assert sampling.entropy_bits(np.array([0.5, 0.25, 0.25, 0.0])) == pytest.approx(1.5, abs=1e-12)
    assert sampling.entropy_bits(np.array([1.0, 0.0])) == 0.0
    np.testing.assert_allclose(sampling.entropy_bits(np.array([[0.5, 0.5], [1.0, 0.0]])), [1.0, 0.0])


def test_top_p_by_hand():
    """0.5, 0.25, 0.125, 0.125 at p = 0.75: the two best reach it exactly, a third is not needed."""
    logits = np.log([0.25, 0.5, 0.125, 0.125])
    record = sampling.apply(logits, SamplingSettings(top_p=0.75))
    assert record.ids[record.kept].tolist() == [1, 0]
    np.testing.assert_allclose(record.p_final[:2], [2 / 3, 1 / 3], atol=1e-7)
    assert record.mass_kept == pytest.approx(0.75, abs=1e-7)
    assert [CUT_RULES[c] for c in record.cut_by] == ["kept", "kept", "top-p", "top-p"]


def test_cuts_act_one_after_the_other_on_what_is_left():
    """0.4 0.3 0.2 0.1: top-k 3 leaves 4/9, 3/9, 2/9; top-p 0.7 of that needs two (of the whole vocabulary it would too: 0.7),
    top-p 0.77 needs two of the three but three of the whole. min-p 0.8 then asks 0.8 · 4/9 and removes 3/9."""
    logits = np.log([0.4, 0.3, 0.2, 0.1])
    record = sampling.apply(logits, SamplingSettings(top_k=3, top_p=0.77, min_p=0.8))
    assert [CUT_RULES[c] for c in record.cut_by] == ["kept", "min-p", "top-p", "top-k"]
    assert record.p_final.tolist() == [1, 0, 0, 0]
    assert record.mass_kept == pytest.approx(0.4, abs=1e-7)


def test_greedy_takes_the_lowest_id_among_equals():
    logits = np.array([1.0, 7.0, 3.0, 7.0])
    record = sampling.apply(logits, SamplingSettings(temperature=0, top_k=3, top_p=0.5))
    assert record.ids[record.kept].tolist() == [1] == [int(torch.tensor(logits).argmax())]
    assert record.p_final.tolist() == [1, 0, 0, 0]
    assert record.final_entropy_bits == 0
    assert set(record.cut_by[1:]) == {CUT_RULES.index("greedy")}


def test_penalties_by_hand():
    """Token 0 twice, token 2 once in the history: repetition divides 4 and multiplies -1; then count·0.5, then 0.25 each."""
    settings = SamplingSettings(repetition_penalty=2.0, frequency_penalty=0.5, presence_penalty=0.25)
    scores = sampling.penalise(np.array([4.0, 3.0, -1.0], dtype=np.float32), settings, [0, 2, 0])
    assert scores.tolist() == [4 / 2 - 2 * 0.5 - 0.25, 3.0, -1 * 2 - 1 * 0.5 - 0.25]


def test_a_penalty_changes_the_odds_but_not_the_order_of_the_record():
    record = sampling.apply([2.0, 1.0, 0.0], SamplingSettings(repetition_penalty=4.0, top_k=1), [0])
    assert record.ids.tolist() == [0, 1, 2]  # by the model's own logits
    assert record.kept.tolist() == [False, True, False]  # 2/4 = 0.5 is now below 1
    assert record.p_final.tolist() == [0, 1, 0]


def test_defaults_change_nothing():
    record = sampling.apply(np.random.default_rng(0).normal(size=500))
    np.testing.assert_array_equal(record.p_final, record.p_model)
    assert record.kept.all() and record.mass_kept == pytest.approx(1, abs=1e-12)
    assert record.entropy_bits == record.final_entropy_bits
    assert np.all(np.diff(record.logits) <= 0)
    assert record.rank_of(record.ids[7]) == 8


def test_history_beyond_the_output_is_ignored_and_negative_ids_are_a_defect():
    settings = SamplingSettings(presence_penalty=1.0)
    np.testing.assert_array_equal(sampling.apply([1.0, 2.0], settings, [5]).p_final, sampling.apply([1.0, 2.0]).p_final)
    with pytest.raises(ValueError, match="negative"):
        sampling.apply([1.0, 2.0], settings, [-1])


# --- against transformers

SETTINGS = [
    SamplingSettings(temperature=0.7),
    SamplingSettings(top_k=50),
    SamplingSettings(top_p=0.9),
    SamplingSettings(top_p=0.5, temperature=1.8),
    SamplingSettings(top_p=0.0),
    SamplingSettings(min_p=0.05),
    SamplingSettings(min_p=1.0),
    SamplingSettings(top_k=10**9, top_p=0.97, min_p=0.001),
    SamplingSettings(temperature=0.8, top_k=400, top_p=0.95, min_p=0.02),
    SamplingSettings(temperature=1.3, top_k=1000, top_p=0.8, min_p=0.01, repetition_penalty=1.3),
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("n_vocab", [50_257, 151_936])
@pytest.mark.parametrize("spread", [1.0, 4.0])
def test_equals_transformers_on_a_whole_vocabulary(settings, n_vocab, spread):
    rng = np.random.default_rng(11)
    logits = rng.normal(scale=spread, size=n_vocab).astype(np.float32)
    history = rng.integers(0, n_vocab, size=200)
    assert_equals_transformers(logits, settings, history)


def edge_cases():
    dyadic = np.log([0.5, 0.125, 0.25, 0.0625, 0.0625])
    return {
        "one token": [3.0],
        "two equal": [1.0, 1.0],
        "all equal": [2.5] * 8,
        "ties at the best": [5.0, 1.0, 5.0, 5.0, 0.0],
        "ties at the edge": [3.0, 2.0, 1.0, 2.0, 2.0, 0.0],
        "signed zeros": [0.0, -0.0, 1.0, -1.0],
        "huge": [1e4, -1e4, 1e4 - 1, 0.0],
        "some -inf": [1.0, -INF, 0.5, -INF, 0.0],
        "all but one -inf": [-INF, 2.0, -INF],
        "dyadic": dyadic,
        "tiny gaps": [1.0, 1.0 + 2**-23, 1.0 - 2**-24],
        "falling, whole": np.arange(12)[::-1],
    }


@pytest.mark.parametrize("name", edge_cases())
@pytest.mark.parametrize(
    "settings",
    [
        SamplingSettings(top_k=k, top_p=p, min_p=m, temperature=t, repetition_penalty=r)
        for k, p, m, t, r in [
            (0, 0.0, 0.0, 1.0, 1.0),
            (0, 0.5, 0.0, 1.0, 1.0),
            (0, 0.75, 0.0, 1.0, 1.0),
            (0, 0.9375, 0.0, 1.0, 1.0),
            (0, 0.999999, 0.0, 1.0, 1.0),
            (1, 1.0, 0.0, 1.0, 1.0),
            (2, 1.0, 0.0, 1.0, 1.0),
            (3, 0.6, 0.0, 0.5, 1.0),
            (100, 1.0, 0.0, 1.0, 1.0),
            (0, 1.0, 1.0, 1.0, 1.0),
            (0, 1.0, 0.5, 1.0, 1.0),
            (0, 1.0, 1e-9, 0.25, 1.0),
            (2, 0.7, 0.3, 3.0, 1.5),
        ]
    ],
    ids=str,
)
def test_equals_transformers_at_the_edges(name, settings):
    assert_equals_transformers(edge_cases()[name], settings, history=[0, 0, 1])


def test_ties_through_the_edge_of_a_large_vocabulary_keep_as_many_as_transformers():
    """torch's sort is not stable for long rows on some processors: which of the equals stay is open, how many is not."""
    logits = np.round(np.random.default_rng(3).normal(size=5000), 1).astype(np.float32)
    for top_p in (0.1, 0.5, 0.9):
        settings = SamplingSettings(top_p=top_p)
        theirs = transformers_scores(logits, settings).numpy()
        ours = sampling.apply(logits, settings)
        np.testing.assert_array_equal(ours.logits[ours.kept], np.sort(theirs[np.isfinite(theirs)])[::-1])


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    logits=st.lists(st.floats(-30, 30, width=16), min_size=1, max_size=40),
    temperature=st.floats(0.05, 5),
    top_k=st.integers(0, 45),
    min_p=st.floats(0, 1, width=16),
    penalty=st.sampled_from([1.0, 0.8, 1.2, 2.0]),
    history=st.lists(st.integers(0, 50), max_size=5),
)
def test_equals_transformers_whatever_is_set(logits, temperature, top_k, min_p, penalty, history):
    settings = SamplingSettings(temperature=temperature, top_k=top_k, min_p=min_p, repetition_penalty=penalty)
    record = sampling.apply(logits, settings, history)
    scores = transformers_scores(logits, settings, history)
    p = scores.softmax(-1).numpy()
    np.testing.assert_allclose(by_id(record, "p_final"), p, atol=1e-6)
    ratio = p / p.max()
    decided = np.abs(ratio - min_p) > 1e-5  # at min_p itself the last bit of a float32 softmax decides
    np.testing.assert_array_equal(by_id(record, "kept")[decided], torch.isfinite(scores).numpy()[decided])
    assert record.kept.sum() >= 1
    assert record.p_final.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(record.kept, record.cut_by == 0)


# --- what is refused


@pytest.mark.parametrize(
    "bad",
    [
        {"temperature": -0.1},
        {"temperature": math.nan},
        {"temperature": INF},
        {"top_k": -1},
        {"top_k": 2.5},
        {"top_p": 1.01},
        {"top_p": -0.01},
        {"min_p": 2},
        {"repetition_penalty": 0},
        {"presence_penalty": 3},
        {"frequency_penalty": "much"},
    ],
    ids=str,
)
def test_out_of_range_settings_are_refused_in_words(bad):
    with pytest.raises(InvalidSettings) as caught:
        sampling.apply([1.0, 2.0], SamplingSettings(**bad))
    name = next(iter(bad))
    assert name in caught.value.message and caught.value.details["setting"] == name
    assert caught.value.hint and isinstance(caught.value, BackendError)


@pytest.mark.parametrize("logits", [[1.0, math.nan], [INF, 0.0], [-INF, -INF]], ids=str)
def test_logits_that_are_no_numbers_are_an_error_in_words(logits):
    with pytest.raises(BackendError, match="logits are"):
        sampling.apply(logits)


def test_logits_of_the_wrong_shape_are_a_defect():
    for wrong in (np.zeros((2, 3)), np.zeros(0)):
        with pytest.raises(ValueError, match="vocab"):
            sampling.apply(wrong)


def test_settings_can_be_a_cache_key():
    assert hash(SamplingSettings(top_k=5)) == hash(SamplingSettings(top_k=5))
    assert SamplingSettings(top_k=5) != SamplingSettings()


def test_extreme_temperatures_stay_numbers():
    """3 / 1e-40 overflows float32; torch would answer nan."""
    assert sampling.apply([3.0, 1.0, 3.0], SamplingSettings(temperature=1e-40)).p_final.tolist() == [0.5, 0.5, 0.0]
    np.testing.assert_allclose(sampling.apply([3.0, -INF], SamplingSettings(temperature=1e39)).p_final, [1, 0])


def test_records_are_read_only_and_the_given_logits_stay_untouched():
    logits = np.array([1.0, 2.0], dtype=np.float32)
    record = sampling.apply(logits, SamplingSettings(presence_penalty=1.0), [1])
    assert logits.tolist() == [1.0, 2.0] and logits.flags.writeable
    with pytest.raises(ValueError):
        record.p_final[0] = 1


def test_the_favourite_is_what_greedy_settings_leave():
    """Catches: a penalty or a forbidden token that the shortcut forgets."""
    logits = np.array([1.0, 3.0, 2.9, 2.5], np.float32)
    greedy = SamplingSettings(temperature=0)
    assert sampling.favourite(logits, greedy) == 1
    assert sampling.favourite(logits, greedy, allowed=np.array([True, False, True, True])) == 2
    assert sampling.favourite(-logits, greedy, allowed=np.array([False, True, True, True])) == 3
    penalised = SamplingSettings(temperature=0, repetition_penalty=2.0)
    assert sampling.favourite(logits, penalised, history=[1]) == 2
    assert sampling.favourite(logits, penalised, history=[1, 2], allowed=np.array([True, True, True, False])) == 1
    for history in ([1], (1,), iter([1]), np.array([1])):
        assert sampling.favourite(logits, penalised, history=history) == 2


def test_each_row_of_several_has_a_softmax_of_its_own():
    rows = np.array([[0.0, np.log(2), np.log(3)], [1000.0, 1000.0, -1000.0]])
    np.testing.assert_allclose(sampling.softmax(rows), [[1 / 6, 1 / 3, 1 / 2], [0.5, 0.5, 0]], atol=1e-7)
