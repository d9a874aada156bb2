"""Weights in 8 and 4 bits, really stored and multiplied so: the same numbers as plain transformers gives with them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import log_softmax
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
)

from model_backend import ModelUnavailable, UnsupportedArchitecture, open_model
from model_backend.analysis import attribution, head_maps, head_steps, neurons
from model_backend.analysis.anatomy import anatomy
from model_backend.hub.finding import find_folder
from tests import tiny_models
from tests.few_bits import CONFIGS, bits, feed_alike, let_repack, record_inputs
from viz import help_code, inside_code

ROOT = Path(__file__).parents[2]
STORYTELLER = "bundled/storyteller"
READ = {  # text, what a translator's decoder reads, and the class that reads it
    STORYTELLER: ("Lily went to the park. She found a big red", None, AutoModelForCausalLM),
    "bundled/cloze": ("The cat sat on the [MASK] and looked at the bird.", None, AutoModelForMaskedLM),
    "bundled/interpreter": ("The little girl likes apples.", "Das kleine", AutoModelForSeq2SeqLM),
}


@pytest.fixture(scope="module")
def opened():
    """Models by name and quantization, each opened once."""
    models = {}

    def model(name, quantization=None):
        if (name, quantization) not in models:
            models[name, quantization] = open_model(name, device="cpu", quantization=quantization)
        return models[name, quantization]

    return model


def read(model):
    text, target, _ = READ[model.info.name]
    trace = model.trace(text) if target is None else model.trace(text, target)
    n = len(trace.tokens if target is None else trace.target_tokens)
    return trace, np.stack([trace.logits(position) for position in range(n)])


def divergence(exact, stored) -> float:
    """Kullback and Leibler's, in nats, the mean over the positions of logits [pos, vocab]."""
    exact, stored = (log_softmax(logits.astype(float), -1) for logits in (exact, stored))
    return (np.exp(exact) * (exact - stored)).sum(-1).mean()


@pytest.mark.parametrize("quantization, repacks", [("8-bit", False), ("4-bit", False), ("4-bit", True)])
@pytest.mark.parametrize("name", READ)
def test_as_plain_transformers_reads(name, quantization, repacks, monkeypatch):
    let_repack(monkeypatch, repacks)
    model = open_model(name, device="cpu", quantization=quantization)
    given = record_inputs(model.network)
    trace, logits = read(model)
    plain = READ[name][2].from_pretrained(
        find_folder(name), quantization_config=CONFIGS[quantization], device_map="cpu", dtype=torch.float32,
        attn_implementation="eager", local_files_only=True,
    )  # fmt: skip
    feed_alike(plain, given)
    inputs = {"input_ids": torch.tensor(trace.tokens.ids[None].astype(np.int64))}
    if trace.target_tokens is not None:
        inputs["decoder_input_ids"] = torch.tensor(trace.target_tokens.ids[None].astype(np.int64))
    with torch.inference_mode():
        expected = plain(**inputs, output_attentions=True)
    np.testing.assert_allclose(logits, expected.logits[0].numpy(), atol=1e-4)  # of some 10 in size
    attentions = expected.attentions if trace.target_tokens is None else expected.encoder_attentions
    for layer, attention in enumerate(attentions):
        np.testing.assert_allclose(trace.attention(layer), attention[0].numpy(), atol=1e-5)


@bits
@pytest.mark.parametrize("name", READ)
def test_answers_a_little_differently(opened, name, quantization):
    """Not nothing, and less with more bits."""
    found = divergence(read(opened(name))[1], read(opened(name, quantization))[1])
    assert 1e-6 < found < {"8-bit": 0.02, "4-bit": 0.5}[quantization]


@bits
def test_what_needs_a_matrix_says_so(opened, quantization):
    trace, _ = read(opened(STORYTELLER, quantization))
    for ask in (
        lambda: head_maps.value_weighted(trace, 0),
        lambda: head_steps.head_steps(trace, 0, 0, -1),
        lambda: neurons.neurons(trace, 0),
        lambda: attribution.logit_attribution(trace, 5),
    ):
        with pytest.raises(UnsupportedArchitecture, match=r"few bits.*without the setting quantization"):
            ask()


@bits
def test_the_sizes_are_those_of_the_model(opened, quantization):
    """Packed or not, before the first product and after it (which packs anew on some processors)."""
    model, published = opened(STORYTELLER, quantization), anatomy(opened(STORYTELLER))
    assert model.info.n_parameters == published.n_parameters
    found = anatomy(model)
    assert sum(weight.n_parameters for weight in found.weights) == published.n_parameters
    assert sum(len(weight.shape) for weight in found.weights) == sum(len(weight.shape) for weight in published.weights)
    assert found.flops_per_token == published.flops_per_token


def test_8_bit_texts_are_read_alone(opened):
    """Whether a column is multiplied in 16 bits hangs on all positions that stand beside, so company would change a text."""
    assert [opened(STORYTELLER, q).group(opened(STORYTELLER).to_trace("a")) for q in (None, "8-bit", "4-bit")] == [
        "any length", None, "any length",
    ]  # fmt: skip


@bits
def test_the_code_of_a_screen_gives_the_same_number(opened, quantization, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    model = opened(STORYTELLER, quantization)
    trace, logits = read(model)
    code = help_code.guess_code("decoder", STORYTELLER, "float32", trace.tokens.ids.tolist(), None, len(logits) - 1)
    exec(inside_code.quantized(code, quantization), {})
    best = logits[-1].argmax()
    token, probability = capsys.readouterr().out.rsplit(maxsplit=1)
    assert token.strip() == repr(model.decode([int(best)]))
    assert float(probability) == pytest.approx(
        np.exp(log_softmax(logits[-1])[best]), abs={"8-bit": 1e-3, "4-bit": 0.02}[quantization]
    )


@bits
def test_a_family_that_cannot_compute_so_is_refused(tmp_path, quantization):
    with pytest.raises(ModelUnavailable, match=r"“mamba” cannot compute with .-bit weights.*setting quantization"):
        open_model(str(tiny_models.save(tmp_path, "mamba")), device="cpu", quantization=quantization)


def test_code_that_opens_no_such_model_stays_as_it_is():
    opens = "from model_backend import open_model\nmodel = open_model('gpt2')\n"
    assert inside_code.quantized(opens, None) == opens
    assert "open_model('gpt2', quantization='4-bit')" in inside_code.quantized(opens, "4-bit")
    tokens = help_code.tokens_code(STORYTELLER, "model = AutoModel.from_pretrained('a', dtype='float32')")
    assert inside_code.quantized(tokens, "8-bit") == tokens
