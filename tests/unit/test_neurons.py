"""Neurons against hooks on plain transformers: what enters each family's MLP output matrix, and its rows by hand."""

import numpy as np
import pytest
import torch

from model_backend import BackendError, NoAttention
from model_backend.analysis.attribution import logit_attribution
from model_backend.analysis.neurons import neurons
from tests.tiny_models import PROMPT, network
from tests.unit.test_attribution import FINAL_NORMS, frozen_norm, to_logits
from tests.unit.test_contract import read
from tests.watching import DOWN, MLP_PARTS, linear_matrix, seen

LAYER, POSITION, TOKEN = 1, 4, 7


def by_hand(trace) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(activation [neuron], length of what is written [neuron], effect on every logit [neuron, vocab]), all neurons."""
    family, plain = trace.info.family, seen(trace)
    name = DOWN[family].format(layer=LAYER)
    activation = plain.inputs[name][POSITION].double()
    vectors = activation[:, None] * linear_matrix(family, name)
    last = torch.tensor(trace.residual(trace.info.n_decoder_layers, "decoder")[POSITION])
    final = FINAL_NORMS.get(family, "model.decoder.final_layer_norm").format(side="decoder")
    with torch.inference_mode():
        if family == "gemma2":
            behind = MLP_PARTS[family].format(layer=LAYER)
            vectors, _ = frozen_norm(family, behind, vectors, plain.outputs[name][POSITION])
        effects = to_logits(family, frozen_norm(family, final, vectors, last)[0])
    return activation.numpy(), vectors.norm(dim=1).numpy(), effects.numpy()


@pytest.mark.parametrize("family", DOWN)
def test_the_strongest_and_what_they_promote(tiny, family):
    """Catches: activations before the non-linearity or without the up branch, columns for rows, effects per unit of
    activation (the sign lost), the final norm left out."""
    trace = read(tiny(family))
    activation, written, effects = by_hand(trace)
    found = neurons(trace, LAYER, POSITION, n=6, k=5, token_id=TOKEN)
    assert found.n_neurons == len(activation) and found.index.shape == (6,)
    np.testing.assert_array_equal(found.index, np.argsort(-np.abs(activation))[:6])
    np.testing.assert_allclose(found.activation, activation[found.index], atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(found.written, written[found.index], atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(found.token_effect, effects[found.index, TOKEN], atol=1e-5, rtol=1e-4)
    mine = effects[found.index]
    np.testing.assert_allclose(found.promoted, -np.sort(-mine, 1)[:, :5], atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(found.suppressed, np.sort(mine, 1)[:, :5], atol=1e-5, rtol=1e-4)
    np.testing.assert_array_equal(found.promoted_ids[:, 0], mine.argmax(1))
    np.testing.assert_array_equal(found.suppressed_ids[:, 0], mine.argmin(1))


@pytest.mark.parametrize("family", ("gpt2", "llama"))
def test_the_orders(tiny, family):
    trace = read(tiny(family))
    _, written, effects = by_hand(trace)
    by_length = neurons(trace, LAYER, POSITION, n=5, order="written")
    np.testing.assert_array_equal(by_length.index, np.argsort(-written)[:5])
    by_token = neurons(trace, LAYER, POSITION, n=5, order="token", token_id=TOKEN)
    np.testing.assert_array_equal(by_token.index, np.argsort(-np.abs(effects[:, TOKEN]))[:5])
    assert np.isnan(by_length.token_effect).all()
    assert (by_token.layer, by_token.position, by_token.order) == (LAYER, POSITION, "token")


def test_all_neurons_together_are_the_mlp_in_the_attribution(tiny):
    """Llama has no bias there, so nothing else is in the part."""
    trace = tiny("llama").trace(PROMPT)
    every = neurons(trace, LAYER, POSITION, n=10**6, token_id=TOKEN)
    assert len(every.index) == every.n_neurons == network("llama").config.intermediate_size
    part = logit_attribution(trace, TOKEN, POSITION).value("mlp", LAYER)
    assert every.token_effect.sum() == pytest.approx(part, abs=1e-5)


@pytest.mark.parametrize("family", ("mixtral", "gpt_oss", "mamba", "bert", "bart"))
def test_refusals(tiny, family):
    """Experts, no MLP, a head that bends, a stream that is no sum: each says what is the matter."""
    with pytest.raises(BackendError) as error:
        neurons(read(tiny(family)), LAYER, 1)
    assert error.value.hint.endswith(".") and not isinstance(error.value, NoAttention)


def test_bounds(tiny):
    trace = tiny("gpt2").trace(PROMPT)
    for layer, position in ((3, 0), (-1, 0), (0, len(trace))):
        with pytest.raises(IndexError):
            neurons(trace, layer, position)
    with pytest.raises(ValueError):
        neurons(trace, 0, order="token")
