"""Texts read in company: each trace equals plain transformers on that text alone, and only such texts share a pass as may."""

import numpy as np
import pytest
import torch

from model_backend import OutOfMemory
from model_backend.base.families import FAMILIES, Family
from model_backend.engine import batching
from tests.tiny_models import CONFIGS, DECODERS, ENCODERS, PROMPT, TRANSLATORS, network

# float32 sums of a few dozen terms; more rows are summed in another order
TOLERANCE = dict(atol=1e-5, rtol=1e-5)
TEXTS = (PROMPT, "Hello", "the dog's", "naïve café 12345 barely heard the dog")
ONE_LENGTH = [name for name, family in FAMILIES.items() if family.shares_pass == "one length"]
SAME_LENGTH = ("the dog's bark", "the dog's dog's")


def expected_logits(family: str, text: batching.Text) -> np.ndarray:
    """[pos, vocab] by plain transformers, eager attention, the text alone."""
    ids = [torch.tensor(part.ids)[None] for part in text if part is not None]
    names = ("input_ids", "decoder_input_ids")
    with torch.inference_mode():
        return network(family)(**dict(zip(names, ids, strict=False)), use_cache=False).logits[0].numpy()


def assert_alike(company, alone) -> None:
    """All that a trace can be asked for, against the one read alone."""
    info = alone.info
    for layer in range(info.n_layers + 1):
        np.testing.assert_allclose(company.residual(layer), alone.residual(layer), **TOLERANCE)
    for kind in alone.kinds:
        for layer in range(alone.n_layers(kind)):
            mine, theirs = company.attention(layer, kind=kind), alone.attention(layer, kind=kind)
            np.testing.assert_allclose(mine, theirs, **TOLERANCE)
    assert company.nbytes == alone.nbytes  # nothing of the padding is kept


@pytest.mark.parametrize("family", [*DECODERS, "mamba"])
def test_decoders_read_texts_of_any_length_together(tiny, family):
    """Catches: padding on the left, a padded tail that is kept or seen, windows and biases cut at the wrong end."""
    model = tiny(family)
    texts = [model.to_trace(text) for text in TEXTS]
    assert len({batching.group(model, text) for text in texts}) == 1
    assert len({len(tokens) for tokens, _ in texts}) == len(texts)
    for text, trace in zip(texts, model.traces(texts), strict=True):
        logits = np.stack([trace.logits(position) for position in range(len(trace))])
        np.testing.assert_allclose(logits, expected_logits(family, text), **TOLERANCE)
        assert_alike(trace, model.trace(text[0]))


@pytest.mark.parametrize("family", ONE_LENGTH)
def test_the_others_read_texts_of_one_length_together(tiny, family):
    """Catches: one row's numbers given to another; a padded encoder."""
    model = tiny(family)
    targets = ("Hello World!", "World! Hello") if family in TRANSLATORS else (None, None)
    first = model.to_trace(SAME_LENGTH[0], targets[0])
    ids = first[0].ids.copy()
    ids[1:3] = ids[1:3][::-1]  # another text of the same length
    second = model.to_trace(ids, targets[0])
    assert batching.group(model, first) == batching.group(model, second)
    assert batching.group(model, first) != batching.group(model, model.to_trace(PROMPT, targets[0]))
    for text, trace in zip((first, second), model.traces([first, second]), strict=True):
        logits = np.stack([trace.logits(position) for position in range(len(trace.predicted_tokens))])
        np.testing.assert_allclose(logits, expected_logits(family, text), **TOLERANCE)
        assert_alike(trace, model.trace(*text))


def test_every_family_with_a_contract_has_its_place_and_no_other_shares():
    assert set(CONFIGS) == {name for name, family in FAMILIES.items() if family.shares_pass}
    assert set(ONE_LENGTH) == {*ENCODERS, *TRANSLATORS}


def test_unknown_families_and_stretching_positions_are_careful(tiny, monkeypatch):
    """Catches: rotary angles that depend on the longest neighbour."""
    model = tiny("llama")
    text = model.to_trace(PROMPT)
    config = model.network.config
    monkeypatch.setattr(config, "rope_parameters", {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 1e4})
    assert batching.group(model, text) == (len(text[0]),)
    monkeypatch.setattr(batching, "family_of", Family)
    assert batching.group(model, text) is None


@pytest.mark.parametrize("family", ["gpt2", "llama", "qwen3", "bert", "marian"])
def test_the_estimate_counts_what_a_trace_keeps(tiny, family, monkeypatch):
    """The kept part to the byte; the rest is work that is over when the pass is."""
    model = tiny(family)
    text = model.to_trace(PROMPT, "Hello" if family in TRANSLATORS else None)
    kept = model.traces([text])[0].nbytes
    monkeypatch.setattr(batching, "MLP_WIDTH", ())
    parts = [len(part) for part in text if part is not None]
    work = max(parts) * (8 + 6) * model.info.d_model * 4 + max(parts) ** 2
    if family in TRANSLATORS:  # counted as if both texts went through both stacks
        assert kept + work <= batching.bytes_while_reading(model, [text]) <= 3 * kept + work
    else:
        assert batching.bytes_while_reading(model, [text]) == kept + work


def test_a_text_for_which_there_is_no_room_is_refused_before_it_is_read(tiny, monkeypatch):
    model = tiny("gpt2")
    monkeypatch.setattr(batching, "_WORTH_A_LOOK", 0)
    monkeypatch.setattr(batching, "free_bytes", lambda device: 10_000)
    monkeypatch.setattr(model.network.transformer, "forward", lambda *args, **kwargs: pytest.fail("it was read"))
    with pytest.raises(OutOfMemory) as refused:
        model.trace(PROMPT)
    assert refused.value.details["needed_bytes"] > refused.value.details["free_bytes"] == 10_000
