"""Vectors of prompts, words and the vocabulary, against plain transformers and the tokenizers themselves."""

import numpy as np
import pytest
import torch

from model_backend import BackendError, open_model
from model_backend.analysis.embeddings import common_tokens, prompt_vectors, word_ids, word_vectors
from model_backend.base.word_lists import ANALOGIES, AXES, MAX_WORDS, SENSES, WORD_LISTS, parse_words
from tests import tiny_models
from tests.tiny_models import PROMPT, TOKENIZERS, network

FAMILIES = ("gpt2", "llama", "bert", "t5", "opt")


@pytest.fixture(scope="module")
def with_tokenizer(tmp_path_factory):
    """A tiny GPT-2 with a tokenizer of each kind."""
    opened = {}

    def model(kind):
        if kind not in opened:
            opened[kind] = open_model(str(tiny_models.save(tmp_path_factory.mktemp("m"), tokenizer=kind)))
        return opened[kind]

    return model


def plain_hidden(family, ids):
    """[layer, batch, pos, d_model] of plain transformers, of the encoder where there are two stacks."""
    plain = network(family).get_encoder() if family == "t5" else network(family)
    with torch.inference_mode():
        return plain(torch.tensor(ids), output_hidden_states=True).hidden_states


@pytest.mark.parametrize("family", FAMILIES)
def test_static_vectors_are_rows_of_the_input_matrix(tiny, family):
    trace = tiny(family).trace(PROMPT)
    found = prompt_vectors(trace)
    with torch.inference_mode():
        expected = network(family).get_input_embeddings().weight[torch.tensor(trace.tokens.ids)]
    np.testing.assert_array_equal(found.vectors, expected)
    assert found.labels == trace.tokens.pieces and found.layer is None


@pytest.mark.parametrize("family", FAMILIES)
def test_vectors_of_a_layer_are_its_hidden_states(tiny, family):
    trace = tiny(family).trace(PROMPT)
    expected = plain_hidden(family, [trace.tokens.ids.tolist()])
    for layer in (0, 2):
        np.testing.assert_allclose(prompt_vectors(trace, layer).vectors, expected[layer][0], atol=1e-5)


def test_the_decoder_of_a_translator_has_points_of_its_own(tiny):
    trace = tiny("t5").trace(PROMPT, "Hello World!")
    found = prompt_vectors(trace, 1, "decoder")
    assert found.labels == trace.target_tokens.pieces
    np.testing.assert_array_equal(found.vectors, trace.residual(1, "decoder"))


@pytest.mark.parametrize("kind", [kind for kind in TOKENIZERS if not kind.startswith("sentencepiece")])
def test_a_word_is_cut_as_in_the_middle_of_a_sentence(with_tokenizer, kind):
    model = with_tokenizer(kind)
    sentence = model.tokenize("the bark was barely heard")
    for word in ("bark", "barely", "heard"):
        start = sentence.text.index(word) - 1  # the space belongs to it
        inside = [
            int(i)
            for i, (first, last) in zip(sentence.ids, sentence.spans, strict=True)
            if first <= start + len(word) and last > start
        ]
        assert word_ids(model, word) == tuple(inside)


@pytest.mark.parametrize("kind", [kind for kind in TOKENIZERS if kind.startswith("sentencepiece")])
def test_a_word_opens_with_its_space_where_the_tokenizer_puts_one(with_tokenizer, kind):
    """These tiny tokenizers join words, so a sentence cuts them otherwise; alone the word has one space, not two."""
    model = with_tokenizer(kind)
    ids = word_ids(model, "bark")
    assert ids == tuple(model.tokenize("bark").ids[1:])  # behind <s>
    assert b"".join(model.token_bytes(i) for i in ids) == b" bark"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_word_of_several_tokens_is_their_mean(tiny, family):
    model = tiny(family)
    found = word_vectors(model, ["bark", "heardbark"])
    assert len(found.token_ids[1]) > 1
    weight = network(family).get_input_embeddings().weight.detach()
    for ids, vector in zip(found.token_ids, found.vectors, strict=True):
        np.testing.assert_allclose(vector, weight[torch.tensor(ids)].mean(0), atol=1e-6)
    assert found.is_single.tolist() == [len(ids) == 1 for ids in found.token_ids]
    assert f"{sum(~found.is_single)} of 2 words" in found.note
    assert word_vectors(model, ["bark"]).note == "" and found.source == "words"


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("layer", [0, 1, 3])
def test_words_of_a_layer_are_read_alone(tiny, family, layer):
    model = tiny(family)
    words = ("bark", "heardbark", "was", "dog")
    found = word_vectors(model, words, layer)
    for word, ids, vector in zip(words, found.token_ids, found.vectors, strict=True):
        style = model.vocabulary.style
        tokens = model.tokenize((" " if style == "byte-level" else "") + word)
        inside = [n for n in range(len(tokens)) if not tokens.is_special[n]]
        assert tokens.ids[inside].tolist() == list(ids)
        alone = model.trace(tokens).residual(layer)[inside].mean(0)  # itself held to transformers above
        np.testing.assert_allclose(vector, alone, atol=1e-5)


def test_batches_give_what_single_words_give(tiny, monkeypatch):
    words = ("bark", "was", "the", "dog", "heard")
    together = word_vectors(tiny("gpt2"), words, 2).vectors
    monkeypatch.setattr("model_backend.analysis.embeddings._BATCH_NUMBERS", 1)
    # products of other numbers of rows are summed in other orders: a few float32 steps of numbers up to 10
    np.testing.assert_allclose(word_vectors(tiny("gpt2"), words, 2).vectors, together, atol=1e-5)


def test_what_has_no_vector_is_said(tiny):
    found = word_vectors(tiny("bert"), ["bark", "🦜", " "])
    assert found.labels == ("bark",)
    assert found.left_out == (("🦜", "unknown"), (" ", "empty"))
    assert word_vectors(tiny("gpt2"), ["bark", "<|endoftext|>"]).left_out == (("<|endoftext|>", "special"),)
    with pytest.raises(BackendError):
        word_vectors(tiny("bert"), ["🦜"])
    with pytest.raises(IndexError, match="layer"):
        word_vectors(tiny("bert"), ["bark"], 4)


@pytest.mark.parametrize("kind", ["byte-level", "word piece", "unigram"])
def test_common_tokens_are_whole_words_in_order(with_tokenizer, kind):
    model = with_tokenizer(kind)
    found = common_tokens(model, 25)
    ids = [i for (i,) in found.token_ids]
    assert ids == sorted(ids) and len(set(found.labels)) == len(ids) > 0
    for token_id, label in zip(ids, found.labels, strict=True):
        assert label.isalpha() and not model.is_special_id(token_id)
        assert word_ids(model, label) == (token_id,) or model.vocabulary.style == "word pieces"
    np.testing.assert_array_equal(found.vectors, model.embedding_matrix()[ids])
    assert "roughly" in found.note
    assert len(common_tokens(model, 3)) == min(3, len(ids))


def test_common_tokens_of_a_layer_are_read_alone(with_tokenizer):
    model = with_tokenizer("byte-level")
    found = common_tokens(model, 3, 1)
    assert (len(found), found.layer, found.source) == (3, 1, "vocabulary")
    for (token_id,), label, vector in zip(found.token_ids, found.labels, found.vectors, strict=True):
        tokens = model.tokenize(f" {label}")
        assert tokens.ids[-1] == token_id
        np.testing.assert_allclose(vector, model.trace(tokens).residual(1)[-1], atol=1e-5)


def test_common_tokens_of_the_storyteller():
    model = open_model("bundled/storyteller")
    found = common_tokens(model, 2000)
    assert len(found) == 2000 and found.is_single.all()
    assert {"the", "and", "she", "dog", "cat", "friend", "do", "bus"} <= set(found.labels[:1500])
    assert not {"th", "happ", "fri", "bec", "tim", "gir", "wor"} & set(found.labels)
    assert all(not model.is_special_id(i) for (i,) in found.token_ids)


def test_lists_as_people_type_them():
    assert parse_words("dog, cat;  polar   bear\ncat,,") == ("dog", "cat", "polar bear")
    assert parse_words("犬、猫，鳥") == ("犬", "猫", "鳥")
    assert parse_words(" \n") == ()
    with pytest.raises(BackendError):
        parse_words(",".join(map(str, range(MAX_WORDS + 1))))


def test_ready_made_lists_hold_together():
    assert all(len(set(words)) == len(words) >= 15 for words in WORD_LISTS.values())
    assert all(low != high for pairs in AXES.values() for low, high in pairs)
    assert all(len(set(three)) == 3 for three in ANALOGIES)
    for word, sentences in SENSES.items():
        assert all(word in sentence.lower().split() for _, sentence in sentences)
        assert len({sense for sense, _ in sentences}) == 2
