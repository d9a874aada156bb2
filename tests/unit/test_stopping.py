"""Reasons to stop, by hand and against transformers' own stop strings."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from model_backend import SamplingSettings, open_model
from model_backend.base.stopping import Limits, Stop, find_stop_word, why_stop
from model_backend.hub.catalogue import BUNDLED
from model_backend.writing.paths import Paths

GREEDY = SamplingSettings(temperature=0)


@pytest.mark.parametrize(
    ("pieces", "words", "expected"),
    [
        ([b"Hel", b"lo"], ("lo", "Hello"), ("Hello", 0)),
        ([b"a", b"b", b"c"], ("bc", "b"), ("bc", 1)),
        ([b"\xc3", b"\xa9"], ("é",), ("é", 0)),
        ([b"\xc3"], ("é",), None),
        ([b"abc"], ("", "x"), None),
    ],
)
def test_a_stop_word_is_found_across_tokens_and_inside_one(pieces, words, expected):
    found = find_stop_word(pieces, words)
    assert found == (expected and Stop("stop word", *expected))


def test_the_reasons_and_their_order():
    limits = Limits(3, ("end",))
    free = dict(is_end=False, n_tokens=5, max_positions=10)
    assert why_stop(limits, [b"x"], **free) is None
    assert why_stop(limits, [b"x"] * 3, **free) == Stop("length")
    assert why_stop(limits, [b"the e", b"nd"], **free) == Stop("stop word", "end", 4)
    assert why_stop(limits, [b"x"], **free | {"n_tokens": 10}) == Stop("context")
    assert why_stop(Limits(3, slides=True), [b"x"], **free | {"n_tokens": 10}) is None
    assert why_stop(limits, [b"end"], **free | {"is_end": True}) == Stop("end")


@pytest.mark.parametrize("word", [" the", "th", "re w", ".", "\n"])
def test_it_stops_where_transformers_stops(word):
    """Catches: looking for the word in the prompt as well, in single tokens only, or at the start of tokens only."""
    prompt, folder = "The Eiffel Tower", BUNDLED / "storyteller"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    batch = tokenizer(prompt, return_tensors="pt")
    text = network.generate(**batch, max_new_tokens=60, do_sample=False, stop_strings=[word], tokenizer=tokenizer)[0]
    model = open_model("bundled/storyteller")
    paths, limits = Paths(model, prompt), Limits(60, (word,))
    path = [chosen.token_id for chosen in paths.write((), GREEDY, 0, limits)]
    assert path == text[batch.input_ids.shape[1] :].tolist()
    reason = paths.why_stop(path, limits).reason
    assert reason == ("stop word" if word in tokenizer.decode(text[batch.input_ids.shape[1] :]) else reason)
