"""What is special about single families and single questions; what every family must give is in test_contract.py."""

import numpy as np
import pytest
import torch

from model_backend import EmptyPrompt, PromptTooLong, SamplingSettings
from model_backend.engine import lens
from tests.tiny_models import DECODERS, PROMPT, network


def test_a_window_shows_as_a_gap_in_the_past(tiny):
    trace = tiny("mistral").trace(PROMPT)
    row = trace.attention(1, 0)[7]  # a window of 4: the keys 4 … 7
    assert row[:4].max() == 0.0 and row[4:].min() > 0.0


def test_lens_against_a_hand_written_norm_and_head(tiny):
    """GPT-2: softmax(W · LayerNorm(residual)) at each layer. Catches: the lens without the norm."""
    trace, model = tiny("gpt2").trace(PROMPT), network("gpt2")
    table = trace.lens(5)
    for layer in range(4):
        states = trace.residual(layer).astype(np.float64)
        centred = states - states.mean(-1, keepdims=True)
        normed = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
        normed = normed * model.transformer.ln_f.weight.numpy(force=True) + model.transformer.ln_f.bias.numpy(
            force=True
        )
        logits = normed @ model.lm_head.weight.numpy(force=True).T
        p = np.exp(logits - logits.max(-1, keepdims=True))
        p /= p.sum(-1, keepdims=True)
        np.testing.assert_allclose(table.top_probs[layer], -np.sort(-p, -1)[:, :5], rtol=1e-4)
        np.testing.assert_array_equal(table.top_ids[layer, :, 0], p.argmax(-1))
        np.testing.assert_allclose(table.entropy_bits[layer], -(p * np.log2(p)).sum(-1), rtol=1e-4)


def test_equal_logits_rank_by_id():
    """Four equal logits: the token with id 2 is third, with id 0 first. Catches: ties all counted as rank 1."""
    result = lens.prediction_statistics(lambda h: torch.zeros(len(h), 4), torch.zeros(3, 1), np.array([0, 2, 0]), 4, 10)
    assert result.rank.tolist() == [0, 3, 1]
    np.testing.assert_allclose(result.surprisal_bits[1:], [2, 2])
    np.testing.assert_allclose(result.entropy_bits, [2, 2, 2])


def test_chunks_change_nothing(tiny, monkeypatch):
    whole = tiny("gpt2").trace(PROMPT)
    monkeypatch.setattr(lens, "MAX_CHUNK_NUMBERS", 3 * 400)  # three rows at a time
    parts = tiny("gpt2").trace(PROMPT)
    np.testing.assert_allclose(parts.surprisal_bits(), whole.surprisal_bits(), atol=1e-5)
    np.testing.assert_allclose(parts.lens(3).top_probs, whole.lens(3).top_probs, rtol=1e-5)


def test_next_token_from_a_trace_and_alone(tiny):
    model = tiny("qwen3")
    trace = model.trace(PROMPT)
    settings = SamplingSettings(temperature=0.7, top_k=9, repetition_penalty=1.3)
    here, alone = trace.next_token(settings=settings), model.next_token(PROMPT, settings)
    np.testing.assert_array_equal(here.ids[:20], alone.ids[:20])
    np.testing.assert_allclose(here.p_final, alone.p_final, atol=1e-5)
    assert here.kept.sum() == 9


def test_penalties_see_only_the_tokens_so_far(tiny):
    """Catches: the history of the whole text used for a prediction in its middle."""
    trace = tiny("gpt2").trace(PROMPT)
    penalty = SamplingSettings(presence_penalty=2.0)
    plain, penalised = trace.next_token(1), trace.next_token(1, penalty)
    seen = set(trace.tokens.ids[:2].tolist())
    ratio = {int(i): p for i, p in zip(penalised.ids, penalised.p_final, strict=True)}
    base = {int(i): p for i, p in zip(plain.ids, plain.p_final, strict=True)}
    falls = {i for i in base if ratio[i] / base[i] < 0.9}
    assert falls == seen


def test_one_token_is_enough(tiny):
    for family in DECODERS:
        trace = tiny(family).trace("")
        assert len(trace) == 1
        if family == "gpt_oss":  # part of the attention goes into a sink that is no token
            assert (trace.attention(0) < 1).all()
        else:
            np.testing.assert_array_equal(trace.attention(0), np.ones((4, 1, 1)))
        assert np.isnan(trace.surprisal_bits()).all() and trace.ranks().tolist() == [0]


def test_too_long_and_empty(tiny):
    model = tiny("gpt2")
    with pytest.raises(PromptTooLong) as error:
        model.trace("x" * 100_000)
    assert error.value.details["n_tokens"] > 64 and error.value.details["max_positions"] == 64
    with pytest.raises(EmptyPrompt):
        model.next_token([])


def test_arrays_are_read_only_and_indices_checked(tiny):
    trace = tiny("gpt2").trace(PROMPT)
    for array in (trace.residual(0), trace.attention(0), trace.logits(), trace.surprisal_bits(), trace.ranks()):
        with pytest.raises(ValueError):
            array[...] = 0
    for call in (
        lambda: trace.residual(4), lambda: trace.attention(3), lambda: trace.attention(0, 4), lambda: trace.attention(-1),
        lambda: trace.logits(len(trace)),
    ):  # fmt: skip
        with pytest.raises(IndexError):
            call()
