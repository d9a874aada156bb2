"""The table of families: each is one that transformers has, and what is said of it is so."""

import pytest
from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

from model_backend import UnsupportedArchitecture, open_model
from model_backend.analysis.head_maps import value_weighted
from model_backend.analysis.head_steps import head_steps
from model_backend.base.families import FAMILIES, Family, family_of
from tests import tiny_models
from tests.tiny_models import CONFIGS, PROMPT, network


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_one_that_transformers_has(name):
    assert name in CONFIG_MAPPING_NAMES


def test_a_line_a_family_and_nothing_of_others():
    assert list(FAMILIES) == [family.name for family in FAMILIES.values()]
    assert family_of("never heard of") == Family("never heard of")
    with pytest.raises(TypeError):
        FAMILIES["gpt2"] = Family("gpt2")


@pytest.mark.parametrize("name", CONFIGS)
def test_what_is_said_of_a_family_is_there(name):
    """Catches: a path or a method that transformers has renamed."""
    family, plain = family_of(name), network(name)
    sinks = [module for module in plain.modules() if hasattr(module, "sinks")]
    assert bool(sinks) == family.has_sinks
    own = family.own_attention
    if own is not None and not plain._can_set_attn_implementation():
        (module, *_) = [module for module in plain.modules() if hasattr(module, own.method)]
        assert all(hasattr(module, name) for name in (own.times, own.over, own.mask) if name)
    assert own is not None or name == "mamba" or plain._can_set_attn_implementation()


def test_attention_in_a_way_that_is_not_known(tmp_path, monkeypatch):
    """MPT has no method in which queries, keys and values meet: its weights are shown, the rest is refused in words."""
    sizes = dict(vocab_size=400, max_seq_len=64, d_model=32, n_layers=3, n_heads=4)
    monkeypatch.setitem(CONFIGS, "mpt", ("MptConfig", sizes))
    trace = open_model(str(tiny_models.save(tmp_path, "mpt"))).trace(PROMPT)
    assert trace.attention(1, 1).shape == (len(trace), len(trace))
    for ask in (lambda: head_steps(trace, 1, 1), lambda: value_weighted(trace, 1)):
        with pytest.raises(UnsupportedArchitecture):
            ask()


def test_a_block_that_gives_a_list(tmp_path, monkeypatch):
    """OpenAI's first GPT, which keeps no keys and values either: refused in words."""
    sizes = dict(vocab_size=400, n_positions=64, n_embd=32, n_layer=3, n_head=4)
    monkeypatch.setitem(CONFIGS, "openai-gpt", ("OpenAIGPTConfig", sizes))
    with pytest.raises(UnsupportedArchitecture, match="cannot be kept"):
        open_model(str(tiny_models.save(tmp_path, "openai-gpt")))
