"""Every number of a trace against plain transformers on the same weights, eager attention, all outputs kept."""

import math
from functools import cache

import numpy as np
import pytest
import torch

from model_backend import BackendError, EmptyPrompt, PromptTooLong, SamplingSettings, lens
from tests.tiny_models import DECODERS, PROMPT, RECORDED, network

# float32 sums of a few dozen terms in another order (fused against plain attention) differ by some 1e-6
TOLERANCE = dict(atol=1e-5, rtol=1e-5)


@cache
def reference(family: str, ids: tuple[int, ...]):
    with torch.inference_mode():
        return network(family)(torch.tensor([ids]), output_attentions=True, output_hidden_states=True, use_cache=False)


@pytest.fixture(params=DECODERS)
def pair(request, tiny):
    """(trace, what transformers gives), one family at a time."""
    trace = tiny(request.param).trace(PROMPT)
    return trace, reference(request.param, tuple(trace.tokens.ids.tolist()))


def test_logits_at_every_position(pair):
    """Catches: a missing final norm or one taken twice, a forgotten bias, scale (Cohere) or soft cap (Gemma 2)."""
    trace, expected = pair
    mine = np.stack([trace.logits(position) for position in range(len(trace))])
    np.testing.assert_allclose(mine, expected.logits[0], **TOLERANCE)
    np.testing.assert_array_equal(trace.logits(-1), trace.logits(len(trace) - 1))


def test_residual_stream_before_the_final_norm(pair):
    """Catches: layers off by one, and transformers' last hidden state, which is after the norm, passed off as residual."""
    trace, expected = pair
    for layer in range(trace.info.n_layers):
        np.testing.assert_allclose(trace.residual(layer), expected.hidden_states[layer][0], **TOLERANCE)


def test_final_norm_of_the_last_residual(tiny):
    trace = tiny("llama").trace(PROMPT)
    normed = network("llama").model.norm(torch.tensor(trace.residual(3)))
    expected = reference("llama", tuple(trace.tokens.ids.tolist())).hidden_states[-1][0]
    np.testing.assert_allclose(normed.detach(), expected, **TOLERANCE)
    assert np.abs(trace.residual(3) - expected.numpy()).max() > 0.1


def test_attention_of_every_layer_and_head(pair):
    """Catches: grouped keys paired with the wrong queries, windows, soft caps, sinks and position biases left out."""
    trace, expected = pair
    for layer in range(trace.info.n_layers):
        every = trace.attention(layer)
        np.testing.assert_allclose(every, expected.attentions[layer][0], **TOLERANCE)
        for head in range(trace.info.n_heads):
            np.testing.assert_allclose(trace.attention(layer, head), every[head], atol=1e-6)


def test_the_future_has_no_weight(tiny):
    for family in DECODERS:
        attention = tiny(family).trace(PROMPT).attention(0)
        assert np.triu(attention, 1).max() == 0.0


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


def test_last_lens_row_is_the_model_itself(pair):
    trace, expected = pair
    p = torch.softmax(expected.logits[0], -1)
    best = p.topk(4, -1)
    np.testing.assert_allclose(trace.lens(4).top_probs[-1], best.values, rtol=1e-4)
    assert trace.lens(4).top_probs.shape == (trace.info.n_layers + 1, len(trace), 4)
    alone = trace.lens(4, position=-2)
    np.testing.assert_array_equal(alone.top_ids[:, 0], trace.lens(4).top_ids[:, -2])
    np.testing.assert_allclose(alone.top_probs[:, 0], trace.lens(4).top_probs[:, -2], rtol=1e-4)


def test_mean_surprisal_is_the_training_loss(pair):
    """Catches: a shift by one position, bits for nats. The loss is transformers' own cross-entropy."""
    trace, _ = pair
    ids = torch.tensor([trace.tokens.ids.tolist()])
    with torch.inference_mode():
        loss = network(trace.info.family)(ids, labels=ids).loss.item()
    surprisal = trace.surprisal_bits()
    assert math.isnan(surprisal[0])
    assert surprisal[1:].mean() == pytest.approx(loss / math.log(2), rel=1e-5)


def test_ranks_and_entropies(pair):
    trace, expected = pair
    logits = expected.logits[0].double()
    ids = trace.tokens.ids
    assert trace.ranks()[0] == 0
    for position in range(1, len(ids)):
        assert trace.ranks()[position] == 1 + (logits[position - 1] > logits[position - 1, ids[position]]).sum()
        assert trace.next_token(position - 1).rank_of(ids[position]) == trace.ranks()[position]
    p = torch.softmax(logits, -1)
    np.testing.assert_allclose(trace.entropy_bits(), -(p * p.log2()).sum(-1), rtol=1e-5)


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
    np.testing.assert_allclose(parts.surprisal_bits(), whole.surprisal_bits(), rtol=1e-6)
    np.testing.assert_allclose(parts.lens(3).top_probs, whole.lens(3).top_probs, rtol=1e-5)


def test_next_token_from_a_trace_and_alone(tiny):
    model = tiny("qwen3")
    trace = model.trace(PROMPT)
    settings = SamplingSettings(temperature=0.7, top_k=9, repetition_penalty=1.3)
    here, alone = trace.next_token(settings=settings), model.next_token(PROMPT, settings)
    np.testing.assert_array_equal(here.ids[:20], alone.ids[:20])
    np.testing.assert_allclose(here.p_final, alone.p_final, atol=1e-6)
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


def test_what_is_kept_grows_with_the_text_and_not_with_its_square(tiny):
    for family in RECORDED:
        model = tiny(family)
        ids = model.tokenize("the dog " * 20)
        short, long = model.trace("the dog " * 5), model.trace(ids)
        assert long.nbytes / short.nbytes == pytest.approx(len(long) / len(short))
        assert all(not torch.is_tensor(record.mask) for record in long._attention)


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


def test_an_encoder_is_traced_but_predicts_no_next_token(tiny):
    trace = tiny("bert").trace(PROMPT)
    expected = reference("bert", tuple(trace.tokens.ids.tolist()))
    np.testing.assert_allclose(trace.attention(2), expected.attentions[2][0], **TOLERANCE)
    np.testing.assert_allclose(trace.residual(3), expected.hidden_states[3][0], **TOLERANCE)
    np.testing.assert_allclose(trace.logits(2), expected.logits[0, 2], **TOLERANCE)
    with pytest.raises(BackendError):
        trace.surprisal_bits()
