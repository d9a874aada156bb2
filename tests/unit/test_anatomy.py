"""Sizes and costs against torch: its parameters, its FLOP counter, its key-value cache."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from model_backend.analysis.anatomy import anatomy
from tests.tiny_models import CONFIGS, DECODERS, ENCODERS, TRANSLATORS, network

EXPERTS = ("mixtral", "gpt_oss")
N = 8


@pytest.mark.parametrize("family", CONFIGS)
def test_every_tensor_is_there_once_and_has_a_role(tiny, family):
    model = tiny(family)
    found = anatomy(model)
    plain = dict(network(family).named_parameters(remove_duplicate=False))
    assert {w.name: w.shape for w in found.weights} == {name: tuple(p.shape) for name, p in plain.items()}
    unique = {id(p): p.numel() for p in plain.values()}
    assert sum(w.n_parameters for w in found.weights) == found.n_parameters == sum(unique.values())
    assert sum(w.share for w in found.weights) == pytest.approx(1)
    for w in found.weights:
        assert w.role != "other", w.name
        assert bool(w.tied_to) == (w.n_parameters == 0)
        assert not w.tied_to or plain[w.name] is plain[w.tied_to]
    assert found.bytes_at == {bits: found.n_parameters * bits / 8 for bits in (32, 16, 8, 4)}


@pytest.mark.parametrize("family", (*DECODERS, *ENCODERS))
def test_roles_by_how_often_they_occur(tiny, family):
    """Each block has one way in and one way out; queries, keys and values are three matrices or one."""
    model = tiny(family)
    found = anatomy(model)
    for layer in range(model.info.n_layers):
        roles = [w.role for w in found.weights if w.layer == layer and len(w.shape) > 1 and not w.is_bias]
        assert roles.count("attention output") == roles.count("down") == 1
        assert roles.count("qkv") + (roles.count("query") + roles.count("key") + roles.count("value")) / 3 == 1
        assert roles.count("up") + roles.count("gate and up") == 1
    assert sum(w.role == "embedding" and "type" not in w.name and len(w.shape) > 1 for w in found.weights) >= 1


@pytest.mark.parametrize("family", [family for family in (*DECODERS, *ENCODERS) if family not in EXPERTS])
def test_flops_are_those_that_torch_counts(tiny, family):
    """N tokens that all see N tokens: eager attention multiplies the masked half too."""
    found = anatomy(tiny(family), context=N)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(family)(torch.arange(N)[None], use_cache=False)
    assert found.flops_per_token * N == counter.get_total_flops()


@pytest.mark.parametrize("family", TRANSLATORS)
def test_flops_of_a_decoder_with_a_source(tiny, family):
    """One target token more costs a token's share; the source, read once, costs nothing more. Context is the source's and
    the target's length alike; the counted step from N to N + 1 targets differs by the growing self-attention."""
    model, counts = network(family), []
    source = torch.arange(N)[None]
    with torch.no_grad():
        encoded = model.get_encoder()(input_ids=source)
        for n in (N, N + 1):
            with FlopCounterMode(display=False) as counter:
                model(encoder_outputs=encoded, decoder_input_ids=torch.arange(n)[None], use_cache=False)
            counts.append(counter.get_total_flops())
    found = anatomy(tiny(family), context=N)
    half = found.flops_attention // 2  # of self-attention at N; (N + 1)² - N² = 2 N + 1 of its products
    assert counts[1] - counts[0] == found.flops_weights + found.flops_output + half + half * (2 * N + 1) // N


@pytest.mark.parametrize("family", EXPERTS)
def test_experts_that_stand_idle(tiny, family):
    """Two of four experts read a token."""
    found = anatomy(tiny(family))
    idle = sum(w.n_parameters for w in found.weights if ".experts." in w.name) / 2
    assert found.n_active == found.n_parameters - idle
    with_all = 2 * sum(
        w.n_parameters for w in found.weights if w.layer >= 0 and len(w.shape) > 1 and not w.name.endswith("_bias")
    )
    matrices = sum(w.n_parameters for w in found.weights if ".experts." in w.name and not w.name.endswith("_bias"))
    assert found.flops_weights == with_all - matrices


@pytest.mark.parametrize("family", [family for family in DECODERS if family not in ("gptj", "bloom", "gpt_neo")])
def test_cache_bytes(tiny, family):
    """Catches: queries' heads counted where keys are shared (Llama)."""
    model = network(family)
    with torch.no_grad():
        cache = model(torch.arange(3)[None], use_cache=True).past_key_values
    held = sum(layer.keys.nbytes + layer.values.nbytes for layer in cache.layers)
    assert anatomy(tiny(family)).cache_bytes_per_token == held / 3


def test_formulas(tiny):
    found = anatomy(tiny("gpt2"), context=10)
    assert found.head_formula == "d_head = d_model / n_heads = 32 / 4 = 8" and found.is_head_split
    assert found.flops_formula == "2 · 36,864 + 2 · 32 · 400 + 2 · 2 · 3 · 32 · 10"
    assert found.flops_per_token == 2 * 36864 + 2 * 32 * 400 + 2 * 2 * 3 * 32 * 10
    assert found.cache_formula == "2 · 3 · 32 · 4" and found.cache_bytes_per_token == 768
    assert found.n_embedding == 400 * 32 + 64 * 32  # tied: the output matrix is the embedding
    chosen = anatomy(tiny("qwen3"))
    assert not chosen.is_head_split and chosen.head_formula.startswith("d_head = 16, chosen freely")
    assert anatomy(tiny("llama")).n_embedding == 2 * 400 * 32


def test_tied_weights_are_said(tiny):
    tied = {w.name: w.tied_to for w in anatomy(tiny("gpt2")).weights if w.tied_to}
    assert tied == {"lm_head.weight": "transformer.wte.weight"}
    assert not any(w.tied_to for w in anatomy(tiny("llama")).weights)


def test_without_attention(tiny):
    found = anatomy(tiny("mamba"))
    assert found.head_formula == found.cache_formula == "" and found.flops_attention == found.cache_bytes_per_token == 0
    assert not found.is_head_split and np.isfinite(found.flops_per_token)


def test_the_context_defaults_to_what_the_model_can_see(tiny):
    model = tiny("gpt2")
    assert anatomy(model).context == model.info.max_positions == 64
