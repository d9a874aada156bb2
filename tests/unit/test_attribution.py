"""A logit as a sum of parts, against hooks on plain transformers and the norm worked by hand."""

import gc
import operator
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from model_backend import BackendError, open_model
from model_backend.analysis.attribution import logit_attribution
from model_backend.analysis.heads import induction_scores
from model_backend.analysis.output_map import FrozenNorm, output_map
from tests.tiny_models import DECODERS, PROMPT, network, save
from tests.unit.test_contract import FINAL_NORMS, read
from tests.watching import ATTENTION_PARTS, CROSS_PROJECTIONS, MLP_PARTS, PROJECTIONS, linear_matrix, seen

ADDITIVE = (*DECODERS, "mamba", "t5")
CENTRED = ("gpt2", "gptj", "gpt_neo", "bloom", "gpt_neox", "cohere", "opt")  # LayerNorm; the others divide only
POSITION, TOKEN, OTHER = 4, 7, 300


def frozen_norm(family: str, name: str, vectors: torch.Tensor, at: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(vectors through the norm with the scale it has at `at`, its offset), by the textbook, in float64."""
    norm = operator.attrgetter(name)(network(family))
    eps = next(getattr(norm, eps) for eps in ("eps", "variance_epsilon") if hasattr(norm, eps))
    vectors, at = vectors.double(), at.double()
    if family in CENTRED:
        vectors, at = (v - v.mean(-1, keepdim=True) for v in (vectors, at))
    gain = norm.weight.detach().double() + (1.0 if family.startswith("gemma") else 0.0)
    offset = getattr(norm, "bias", None)
    offset = torch.zeros_like(gain) if offset is None else offset.detach().double()
    return vectors / ((at**2).mean() + eps).sqrt() * gain, offset


def to_logits(family: str, normed: torch.Tensor) -> torch.Tensor:
    """What stands behind the final norm, without soft cap: each family's own way, by hand."""
    model = network(family)
    if family == "opt":
        normed = normed @ model.model.decoder.project_out.weight.double().T
    if family == "t5" and model.config.tie_word_embeddings:
        normed = normed * model.config.d_model**-0.5
    scale = model.config.logit_scale if family == "cohere" else 1.0
    return normed @ model.lm_head.weight.double().T * scale


def by_hand(trace) -> tuple[dict[tuple[str, int], np.ndarray], torch.Tensor, str]:
    """Every part's effect on all logits at POSITION: {(kind, layer): [vocab]}."""
    family, plain = trace.info.family, seen(trace)
    last = torch.tensor(trace.residual(trace.info.n_decoder_layers, "decoder")[POSITION])
    name = FINAL_NORMS.get(family, "model.decoder.final_layer_norm").format(side="decoder")

    def effect(vector: torch.Tensor) -> np.ndarray:
        with torch.inference_mode():
            return to_logits(family, frozen_norm(family, name, vector, last)[0]).numpy()

    parts = {("embedding", -1): effect(torch.tensor(trace.residual(0, "decoder")[POSITION]))}
    for layer in range(trace.info.n_decoder_layers):
        if family == "mamba":
            parts["mixer", layer] = effect(plain.outputs[MLP_PARTS[family].format(layer=layer)][POSITION])
            continue
        names = {"attention": ATTENTION_PARTS.get(family, PROJECTIONS[family]), "mlp": MLP_PARTS[family]}
        if family in CROSS_PROJECTIONS:
            names["cross"] = CROSS_PROJECTIONS[family]
        for kind, part in names.items():
            parts[kind, layer] = effect(plain.outputs[part.format(layer=layer, side="decoder")][POSITION])
    with torch.inference_mode():
        parts["norm_bias", -1] = to_logits(family, frozen_norm(family, name, last, last)[1]).numpy()
    bias = getattr(network(family).lm_head, "bias", None)
    parts["output_bias", -1] = np.zeros(trace.info.vocab_size) if bias is None else bias.detach().double().numpy()
    return parts, last, name


@pytest.mark.parametrize("family", ADDITIVE)
def test_every_part_and_their_sum(tiny, family):
    """Catches: the norm left out, taken of each part by itself, or unfrozen; its offset or a bias forgotten (GPT-J); a norm
    behind the attention overlooked (Gemma); Cohere's scale, T5's scale, OPT's projection; one layer's part twice."""
    trace = read(tiny(family))
    expected, _, _ = by_hand(trace)
    mine = logit_attribution(trace, TOKEN, POSITION)
    assert mine.unit == "logit"
    for (kind, layer), effects in expected.items():
        assert mine.value(kind, layer) == pytest.approx(effects[TOKEN], abs=1e-5), (kind, layer)
    listed = set(zip(mine.kinds, mine.layers.tolist(), strict=True)) - {("soft_cap", -1)}
    assert listed == set(expected) and len(mine.kinds) == len(set(zip(mine.kinds, mine.layers, strict=True)))
    logit = float(seen(trace).logits[POSITION, TOKEN])
    assert mine.values.sum() == pytest.approx(logit, abs=1e-4)
    assert mine.logit == pytest.approx(logit, abs=1e-5) and abs(mine.error) < 1e-4
    assert mine.total == pytest.approx(mine.logit + mine.error)


@pytest.mark.parametrize("family", ADDITIVE)
def test_heads_split_their_attention(tiny, family):
    trace = read(tiny(family))
    mine = logit_attribution(trace, TOKEN, POSITION)
    for kind, heads, rest in (("attention", mine.heads, mine.head_bias), ("cross", mine.cross_heads, mine.cross_bias)):
        layers = [layer for k, layer in zip(mine.kinds, mine.layers.tolist(), strict=True) if k == kind]
        assert len(heads) == len(layers)
        for layer in layers:
            assert heads[layer].sum() + rest[layer] == pytest.approx(mine.value(kind, layer), abs=1e-5)


@pytest.mark.parametrize("family", ("gpt2", "llama", "gemma2", "gptj", "t5"))
def test_one_head_by_hand(tiny, family):
    """Its slice of what enters W_O, times its rows of W_O, through the norms by hand. Catches: heads in the wrong order,
    the rows of a Conv1D taken for columns, a head behind Gemma's second norm without that norm."""
    trace = read(tiny(family))
    plain, (_, last, final) = seen(trace), by_hand(trace)
    layer, head, n_heads = 1, 2, trace.info.n_decoder_heads
    mine = logit_attribution(trace, TOKEN, POSITION)
    tables = {"heads": PROJECTIONS} | ({"cross_heads": CROSS_PROJECTIONS} if family == "t5" else {})
    for field, names in tables.items():
        name = names[family].format(layer=layer, side="decoder")
        rows, mixed = linear_matrix(family, name), plain.inputs[name][POSITION].double()
        own = slice(head * len(mixed) // n_heads, (head + 1) * len(mixed) // n_heads)
        with torch.inference_mode():
            written = mixed[own] @ rows[own]
            if family == "gemma2":
                behind = ATTENTION_PARTS[family].format(layer=layer)
                written, _ = frozen_norm(family, behind, written, plain.outputs[name][POSITION])
            expected = to_logits(family, frozen_norm(family, final, written, last)[0])[TOKEN]
        assert getattr(mine, field)[layer, head] == pytest.approx(float(expected), abs=1e-5)


@pytest.mark.parametrize("family", ("gpt2", "gemma2", "gptj", "t5"))
def test_the_difference_of_two_tokens(tiny, family):
    trace = read(tiny(family))
    one, other = (logit_attribution(trace, token, POSITION) for token in (TOKEN, OTHER))
    both = logit_attribution(trace, TOKEN, POSITION, other_id=OTHER)
    np.testing.assert_allclose(both.values, one.values - other.values, atol=1e-5)
    np.testing.assert_allclose(both.heads, one.heads - other.heads, atol=1e-5)
    logits = seen(trace).logits[POSITION]
    assert both.total == pytest.approx(float(logits[TOKEN] - logits[OTHER]), abs=1e-4) and abs(both.error) < 1e-4


def test_a_soft_cap_is_a_part(tiny):
    """Gemma 2 squeezes its logits: cap · tanh(logit / cap). The parts add up to what goes in; the cap takes the rest."""
    trace = tiny("gemma2").trace(PROMPT)
    mine = logit_attribution(trace, TOKEN, POSITION)
    cap = network("gemma2").config.final_logit_softcapping
    before = mine.total - mine.value("soft_cap")
    assert mine.logit == pytest.approx(cap * np.tanh(before / cap), abs=1e-4)
    assert "soft_cap" not in logit_attribution(tiny("gpt2").trace(PROMPT), TOKEN).kinds


@pytest.mark.parametrize("family", ("bert", "modernbert", "bart", "marian"))
def test_what_is_no_sum_is_refused(tiny, family):
    with pytest.raises(BackendError) as error:
        logit_attribution(read(tiny(family)), TOKEN, 1)
    assert error.value.hint.endswith(".")


def test_bounds_and_one_token(tiny):
    trace = tiny("gpt2").trace("")
    assert abs(logit_attribution(trace, TOKEN).error) < 1e-4
    assert logit_attribution(trace, 0).token_id == 0  # the first of the vocabulary is a token too
    with pytest.raises(IndexError):
        logit_attribution(trace, 400)
    with pytest.raises(IndexError):
        logit_attribution(trace, TOKEN, 1)
    with pytest.raises(ValueError):
        logit_attribution(trace, TOKEN, other_id=TOKEN)


def test_a_frozen_norm_by_hand():
    """LayerNorm of (1, 3) with gain (2, 4), offset (5, 6): mean 2, deviation 1. Without centring: root mean square √5."""
    layer_norm = torch.nn.LayerNorm(2, eps=1e-12)
    with torch.no_grad():
        layer_norm.weight.copy_(torch.tensor([2.0, 4.0]))
        layer_norm.bias.copy_(torch.tensor([5.0, 6.0]))
    frozen = FrozenNorm.at(layer_norm, torch.tensor([1.0, 3.0]))
    assert frozen.centres and frozen.size == pytest.approx(1)
    np.testing.assert_allclose(frozen.offset, [5, 6])
    np.testing.assert_allclose(frozen(torch.tensor([[1.0, 3.0]])), [[-2, 4]], rtol=1e-5)
    rms = FrozenNorm.at(torch.nn.RMSNorm(2, eps=1e-12), torch.tensor([1.0, 3.0]))
    assert not rms.centres and rms.size == pytest.approx(5**0.5)
    vector, direction = torch.tensor([[0.3, -2.0]]).double(), torch.tensor([1.5, 0.5]).double()
    for norm in (frozen, rms):
        assert float(norm(vector)[0] @ direction) == pytest.approx(float(vector[0] @ norm.back(direction)))


def test_the_shared_network_is_left_as_it_was(tiny):
    """Catches: hooks or a missing norm left behind in the model that everybody uses."""
    model = tiny("llama")
    before = model.trace(PROMPT).logits()
    logit_attribution(model.trace(PROMPT), TOKEN)
    assert output_map(model) is output_map(model)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.network.modules())
    np.testing.assert_array_equal(model.trace(PROMPT).logits(), before)


def test_threads_get_exactly_their_own_numbers(tiny):
    """Catches: a twin or a derivative that another thread's pass runs into."""
    model = tiny("gemma2")
    traces = [model.trace(f"{word} barely") for word in ("the", "dog", "World", "café")]
    alone = [logit_attribution(trace, TOKEN, 1) for trace in traces]
    with ThreadPoolExecutor(len(traces)) as pool:
        together = list(pool.map(lambda trace: logit_attribution(trace, TOKEN, 1), traces))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.heads, other.heads)


def test_half_precision_says_how_far_it_is_off(tiny, tmp_path):
    """In bfloat16 each sum rounds at the third digit; the parts are found all the same and the error is told."""
    model = open_model(str(save(tmp_path, "llama")), dtype="bfloat16")
    found = logit_attribution(model.trace(PROMPT), TOKEN, POSITION)
    exact = logit_attribution(tiny("llama").trace(PROMPT), TOKEN, POSITION)
    assert abs(found.error) < 0.02
    np.testing.assert_allclose(found.values, exact.values, atol=0.03)


def test_a_model_can_be_forgotten(tmp_path):
    """Catches: what is kept for a model keeping the model, so that each one ever opened stays in memory."""
    model = open_model(str(save(tmp_path, "gpt2")))
    logit_attribution(model.trace(PROMPT), TOKEN)
    induction_scores(model)
    weak = weakref.ref(model)
    del model
    gc.collect()
    assert weak() is None
