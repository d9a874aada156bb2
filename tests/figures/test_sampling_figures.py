"""What the Sampling screen sends equals the record and an independent computation."""

import math

import numpy as np
import pytest
from scipy.special import log_softmax

from model_backend.engine import sampling
from model_backend.engine.generation import draw
from model_backend.engine.sampling import SamplingSettings
from viz import sampling as view

LOGITS = np.random.default_rng(5).normal(scale=2.5, size=900).astype(np.float32)
RECORD = sampling.apply(LOGITS)


@pytest.mark.parametrize("temperature", [0.05, 0.3, 1.0, 2.5])
def test_the_curve_is_the_softmax_at_each_temperature(temperature):
    p = view.by_temperature(RECORD, range(5), np.array([0, temperature]))
    expected = np.exp(log_softmax(LOGITS.astype(np.float64) / temperature))[RECORD.ids[:5]]
    np.testing.assert_allclose(p[:, 1], expected, rtol=1e-6)
    assert p[:, 0].tolist() == [1, 0, 0, 0, 0]


def test_the_logarithm_of_the_rarest_token_never_underflows():
    assert view.by_temperature(RECORD, [899], [0.01])[0, 0] == 0
    expected = log_softmax(LOGITS.astype(np.float64) / 0.01)[RECORD.ids[899]]
    assert view.ln_p_at(RECORD, 899, 0.01) == pytest.approx(expected, rel=1e-9)


def test_two_scores():
    rows = view.softmax_steps(1, 2, (1, 0.5, 0))
    assert [f"{p:.2f} {q:.2f}" for _, p, q in rows] == ["0.27 0.73", "0.12 0.88", "0.00 1.00"]
    assert rows[0][1] == pytest.approx(math.e / (math.e + math.e**2))
    assert view.softmax_steps(50, -50, (0.001,))[0][1] == 1 and view.softmax_steps(-50, 50, (0.001,))[0][1] == 0


def test_a_product_vanishes_and_the_sum_does_not():
    rows = {n: rest for n, *rest in view.underflow(0.1, (1, 44, 46, 300, 400))}
    assert rows[1][0] == pytest.approx(0.1) and rows[44][0] > 0
    assert rows[46][0] == 0 and rows[300][1] > 0
    assert rows[400][1] == 0 and rows[400][2] == pytest.approx(-400 * math.log(10))


def test_mass_by_rank_ends_at_one_and_is_the_running_sum():
    ranks, mass = view.mass_by_rank(RECORD)
    p = np.sort(np.exp(log_softmax(LOGITS.astype(np.float64))))[::-1]
    assert ranks[0] == 1 and ranks[-1] == 900
    np.testing.assert_allclose(mass, [p[:rank].sum() for rank in ranks], rtol=1e-5)


def test_many_draws_are_one_by_one_draws_and_follow_theory():
    now = sampling.apply(LOGITS, SamplingSettings(temperature=0.8, top_p=0.9, frequency_penalty=0.5), (3, 3, 7))
    random = np.random.default_rng(2)
    places = view.draws(now, view.random_numbers(2))
    assert now.ids[places].tolist() == [draw(now, random) for _ in range(view.N_RANDOM)]
    found = np.bincount(places, minlength=900) / view.N_RANDOM
    spread = np.sqrt(now.p_final * (1 - now.p_final) / view.N_RANDOM)
    assert np.all(np.abs(found - now.p_final) <= 5 * spread + 1e-12)
    assert found[~now.kept].sum() == 0
