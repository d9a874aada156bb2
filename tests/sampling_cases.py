"""Logits and settings on which the browser's sampling is compared with `sampling.apply`, in Chromium and in Node."""

import base64

import numpy as np
import pytest

from model_backend.engine import sampling
from model_backend.engine.sampling import SamplingSettings

# settings by their short names in the browser
GRID = [
    {},
    {"temperature": 0},
    {"temperature": 0.01},
    {"temperature": 0.3},
    {"temperature": 3},
    {"top_k": 1},
    {"top_k": 7},
    {"top_k": 10**9},
    {"top_p": 0},
    {"top_p": 0.1},
    {"top_p": 0.5},
    {"top_p": 0.9},
    {"top_p": 0.999},
    {"min_p": 0.05},
    {"min_p": 1},
    {"repetition": 1.3},
    {"repetition": 0.5, "temperature": 1.4},
    {"presence": 2},
    {"presence": -2, "top_k": 5},
    {"frequency": 0.7},
    {"frequency": -2, "top_p": 0.8},
    {"temperature": 0, "presence": 2, "repetition": 2},
    {"temperature": 0.7, "top_k": 400, "top_p": 0.95, "min_p": 0.02, "repetition": 1.2, "presence": 0.5, "frequency": 0.25},
    {"temperature": 2.2, "top_k": 3000, "top_p": 0.97, "min_p": 0.001, "repetition": 0.8, "presence": -1},
]  # fmt: skip


def _large() -> tuple:
    """A large vocabulary."""
    rng = np.random.default_rng(3)
    logits = rng.normal(scale=3, size=50_257).astype(np.float32)
    return logits, tuple(rng.integers(0, 50_257, 300).tolist()) * 2, GRID[::2] + GRID[-2:]


def _rounded() -> tuple:
    """Hundreds of equals at every edge; the higher ids stay at the edge of top-p, all that equal the k-th stay."""
    rng = np.random.default_rng(4)
    logits = np.round(rng.normal(scale=2, size=2_000)).astype(np.float32)
    return logits, tuple(rng.integers(0, 2_000, 60).tolist()), GRID


CASES = {  # logits, history, settings
    "large": _large(),
    "equals": _rounded(),
    "two": ([1.0, 2.0], (0,), GRID),
    "all equal": ([0.0, 0.0, 0.0, 0.0], (1, 1, 3), GRID),
    "one": ([5.0], (0, 0), GRID),
    "impossible ones": ([-np.inf, 3.0, -np.inf, 1.0, -1.0], (0, 3), GRID),
    "two zeros": ([-0.0, 0.0, -1.0], (0,), GRID),
    "huge": ([3e30, 2.9e30, -3e30], (1,), GRID),
    "four": (np.log([0.1, 0.2, 0.3, 0.4]), (), GRID),
    # p exactly at a running sum of (0.4, 0.3, 0.2, 0.1) and just beside it
    "edges": (np.log([0.1, 0.2, 0.3, 0.4]), (), [{"top_p": p} for p in (0.4, 0.7, 0.9, 0.3999, 0.70001, 1)]),
}  # fmt: skip
CASES = {name: (np.asarray(logits, np.float32), *rest) for name, (logits, *rest) in CASES.items()}


def settings_of(values: dict) -> SamplingSettings:
    """Those of the backend for the short names of the browser."""
    longer = {"repetition": "repetition_penalty", "presence": "presence_penalty", "frequency": "frequency_penalty"}
    return SamplingSettings(**{longer.get(name, name): value for name, value in values.items()})


def check(found: dict, logits: np.ndarray, history: tuple[int, ...], values: dict) -> None:
    """What the browser makes of logits equals what the backend does: the same tokens are kept and cut by the same rule. `found`
    has p, model (float32) and cut (uint8) [vocab], by falling logit and in base64, and n_kept, mass_kept, entropy, final_entropy (bits)."""
    expected = sampling.apply(logits, settings_of(values), history)
    kinds = {"p": np.float32, "model": np.float32, "cut": np.uint8}
    p, model, cut = (np.frombuffer(base64.b64decode(found[name]), kind) for name, kind in kinds.items())
    assert np.array_equal(cut, expected.cut_by), (values, np.flatnonzero(cut != expected.cut_by)[:5])
    assert found["n_kept"] == expected.kept.sum(), values
    np.testing.assert_allclose(p, expected.p_final, atol=1e-6, rtol=1e-5)
    np.testing.assert_allclose(model, expected.p_model, atol=1e-6, rtol=1e-5)
    assert found["mass_kept"] == pytest.approx(expected.mass_kept, abs=1e-6)
    assert found["entropy"] == pytest.approx(expected.entropy_bits, abs=1e-5)
    assert found["final_entropy"] == pytest.approx(expected.final_entropy_bits, abs=1e-5)
