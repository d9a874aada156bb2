"""Encoder-decoders: what their decoder is fed, what their makers' rules do, what the two sides are called."""

import numpy as np
import pytest
import torch
from transformers import GenerationConfig, MBartTokenizer

from model_backend import EmptyPrompt, PromptTooLong, SamplingSettings, UnsupportedArchitecture, open_model
from model_backend.base.records import CUT_RULES
from model_backend.engine import sampling
from model_backend.engine.generation import greedy_target
from model_backend.engine.makers_rules import MakersRules
from model_backend.engine.model import _target_backend
from tests import tiny_models
from tests.tiny_models import PROMPT, TRANSLATORS, network

START = {"t5": 0, "bart": 3, "marian": 0}


@pytest.mark.parametrize("family", TRANSLATORS)
def test_the_start_token_and_then_the_target_as_the_tokenizer_cuts_it(tiny, family):
    """Catches: the text shifted by one, its end token left out, the start token put twice."""
    model = tiny(family)
    ids = tiny_models.TOKENIZERS[tiny_models.TOKENIZER_OF.get(family, "byte-level")]()(text_target="a dog")["input_ids"]
    target = model.trace(PROMPT, "a dog").target_tokens
    assert target.ids.tolist() == [START[family], *ids]
    assert (target.text, target.token_bytes[0], target.spans[0], target.is_special[0]) == ("a dog", b"", (0, 0), True)
    for same in (ids, [START[family], *ids], target, model.tokenize("a dog"), np.array(ids)):
        again = model.trace(PROMPT, same).target_tokens
        assert again.ids.tolist() == target.ids.tolist() and again.text == "a dog" and again.spans == target.spans
    for nothing in (None, ()):
        assert model.trace(PROMPT, nothing).target_tokens.ids.tolist() == [START[family]]


def test_a_beginning_has_no_end_token(tiny):
    """T5 puts `</s>` (1) behind a whole text; the word that follows "a dog" is predicted without it."""
    model = tiny("t5")
    whole, begun = model.tokenize_target("a dog"), model.tokenize_target("a dog", is_whole=False)
    assert whole.ids.tolist() == [*begun.ids, 1]
    alone = model.next_token(PROMPT, target="a dog")
    np.testing.assert_allclose(alone.p_model, model.trace(PROMPT, begun).next_token().p_model, atol=1e-5)
    steps = list(model.generate(PROMPT, SamplingSettings(temperature=0), 3, target="a dog"))
    assert steps[0].token_id == alone.ids[0]


@pytest.mark.parametrize("family", TRANSLATORS)
def test_each_step_shows_the_distribution_of_a_fresh_pass(tiny, family):
    """Catches: a cache that forgets, a step's record paired with another token, penalties that see the source."""
    model = tiny(family)
    settings = SamplingSettings(temperature=0.9, frequency_penalty=0.5)
    history = model.trace(PROMPT).target_tokens.ids.tolist()
    for step in model.generate(PROMPT, settings, max_new_tokens=5, seed=2):
        fresh = model.next_token(PROMPT, settings, history)
        in_trace = model.trace(PROMPT, history).next_token(settings=settings)
        np.testing.assert_array_equal(in_trace.ids[:10], fresh.ids[:10])
        for name in ("logits", "p_model"):
            # one token with a cache and all at once add up in another order
            np.testing.assert_allclose(getattr(step.next_token, name), getattr(fresh, name), rtol=1e-4, atol=1e-5)
        history.append(step.token_id)


@pytest.mark.parametrize("family", TRANSLATORS)
def test_greedy_target_is_that_of_transformers(tiny, family):
    """Catches: a makers' rule left out (BART's forced tokens, Marian's forbidden padding), the start token among the ids."""
    model = tiny(family)
    tokens = model.tokenize(PROMPT)
    found = greedy_target(model, tokens, 12)
    output = network(family).generate(torch.tensor(tokens.ids)[None], max_new_tokens=12, do_sample=False, num_beams=1)
    expected = output[0, 1:].tolist()
    assert found == expected[: len(found)] and len(found) > 1
    ends = [i for i, token_id in enumerate(expected) if token_id in model.end_ids]
    assert len(found) == (ends[0] + 1 if ends else 12)
    assert len(greedy_target(model, model.tokenize("a"), 1000)) <= 2 * len(model.tokenize("a")) + 16


def test_lens_of_t5_against_a_hand_written_norm_scale_and_head(tiny):
    """softmax(E · RMSNorm(residual) / √d_model) at each layer of the decoder, E tied to the embedding. Catches: the scale
    left out, the encoder's norm taken for the decoder's, the norm taken twice."""
    trace, decoder = tiny("t5").trace(PROMPT, "a dog"), network("t5").decoder
    embedding = network("t5").shared.weight.numpy(force=True).astype(np.float64)
    table = trace.lens(5)
    for layer in range(3):
        states = trace.residual(layer, "decoder").astype(np.float64)
        normed = states / np.sqrt((states**2).mean(-1, keepdims=True) + 1e-6)
        logits = (normed * decoder.final_layer_norm.weight.numpy(force=True)) @ embedding.T * 32**-0.5
        p = np.exp(logits - logits.max(-1, keepdims=True))
        p /= p.sum(-1, keepdims=True)
        np.testing.assert_allclose(table.top_probs[layer], -np.sort(-p, -1)[:, :5], rtol=1e-4)
        np.testing.assert_allclose(table.entropy_bits[layer], -(p * np.log2(p)).sum(-1), rtol=1e-4)


def test_sizes_of_both_sides(tiny):
    info = tiny("bart").info
    assert (info.kind, info.n_layers, info.n_decoder_layers) == ("encoder-decoder", 3, 2)
    assert (info.n_heads, info.n_decoder_heads, info.d_head, info.max_positions) == (4, 2, 8, 64)
    assert (tiny("gpt2").info.n_decoder_layers, tiny("gpt2").info.n_decoder_heads) == (3, 4)


def test_without_a_name_the_encoder_is_meant(tiny):
    trace = tiny("bart").trace(PROMPT, "a dog")
    np.testing.assert_array_equal(trace.attention(1), trace.attention(1, kind="encoder"))
    np.testing.assert_array_equal(trace.residual(3), trace.residual(3, "encoder"))
    n, m = len(trace.tokens), len(trace.target_tokens)
    assert trace.attention(1, kind="cross").shape == (2, m, n) and len(trace) == n
    assert trace.query(1, "cross").shape == (2, m, 16) and trace.key(1, "cross").shape == (2, n, 16)
    np.testing.assert_allclose(trace.attention(1, kind="cross").sum(-1), 1, atol=1e-6)
    for wrong in (lambda: trace.attention(0, kind="self"), lambda: trace.residual(0, "cross")):
        with pytest.raises(ValueError, match="should be one of"):
            wrong()
    with pytest.raises(ValueError, match="should be one of"):
        tiny("gpt2").trace(PROMPT).attention(0, kind="cross")


def test_arrays_are_read_only(tiny):
    trace = tiny("t5").trace(PROMPT, "a dog")
    for array in (
        trace.residual(0, "decoder"),
        trace.attention(0, kind="cross"),
        trace.key(0, "cross"),
        trace.logits(),
    ):
        with pytest.raises(ValueError):
            array[...] = 0


def test_too_long_on_either_side_and_targets_where_there_are_none(tiny):
    model = tiny("bart")
    for source, target in (([5] * 65, None), ([5], [5] * 64)):
        with pytest.raises(PromptTooLong):
            model.trace(source, target)
    assert len(model.trace([5] * 64, [5] * 63).target_tokens) == 64
    with pytest.raises(PromptTooLong):
        model.generate([5], target=[5] * 63)
    with pytest.raises(EmptyPrompt):
        model.trace([], [5])
    for call in (tiny("gpt2").trace, lambda text, target: tiny("gpt2").next_token(text, target=target)):
        with pytest.raises(ValueError, match="only an encoder-decoder"):
            call(PROMPT, "a dog")


def test_a_model_that_does_not_say_how_it_starts(tmp_path):
    folder = tiny_models.save(tmp_path / "t5", "t5")
    for name in ("config.json", "generation_config.json"):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace('"decoder_start_token_id": 0', '"decoder_start_token_id": null'))
    with pytest.raises(UnsupportedArchitecture, match="start"):
        open_model(str(folder))


def test_rules_by_hand():
    """Vocabulary of 6, end token 1, at most 5 tokens with the start token 0."""

    def allowed(history, **rules):
        mask = MakersRules(GenerationConfig(**rules), frozenset([1]), max_length=5).allowed(history, 6)
        return None if mask is None else np.flatnonzero(mask).tolist()

    assert allowed([0]) is None
    assert allowed([0], forced_bos_token_id=4) == [4] and allowed([0, 4], forced_bos_token_id=4) is None
    assert allowed([0, 2, 2, 2], forced_eos_token_id=1) == [1] and allowed([0, 2, 2], forced_eos_token_id=1) is None
    assert allowed([0], bad_words_ids=[[0], [2, 3]]) == [1, 2, 3, 4, 5]
    assert allowed([0, 2], bad_words_ids=[[0], [2, 3]]) == [1, 2, 4, 5]
    assert allowed([0, 2, 3, 2], no_repeat_ngram_size=2) == [0, 1, 2, 4, 5]
    assert allowed([0, 2], min_length=3) == [0, 2, 3, 4, 5] and allowed([0, 2, 2], min_length=3) is None
    assert allowed([0], suppress_tokens=[3], begin_suppress_tokens=[1]) == [0, 2, 4, 5]
    assert allowed([0, 2], suppress_tokens=[3], begin_suppress_tokens=[1]) == [0, 1, 2, 4, 5]


def test_what_the_makers_forbid_is_cut_and_the_models_own_probability_stays():
    """p = (0.4, 0.3, 0.2, 0.1) with the favourite forbidden: of the two best of the rest 0.3 and 0.2 stay, as 0.6 and 0.4."""
    logits = np.log([0.4, 0.3, 0.2, 0.1]).astype(np.float32)
    table = sampling.apply(logits, SamplingSettings(top_k=2), allowed=np.array([False, True, True, True]))
    np.testing.assert_allclose(table.p_model, [0.4, 0.3, 0.2, 0.1], rtol=1e-6)
    np.testing.assert_allclose(table.p_final, [0, 0.6, 0.4, 0], rtol=1e-6)
    assert [CUT_RULES[rule] for rule in table.cut_by] == ["makers", "kept", "kept", "top-k"]
    assert table.kept.tolist() == [False, True, True, False] and table.mass_kept == pytest.approx(0.5)
    greedy = sampling.apply(logits, SamplingSettings(temperature=0), allowed=np.array([False, True, True, True]))
    assert [CUT_RULES[rule] for rule in greedy.cut_by] == ["makers", "kept", "greedy", "greedy"]
    plain = sampling.apply(logits, allowed=np.array([True, True, False, True]))
    np.testing.assert_allclose(plain.p_final, [0.5, 0.375, 0, 0.125], rtol=1e-6)


def test_a_target_in_another_language_is_cut_with_that_languages_token():
    """mBART puts the language's token behind the text: English behind a source, German behind a target. Catches: the shared
    tokenizer left in its target mode."""
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((f"▁{c}", -1.0) for c in "abc")]
    tokenizer = MBartTokenizer(vocab=vocabulary, src_lang="en_XX", tgt_lang="de_DE")
    before = tokenizer("a b")["input_ids"]
    target = _target_backend(tokenizer)
    assert target.encode("a b").ids == tokenizer(text_target="a b")["input_ids"] != before
    assert tokenizer("a b")["input_ids"] == before == tokenizer.backend_tokenizer.encode("a b").ids
    assert _target_backend(tiny_models.unigram()) is None


def test_bfloat16(tmp_path):
    """Eight bits of mantissa: the third digit of a probability."""
    folder = str(tiny_models.save(tmp_path / "t5", "t5"))
    exact, rough = (open_model(folder, dtype=dtype).trace(PROMPT, "a dog") for dtype in ("float32", "bfloat16"))
    assert rough.logits().dtype == np.float32
    for kind in ("encoder", "decoder", "cross"):
        np.testing.assert_allclose(rough.attention(0, kind=kind), exact.attention(0, kind=kind), atol=0.05)
        np.testing.assert_allclose(rough.attention(1, kind=kind).sum(-1), 1, atol=1e-5)
