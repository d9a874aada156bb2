"""The bundled interpreter as it ships: it opens, its tokens come back, it translates the lessons, and its card says what was measured."""

import json
import re
from functools import cache

import numpy as np
import pytest

from model_backend import SamplingSettings, open_model
from model_backend.hub import catalogue
from training.translation_lessons import LESSONS, is_right

ENTRY = catalogue.find("bundled/interpreter")
FOUND = json.loads((catalogue.BUNDLED / "interpreter" / "evaluation.json").read_text())
GREEDY = SamplingSettings(temperature=0)


@pytest.fixture(scope="module")
def model():
    return open_model("bundled/interpreter", device="cpu")


@pytest.fixture(scope="module")
def translate(model):
    @cache
    def say(text: str) -> str:
        return model.decode([step.token_id for step in model.generate(text, GREEDY, 30)]).removesuffix("</s>").strip()

    return say


def test_what_the_catalogue_says(model):
    assert (ENTRY.kind, model.info.kind, model.info.family) == ("encoder-decoder", "encoder-decoder", "marian")
    assert ENTRY.languages == ("en", "fr", "nl") and ENTRY.licence == "cc-by-4.0"
    assert ENTRY.bytes_on_disk < 18_000_000 and 7_000_000 < ENTRY.n_parameters < 8_000_000
    assert (model.info.n_layers, model.info.n_decoder_layers, model.info.vocab_size) == (3, 3, 8192)
    assert not [path for path in ENTRY.path.rglob("*") if path.suffix in (".bin", ".pt", ".pkl", ".py")]


@pytest.mark.parametrize(
    "text", ["I love llamas", "I don't know, do you?", ">>nld<< Where are we?", "naïve 日本 2026!", "a  b"]
)
def test_tokens_come_back(model, text):
    tokens = model.tokenize(text)
    assert tokens.is_lossless and b"".join(tokens.token_bytes).decode().strip() == text
    assert tokens.ids[-1] == 1 and 2 not in tokens.ids  # ended by </s>, nothing unknown


def test_words_of_the_lessons_are_whole(model):
    assert model.tokenize("I love llamas").pieces[:3] == model.tokenize("I love llamas.").pieces[:3]
    assert len(model.tokenize("I love llamas")) == 4  # three words and </s>


def test_llamas(translate):
    assert translate("I love llamas") in ("J'aime les lamas", "J'adore les lamas")
    assert translate(">>nld<< I love llamas") in ("Ik hou van lama's", "Ik houd van lama's")


def test_lessons_come_out_as_measured(translate):
    """By this program's own generation, token by token, what transformers' generate gave for the card."""
    right = {"fra": 0, "nld": 0}
    for lesson, measured in zip(LESSONS, FOUND["lessons"], strict=True):
        says = translate((">>nld<< " if lesson.language == "nld" else "") + lesson.english)
        assert says == measured["says"], lesson.english
        right[lesson.language] += is_right(lesson, says)
    assert right == FOUND["lessons_right"]
    assert right["fra"] >= 20 and right["nld"] >= 6


def test_the_mark_says_french_as_nothing_does(translate):
    for text in ("The cat is black.", "I have two dogs.", "I am hungry."):
        assert translate(text) == translate(f">>fra<< {text}") != translate(f">>nld<< {text}")


def test_the_best_head_points_at_the_word_it_is_about_to_translate(model):
    """The best head in the rows that predict a word, on words that stand elsewhere in the other language too."""
    best = next(s for s in FOUND["languages"]["fra"]["alignment"]["heads"] if s["convention"] == "predicting")
    hits = []
    for english, french, pairs in (
        ("I have two dogs.", "J'ai deux chiens.", {"deux": "two", "chiens": "dogs"}),
        ("The cat is black.", "Le chat est noir.", {"chat": "cat", "noir": "black"}),
        ("I saw a white horse.", "J'ai vu un cheval blanc.", {"cheval": "horse", "blanc": "white"}),
        ("My mother is tired.", "Ma mère est fatiguée.", {"mère": "mother", "fatiguée": "tired"}),
    ):
        trace = model.trace(english, french)
        sources, targets = (
            [word.strip("▁ ") for word in side] for side in (trace.tokens.pieces, trace.target_tokens.pieces)
        )
        rows = trace.attention(best["layer"], best["head"], kind="cross")
        np.testing.assert_allclose(rows.sum(-1), 1, atol=1e-5)
        for word, source in pairs.items():
            hits.append(sources[int(rows[targets.index(word) - 1].argmax())] == source)
    assert sum(hits) >= 6


def test_the_card_is_about_this_model():
    card = (ENTRY.path / "README.md").read_text()
    for name in ("fra", "nld"):
        measured = FOUND["languages"][name]
        assert f"| {measured['chrf']:.1f} | {measured['bleu']:.1f} |" in card
        assert f"**{measured['alignment']['heads'][0]['error_rate']:.3f}**" in card
    counted = re.search(r"([\d,]+) parameters", card)
    assert int(counted[1].replace(",", "")) == json.loads((ENTRY.path / "training.json").read_text())["n_parameters"]
    for needed in ("Tatoeba", "CC BY 2.0 FR", "synthetic", "loss_curve.png"):
        assert needed in card
