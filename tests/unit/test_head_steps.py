"""One query of one head in numbers, against hooks on plain transformers."""

import math

import numpy as np
import pytest

from model_backend import NoAttention
from model_backend.analysis.head_steps import head_steps
from tests.tiny_models import PROMPT, network
from tests.unit.test_contract import KINDS, LOOKERS, TOLERANCE, read
from tests.watching import ATTENTION_PARTS, CROSS_PROJECTIONS, PROJECTIONS, seen

POST_NORM = ("bert", "roberta", "distilbert", "bart", "marian")


def expected_scale(family: str, d_head: int) -> float:
    if family in ("t5", "gpt_neo", "opt"):  # the first two do without; OPT scales its queries beforehand
        return 1.0
    if family.startswith("gemma"):
        return network(family).config.query_pre_attn_scalar ** -0.5
    return 1 / math.sqrt(d_head)


def projection(family: str, layer: int, kind: str) -> str:
    return (CROSS_PROJECTIONS if kind == "cross" else PROJECTIONS)[family].format(layer=layer, side=kind)


@pytest.mark.parametrize("family", LOOKERS)
def test_every_stage(tiny, family):
    """Catches: keys and values of another group's head, a scale taken for 1/√d (Gemma, T5), a soft cap before the scale, a bias
    left out (T5, BLOOM), the values of another layer (T5 hands its position bias on), W_O's rows of another head."""
    trace = read(tiny(family))
    plain = seen(trace)
    for kind in KINDS[trace.info.kind]:
        for layer, matrices in enumerate(plain.attention[kind]):
            name = projection(family, layer, kind)
            n_heads = matrices.shape[1]
            for head, position in ((0, -1), (1, 3), (n_heads - 1, 2)):  # 1 tells sharing from turns
                steps = head_steps(trace, layer, head, position, kind)
                position = steps.position
                d_head = len(steps.query)
                assert steps.n_sharing == n_heads // (trace.info.n_kv_heads if kind == "decoder" and not
                                                      trace.target_tokens else n_heads)  # fmt: skip
                assert steps.kv_head == head // steps.n_sharing
                assert steps.scale == pytest.approx(expected_scale(family, d_head))
                # the arithmetic itself, by hand in float64
                dots = steps.key.astype(np.float64) @ steps.query
                np.testing.assert_allclose(steps.dots, dots, **TOLERANCE)
                scores = dots * steps.scale
                if steps.soft_cap is not None:
                    scores = steps.soft_cap * np.tanh(scores / steps.soft_cap)
                scores = np.where(steps.visible, scores + steps.position_bias, -np.inf)
                np.testing.assert_allclose(steps.scores, scores, **TOLERANCE)
                raw = np.exp(scores - scores[steps.visible].max())
                rest = 0 if steps.sink is None else np.exp(steps.sink - scores[steps.visible].max())
                np.testing.assert_allclose(steps.weights, raw / (raw.sum() + rest), **TOLERANCE)
                assert steps.weights.sum() + steps.sink_weight == pytest.approx(1, abs=1e-5)
                # what plain transformers did
                np.testing.assert_allclose(steps.weights, matrices[0, head, position], **TOLERANCE)
                mine = slice(head * len(steps.mixed), (head + 1) * len(steps.mixed))
                np.testing.assert_allclose(steps.mixed, plain.inputs[name][position, mine], **TOLERANCE)
                np.testing.assert_allclose(steps.attention_output, plain.outputs[name][position], **TOLERANCE)
                total = steps.written + steps.other_heads + steps.output_bias
                np.testing.assert_allclose(total, steps.attention_output, **TOLERANCE)
                side = "decoder" if kind == "cross" else kind
                np.testing.assert_allclose(steps.residual, trace.residual(layer, side)[position], **TOLERANCE)


@pytest.mark.parametrize("family", LOOKERS)
def test_what_reaches_the_stream(tiny, family):
    """W_O's output, in Gemma what a norm makes of it; where the stream is no sum nothing is claimed."""
    trace = read(tiny(family))
    plain = seen(trace)
    steps = head_steps(trace, 1, 1, 3)
    if family in POST_NORM:
        assert np.isnan(steps.added).all()
        return
    name = ATTENTION_PARTS.get(family, PROJECTIONS[family]).format(layer=1, side=trace.kinds[0])
    np.testing.assert_allclose(steps.added, plain.outputs[name][3], **TOLERANCE)


def test_what_a_family_adds_to_the_textbook(tiny):
    """A soft cap, a window, a sink, a relative bias: each is there, and makes a difference."""
    assert head_steps(tiny("gemma2").trace(PROMPT), 1, 0).soft_cap == 2.0
    windowed = head_steps(tiny("mistral").trace(PROMPT), 1, 0)
    assert windowed.visible.sum() == 4 and np.isneginf(windowed.scores[~windowed.visible]).all()
    sink = head_steps(tiny("gpt_oss").trace(PROMPT), 1, 0)
    assert sink.sink is not None and 0 < sink.sink_weight < 1
    assert np.ptp(head_steps(read(tiny("t5")), 1, 0, 3, "encoder").position_bias) > 0.1
    assert np.ptp(head_steps(tiny("bloom").trace(PROMPT), 1, 0).position_bias) > 0.1
    assert head_steps(tiny("llama").trace(PROMPT), 0, 3).kv_head == 1


def test_refusals_and_bounds(tiny):
    with pytest.raises(NoAttention):
        head_steps(tiny("mamba").trace(PROMPT), 0, 0)
    trace = tiny("gpt2").trace(PROMPT)
    for layer, head, position in ((3, 0, 0), (0, 4, 0), (0, 0, len(trace)), (-1, 0, 0)):
        with pytest.raises(IndexError):
            head_steps(trace, layer, head, position)
    with pytest.raises(ValueError):
        head_steps(trace, 0, 0).weights[0] = 1


def test_one_token(tiny):
    steps = head_steps(tiny("gpt2").trace(""), 0, 0)
    assert steps.weights.tolist() == [1.0]
    np.testing.assert_array_equal(steps.mixed, steps.value[0])
