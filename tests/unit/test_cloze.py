"""The bundled encoder: it opens, is what its card says, fills the lesson gaps from both sides and parts two senses."""

import json

import numpy as np
import pytest
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from model_backend import open_model
from model_backend.hub import catalogue
from training import cloze_measures, evaluate_cloze
from training.cloze_prompts import CLOZE_PROMPTS
from training.two_sense_sentences import TWO_SENSES

FOLDER = catalogue.BUNDLED / "cloze"
EMOJI = "👩‍🚀"


@pytest.fixture(scope="module")
def model():
    return open_model("bundled/cloze")


@pytest.fixture(scope="module")
def plain():
    return evaluate_cloze.open_folder(FOLDER)


@pytest.fixture(scope="module")
def evaluation():
    return json.loads((FOLDER / "evaluation.json").read_text())


def test_it_opens_as_an_encoder_of_the_size_on_its_card(model):
    training = json.loads((FOLDER / "training.json").read_text())
    entry = catalogue.find("bundled/cloze")
    assert (model.info.kind, model.info.family) == ("encoder", "bert") == (entry.kind, "bert")
    assert model.info.n_parameters == entry.n_parameters == training["n_parameters"]
    assert model.info.max_positions == training["shape"]["max_position_embeddings"]
    assert entry.bytes_on_disk < 13_000_000 and entry.licence == "cc-by-4.0"


def test_lesson_words_are_one_token_each(model):
    for item in CLOZE_PROMPTS:
        for answer in item.answers:
            assert len(model.tokenize(answer)) == 3, answer  # with [CLS] and [SEP]
    for item in TWO_SENSES:
        upper = model.tokenize(item.word.title())
        assert upper.ids.tolist() == model.tokenize(item.word).ids.tolist() and len(upper) == 3


def test_a_text_stands_between_its_marks_and_what_is_unknown_is_said(model):
    tokens = model.tokenize(f"The Dog {EMOJI} barked.")
    assert tokens.pieces == ("[CLS]", "the", "dog", "[UNK]", "barked", ".", "[SEP]")
    assert tokens.text[slice(*tokens.spans[3])] == EMOJI
    assert tokens.is_special.tolist() == [
        True,
        False,
        False,
        True,
        False,
        False,
        True,
    ]  # [UNK] counts, as in every BERT
    assert tokens.loss == "unknown" and not tokens.is_lossless


def test_lessons_are_right_as_often_as_the_card_says(plain, evaluation):
    network, tokenizer = plain
    found = cloze_measures.lesson_results(network, tokenizer)
    assert sum(item["right"] for item in found) == evaluation["lessons_right"] >= 20
    assert [item["says"] for item in found] == [item["says"] for item in evaluation["lessons"]]


def test_the_trace_fills_a_gap_as_plain_transformers_does(model, plain):
    network, tokenizer = plain
    text = "It was raining, so she took her [MASK]."
    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.inference_mode():
        expected = network(ids).logits[0].softmax(-1).numpy()  # [pos, vocab]
    tokens = model.tokenize(text)
    assert tokens.ids.tolist() == ids[0].tolist()
    place = tokens.pieces.index("[MASK]")
    logits = model.trace(tokens).logits(place)
    shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert np.allclose(shares, expected[place], atol=1e-4)
    assert tokenizer.convert_ids_to_tokens(int(shares.argmax())) == "umbrella"


def test_words_after_the_gap_change_what_fits(plain):
    """The same word before the gap; only a model that reads on can tell these apart."""
    network, tokenizer = plain
    dog, cow = tokenizer.convert_tokens_to_ids(["dog", "cow"])
    odds = []
    for text in ("The [MASK] barked at the cat.", "The [MASK] says moo."):
        ids = tokenizer(text, return_tensors="pt").input_ids
        with torch.inference_mode():
            scores = network(ids).logits[0, ids[0].tolist().index(tokenizer.mask_token_id)]
        odds.append(float(scores[dog] - scores[cow]))
    assert odds[0] > odds[1] + 1.0  # nats


def test_attention_looks_both_ways(model):
    tokens = model.tokenize("The little dog ran to the river.")
    trace = model.trace(tokens)
    n = len(tokens)
    weights = np.stack([trace.attention(layer, head) for layer in range(model.info.n_layers)
                        for head in range(model.info.n_heads)])  # [layer and head, query, key]  # fmt: skip
    ahead, behind = np.triu(np.ones((n, n), bool), 1), np.tril(np.ones((n, n), bool), -1)
    assert weights[:, ahead].sum() / weights.sum() > 0.2 and weights[:, behind].sum() / weights.sum() > 0.2


def test_two_senses_part_in_the_upper_layers_and_not_in_the_embedding(plain, evaluation):
    network, tokenizer = plain
    found = evaluate_cloze.senses(network, tokenizer)
    assert found == evaluation["senses"]
    assert found["static"] == 0.5
    assert found["layers"][-1] > 0.85 and found["layers"][0] < 0.65
    assert sum(word["layers"][-1] > word["static"] + 0.2 for word in found["words"]) >= 8


def test_the_weights_are_small_safe_and_finite():
    network = AutoModelForMaskedLM.from_pretrained(FOLDER, dtype="auto")
    assert {p.dtype for p in network.parameters()} == {torch.float16}
    assert all(torch.isfinite(p).all() for p in network.parameters())
    assert len(AutoTokenizer.from_pretrained(FOLDER)) == network.config.vocab_size == 8192
