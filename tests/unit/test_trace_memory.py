"""What a trace keeps grows with the number of tokens: bytes counted exactly, by walking what hangs on it."""

import numpy as np
import pytest
import torch

from tests.kept_bytes import kept_bytes
from tests.tiny_models import CONFIGS

# recorded; window; soft cap; sinks; block run again; no attention; both sides seen; window to both sides; two stacks; biases
FAMILIES = ("gpt2", "mistral", "gemma2", "gpt_oss", "bloom", "mamba", "bert", "modernbert", "bart", "t5")


def trace_of(model, n: int):
    """A trace of n tokens; an encoder-decoder writes as many as it reads."""
    ids = [5 + i % 7 for i in range(n)]
    return model.trace(ids, ids[1:]) if model.info.kind == "encoder-decoder" else model.trace(ids)


def test_the_walk_counts_each_buffer_once_and_whole():
    """Catches: a view counted as its own few bytes, or a shared buffer twice."""
    wide, numbers = torch.zeros(10, 4), np.zeros(3)
    assert kept_bytes({"a": [wide[:1], wide[2:3]], "b": (numbers, numbers[1:])}) == 160 + 24
    assert kept_bytes(np.zeros((2, 8), np.float32)[0]) == 64
    assert kept_bytes([torch.nn.Linear(3, 3)]) == 0


@pytest.mark.parametrize("family", FAMILIES)
def test_each_token_more_costs_the_same(tiny, family):
    """48 tokens cost as much more than 32 as those do than 16, to the byte. Catches: anything of [query, key] that is kept, a
    mask of one byte a pair included."""
    kept = [kept_bytes(trace_of(tiny(family), n)) for n in (16, 32, 48)]
    assert kept[2] - kept[1] == kept[1] - kept[0] > 0


def test_a_token_costs_its_residuals_queries_and_keys(tiny):
    """GPT-2 of 3 layers and 32 numbers wide: 4 residuals, 3 queries, 3 keys, 4 bytes a number; the ids and marks of its text
    are all that comes on top. Catches: values kept with the queries, the stream kept twice, attention kept."""
    arguments = CONFIGS["gpt2"][1]
    n_layers, d_model = arguments["n_layer"], arguments["n_embd"]
    vectors = 4 * d_model * ((n_layers + 1) + 2 * n_layers)
    one, two = (kept_bytes(trace_of(tiny("gpt2"), n)) for n in (20, 40))
    assert vectors <= (two - one) / 20 <= vectors + 16


@pytest.mark.parametrize("family", ["gpt2", "mistral", "gpt_oss", "bloom", "bart"])
def test_one_head_is_held_alone(tiny, family):
    """Catches: a view that keeps the heads of its group, or all of the layer, for as long as somebody looks at one."""
    assert kept_bytes(trace_of(tiny(family), 40).attention(0, 0)) == 40 * 40 * 4


@pytest.mark.parametrize("family", FAMILIES)
def test_looking_at_attention_keeps_nothing(tiny, family):
    """Catches: matrices remembered once they were asked for."""
    trace = trace_of(tiny(family), 40)
    before = kept_bytes(trace)
    for layer in range(trace.info.n_layers if trace.info.n_heads else 0):
        trace.attention(layer)
    assert kept_bytes(trace) == before
