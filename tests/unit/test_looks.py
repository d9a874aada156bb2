"""The hardest look, worked out by hand, and over all heads against plain loops."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from model_backend.analysis import looks
from model_backend.analysis.looks import strongest_in_layer, strongest_look, words_only
from tests.figures.test_labels import tokenization
from tests.tiny_models import PROMPT


def test_strongest_look_is_neither_the_token_itself_nor_the_first_nor_the_future():
    attention = np.zeros((2, 4, 4), np.float32)
    attention[0, 2] = [0.9, 0.05, 0.05, 0.0]
    attention[1, 2] = [0.1, 0.3, 0.6, 0.0]
    attention[:, 2, 3] = 5.0  # a future key must never win
    assert strongest_in_layer(attention, query=2) == (1, 1, pytest.approx(0.3))


def test_strongest_look_with_one_and_two_tokens():
    assert strongest_in_layer(np.ones((1, 1, 1), np.float32), query=0) == (0, 0, 1.0)
    two = np.array([[[1.0, 0.0], [0.7, 0.3]]], np.float32)
    assert strongest_in_layer(two, query=1) == (0, 0, pytest.approx(0.7))


def test_strongest_look_among_given_keys():
    """A model that reads both ways: the future counts, special tokens and the token itself do not."""
    attention = np.zeros((1, 2, 4), np.float32)
    attention[0, 1] = [0.5, 0.2, 0.1, 0.2]
    keys = np.array([False, False, True, True])
    assert strongest_in_layer(attention, 1, keys) == (0, 3, pytest.approx(0.2))


def test_words_only_leaves_out_what_stands_for_no_text():
    prompt = replace(tokenization(b"<s>", b"a", b" b", special=(0,)), spans=((0, 0), (0, 1), (1, 3)))
    assert words_only(prompt).tolist() == [False, True, True]
    assert words_only(prompt, but=1).tolist() == [False, False, True]
    assert words_only(tokenization(b"<s>", special=(0,)), but=0).tolist() == [True]


@pytest.mark.parametrize("family", ["gpt2", "bert", "bart"])
def test_the_hardest_look_of_a_trace_is_that_of_a_loop_over_its_matrices(tiny, family):
    """Catches: a key that may not count, the self-attention of a translator, a layer left out."""
    trace, query, kind = tiny(family).trace(PROMPT), 3, None
    keys = [i for i, (start, end) in enumerate(trace.tokens.spans) if end > start and i != query]
    if family == "gpt2":
        keys = list(range(1, query))
    if family == "bart":
        trace, kind, keys = tiny(family).trace(PROMPT, "the dog's bark"), "cross", sorted([*keys, query])
    best = max(
        (float(trace.attention(layer, head, kind)[query, key]), layer, head, key)
        for layer in range(trace.info.n_decoder_layers)
        for head in range(trace.info.n_decoder_heads)
        for key in keys
    )
    layer, head, key, weight = strongest_look(trace, query)
    assert (weight, layer, head, key) == (pytest.approx(best[0]), *best[1:])


def test_of_a_long_text_the_middle_layer_alone_is_searched(tiny, monkeypatch):
    monkeypatch.setattr(looks, "CELLS_FOR_ALL_LAYERS", 10)
    assert strongest_look(tiny("gpt2").trace(PROMPT), 4)[0] == 1


def pretended(n_layers: int, attention: np.ndarray, tokens, kind: str = "encoder"):
    """A trace of a model that reads both ways, all of whose layers look alike."""
    info = SimpleNamespace(kind=kind, n_decoder_layers=n_layers, n_decoder_heads=len(attention))
    return SimpleNamespace(
        info=info, tokens=tokens, target_tokens=None, attention=lambda layer, kind=None: (layer + 1) * attention
    )


def test_of_a_model_that_reads_both_ways_the_token_itself_does_not_count():
    tokens = replace(tokenization(b"a", b" b", b" c"), spans=((0, 1), (1, 3), (3, 5)))
    attention = np.array([[[0, 0, 0], [0.2, 0.7, 0.1], [0, 0, 0]]], np.float32)
    assert strongest_look(pretended(2, attention, tokens), 1) == (1, 0, 0, pytest.approx(0.4))


@pytest.mark.parametrize(("cells", "layer"), [(2 * 3 * 2 * 2, 2), (2 * 3 * 2 * 2 - 1, 1)])
def test_how_long_a_text_may_be_for_all_layers_to_be_searched(monkeypatch, cells, layer):
    """3 layers · 2 heads · 2 queries · 2 keys."""
    monkeypatch.setattr(looks, "CELLS_FOR_ALL_LAYERS", cells)
    tokens = replace(tokenization(b"a", b" b"), spans=((0, 1), (1, 3)))
    attention = np.full((2, 2, 2), 0.1, np.float32)
    assert strongest_look(pretended(3, attention, tokens), 1)[0] == layer
