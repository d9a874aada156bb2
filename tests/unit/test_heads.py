"""Statistics and maps of heads against loops over the matrices that plain transformers gives with eager attention."""

import math
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
import torch

from model_backend import BackendError, NoAttention
from model_backend.analysis import heads
from model_backend.analysis.head_maps import (
    attention_map,
    attention_rollout,
    combined_attention,
    head_thumbnails,
    reachable_keys,
    value_weighted,
)
from model_backend.analysis.heads import (
    head_statistics,
    induction_scores,
    measure_induction,
    repeated_tokens,
    visible_keys,
)
from model_backend.base.inside_records import HEAD_SCORES, Measure
from tests.tiny_models import PROMPT, network
from tests.unit.test_contract import KINDS, read
from tests.watching import CROSS_PROJECTIONS, PROJECTIONS, linear_matrix, seen

# plain; window; sinks; attention that is not recorded; both directions; three kinds
FAMILIES = ("gpt2", "mistral", "gpt_oss", "bloom", "bert", "modernbert", "t5", "bart")


def scores_by_loops(weights: np.ndarray, query_ids, key_ids, kind: str) -> dict[str, float]:
    """Every score of one head, query by query and key by key."""
    n_query, n_key = weights.shape
    sums = {name: [] for name in HEAD_SCORES}
    places = []
    for q in range(n_query):
        entropy = distance = same = 0.0
        has_same, n_visible, place, total = False, 0, 0.0, 0.0
        for k in range(n_key):
            w = float(weights[q, k])
            entropy -= w * math.log2(w) if w > 0 else 0.0
            n_visible += w > 0
            place, total = place + w * k, total + w
            diagonal = q * (n_key - 1) / (n_query - 1) if kind == "cross" and n_query > 1 else q
            distance += w * abs(k - diagonal)
            if kind != "cross" and k != q and query_ids[q] == key_ids[k] and (kind == "encoder" or k < q):
                has_same, same = True, same + w
        places.append(place / total)
        sums["entropy_bits"].append(entropy)
        sums["distance"].append(distance)
        if n_visible > 1:
            sums["broad"].append(entropy / math.log2(n_visible))
        if has_same:
            sums["same_token"].append(same)
        if kind == "cross":
            sums["first_token"].append(weights[q, 0])
            continue
        sums["current_token"].append(weights[q, q])
        if q > 0:
            sums["previous_token"].append(weights[q, q - 1])
            sums["first_token"].append(weights[q, 0])
        if kind == "encoder" and q + 1 < n_key:
            sums["next_token"].append(weights[q, q + 1])
    found = {name: float(np.mean(values)) if values else math.nan for name, values in sums.items()}
    if kind == "cross" and np.std(places) > 0.01:
        found["monotone"] = float(np.corrcoef(range(n_query), places)[0, 1])
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_every_score_of_every_head(tiny, family):
    """Catches: queries without a previous token counted in the mean, a token taken for its own earlier twin, entropy in nats,
    the width of a window ignored in "broad"."""
    trace = read(tiny(family), "the dog the dog's bark the", "barely the barely two")
    source = trace.tokens.ids
    target = source if trace.target_tokens is None else trace.target_tokens.ids
    ids = {"encoder": (source, source), "decoder": (target, target), "cross": (target, source)}
    for kind in KINDS[trace.info.kind]:
        found = head_statistics(trace, kind)
        for layer, matrices in enumerate(seen(trace).attention[kind]):
            for head, weights in enumerate(matrices[0].numpy()):
                for name, expected in scores_by_loops(weights, *ids[kind], kind).items():
                    mine = float(getattr(found, name)[layer, head])
                    tolerance = 2e-3 if name == "monotone" else 2e-5  # a correlation of places that hardly differ
                    assert mine == pytest.approx(expected, abs=tolerance, nan_ok=True), (kind, layer, head, name)
        assert found.entropy_bits.shape == (layer + 1, head + 1) and found.kind == kind


@pytest.mark.parametrize("family", FAMILIES)
def test_who_may_look_at_whom(tiny, family):
    """Where plain transformers gives weight, in some head: softmax of a few tokens gives none exactly 0 but by a mask."""
    trace = read(tiny(family), "the dog the dog's bark the", "barely the barely two")
    for kind in KINDS[trace.info.kind]:
        masks = [(matrices[0].numpy() > 0).any(0) for matrices in seen(trace).attention[kind]]
        for layer, expected in enumerate(masks):
            np.testing.assert_array_equal(visible_keys(trace, layer, kind), expected)
        np.testing.assert_array_equal(visible_keys(trace, None, kind), np.any(masks, 0))
        if kind != "cross":
            rolled = attention_rollout(trace, len(masks) - 1, kind)
            np.testing.assert_array_equal(reachable_keys(trace, len(masks) - 1, kind), rolled > 0)


def test_a_window_by_hand(tiny):
    """Mistral's window of 4: a query sees itself and three before it, and after two layers has heard of six before it."""
    trace = tiny("mistral").trace("the dog the dog's bark the dog")
    n = len(trace.tokens)
    distance = np.arange(n)[:, None] - np.arange(n)[None]
    np.testing.assert_array_equal(visible_keys(trace, 1), (distance >= 0) & (distance < 4))
    np.testing.assert_array_equal(reachable_keys(trace, 1), (distance >= 0) & (distance < 7))
    assert n > 7


def test_scores_of_made_up_heads(monkeypatch):
    """Four heads of known habit over "a b a b": each scores 1 where it should. Uniform attention is as broad as can be."""
    previous = np.diag(np.ones(3), -1)
    previous[0, 0] = 1
    first = np.zeros((4, 4))
    first[:, 0] = 1
    twin = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    uniform = np.tril(np.ones((4, 4))) / np.arange(1, 5)[:, None]
    matrices = np.stack([previous, first, twin, uniform]).astype(np.float32)
    trace = SimpleNamespace(
        tokens=SimpleNamespace(ids=np.array([5, 6, 5, 6])),
        target_tokens=None, attention=lambda layer, head=None, kind=None: matrices,
        kind_of=lambda kind: "decoder", n_layers=lambda kind: 1,
    )  # fmt: skip
    found = head_statistics(trace)
    assert found.previous_token[0, 0] == found.first_token[0, 1] == found.same_token[0, 2] == 1
    assert np.isnan(found.broad[0, :3]).all()  # they see one key each, as far as weights tell
    assert found.broad[0, 3] == pytest.approx(1)
    assert found.entropy_bits[0, 3] == pytest.approx((0 + 1 + math.log2(3) + 2) / 4)
    assert found.distance[0].tolist() == pytest.approx([0.75, 1.5, 1.0, 0.75])
    assert np.isnan(found.next_token).all() and np.isnan(found.monotone).all()


@pytest.mark.parametrize("family", ("gpt2", "llama", "gptj"))
def test_induction_against_plain_transformers(tiny, family):
    """Mean weight from each token of the second reading to the one after its first occurrence. Catches: off by one."""
    model = tiny(family)
    ids, length = repeated_tokens(model, seed=0)
    assert ids[-length:] == ids[-2 * length : -length] and len(set(ids[-length:])) == length
    with torch.inference_mode():
        attentions = network(family)(torch.tensor([ids]), output_attentions=True, use_cache=False).attentions
    found = induction_scores(model)
    assert found is induction_scores(model)  # once a model
    for layer, weights in enumerate(attentions):
        for head in range(weights.shape[1]):
            seconds = range(len(ids) - length, len(ids))
            following = [ids.index(ids[q]) + 1 for q in seconds]
            expected = np.mean([weights[0, head, q, k] for q, k in zip(seconds, following, strict=True)])
            assert found[layer, head] == pytest.approx(expected, abs=1e-5)


def test_a_perfect_induction_head_scores_one(tiny, monkeypatch):
    model = tiny("gpt2")
    ids, length = repeated_tokens(model, seed=0)
    perfect = np.zeros((1, len(ids), len(ids)), np.float32)
    for q in range(len(ids) - length, len(ids)):
        perfect[0, q, ids.index(ids[q]) + 1] = 1
    monkeypatch.setattr(heads, "attention_layers", lambda trace: [perfect, perfect.transpose(0, 2, 1)])
    assert measure_induction(model).tolist() == [[1.0], [0.0]]


def test_induction_is_for_decoders(tiny):
    for family in ("bert", "t5"):
        with pytest.raises(BackendError):
            induction_scores(tiny(family))


@pytest.mark.parametrize("family", ("gpt2", "mistral", "bert", "t5"))
@pytest.mark.parametrize("pool", ("mean", "max"))
def test_thumbnails_pool_what_is_visible(tiny, family, pool):
    """5 × 5 pixels, each by a loop over its queries and keys. Catches: the masked future averaged in as zeros, the last
    tokens cut off, pixels transposed."""
    trace = read(tiny(family))
    for kind in KINDS[trace.info.kind]:
        found = head_thumbnails(trace, kind, side=5, pool=pool)
        for layer, matrices in enumerate(seen(trace).attention[kind]):
            for head, weights in enumerate(matrices[0].numpy()):
                visible = matrices[0].numpy().max(0) > 0
                expected = np.full(found.pixels.shape[2:], np.nan)
                for row in range(expected.shape[0]):
                    for column in range(expected.shape[1]):
                        area = np.ix_(
                            range(found.row_edges[row], found.row_edges[row + 1]),
                            range(found.column_edges[column], found.column_edges[column + 1]),
                        )
                        if visible[area].any():
                            inside = weights[area][visible[area]]
                            expected[row, column] = inside.mean() if pool == "mean" else inside.max()
                peak = np.nanmax(expected)
                assert found.peak[layer, head] == pytest.approx(peak, rel=1e-4)
                np.testing.assert_allclose(found.weights(layer, head), expected, atol=peak / 254 * 0.51)
        assert found.row_edges[0] == 0 and found.row_edges[-1] == weights.shape[0]
        assert found.column_edges[-1] == weights.shape[1] and found.pixels.dtype == np.uint8


def test_short_texts_are_not_pooled(tiny):
    trace = tiny("gpt2").trace(PROMPT)
    found = head_thumbnails(trace)
    n = len(trace)
    assert found.pixels.shape == (3, 4, n, n)
    np.testing.assert_array_equal(found.pixels[0, 0] == 255, np.triu(np.ones((n, n), bool), 1))
    one = head_thumbnails(tiny("gpt2").trace(""))
    assert one.pixels.tolist() == [[[[254]]] * 4] * 3


@pytest.mark.parametrize(
    ("family", "kind"), [("llama", "decoder"), ("gpt2", "decoder"), ("bert", "encoder"), ("t5", "cross")]
)
def test_value_weighted(tiny, family, kind):
    """‖α v W_O‖ with v by the plain network's own value matrix. Catches: the bias of W_V left out, values of the wrong group
    (Llama), the columns of W_O for its rows, W_O's bias counted for each key."""
    trace = read(tiny(family))
    plain, layer = seen(trace), 1
    name = (CROSS_PROJECTIONS if kind == "cross" else PROJECTIONS)[family].format(layer=layer, side=kind)
    if family == "gpt2":
        value = plain.outputs["transformer.h.1.attn.c_attn"][:, 64:]
    else:
        of = {"llama": "model.layers.1.self_attn.v_proj", "bert": "bert.encoder.layer.1.attention.self.value"}
        value = plain.outputs[of.get(family, "decoder.block.1.layer.1.EncDecAttention.v")]
    rows = linear_matrix(family, name).numpy()
    found = value_weighted(trace, layer, kind=kind)
    weights = plain.attention[kind][layer][0].numpy()
    n_heads, d_head = len(weights), len(rows) // len(weights)
    group = n_heads // (value.shape[1] // d_head)
    for head in range(n_heads):
        own = value.numpy()[:, head // group * d_head :][:, :d_head].astype(np.float64)
        lengths = np.linalg.norm(own @ rows[head * d_head : (head + 1) * d_head], axis=1)
        np.testing.assert_allclose(found[head], weights[head] * lengths, atol=1e-5, rtol=1e-4)
        np.testing.assert_allclose(value_weighted(trace, layer, head, kind), found[head], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("family", "kind"), [("gpt2", "decoder"), ("gpt_oss", "decoder"), ("bert", "encoder"), ("t5", "encoder")]
)
def test_rollout(tiny, family, kind):
    """Abnar & Zuidema by hand, from the last layer down. Catches: the product in the wrong order, rows not renormalised
    where a sink takes a share."""
    trace = read(tiny(family))
    expected = np.eye(len(trace))
    for layer, matrices in enumerate(seen(trace).attention[kind]):
        mixed = 0.5 * matrices[0].double().mean(0).numpy() + 0.5 * np.eye(len(trace))
        expected = (mixed / mixed.sum(1, keepdims=True)) @ expected
        found = attention_rollout(trace, layer, kind)
        np.testing.assert_allclose(found, expected, atol=1e-5)
        np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)
    np.testing.assert_array_equal(attention_rollout(trace, kind=kind), found)
    with pytest.raises(IndexError):
        attention_rollout(trace, 9, kind)


def test_rollout_is_no_matter_of_two_stacks(tiny):
    with pytest.raises(BackendError):
        attention_rollout(read(tiny("t5")), kind="cross")


def test_means_and_maxima(tiny):
    trace = tiny("llama").trace(PROMPT)
    every = np.stack([matrices[0].numpy() for matrices in seen(trace).attention["decoder"]])
    for how, function in (("mean", np.mean), ("max", np.max)):
        for found, expected in (
            (combined_attention(trace, "heads", how, layer=1), function(every[1], axis=0)),
            (combined_attention(trace, "layers", how, head=2), function(every[:, 2], axis=0)),
            (combined_attention(trace, "layers", how, head=0), function(every[:, 0], axis=0)),
            (combined_attention(trace, "all", how), function(every, axis=(0, 1))),
        ):
            np.testing.assert_allclose(found, expected, atol=1e-5)
    with pytest.raises(IndexError):
        combined_attention(trace, "layers", head=4)


@pytest.mark.parametrize("family", ["mistral", "modernbert", "gpt2"])
def test_a_way_of_counting_has_numbers_where_it_may_look_and_nowhere_else(tiny, family):
    """Catches: the mask of one layer put over all of them, or over what came through several."""
    trace = tiny(family).trace("the dog the dog's bark the dog")
    reached = {}
    for measure in get_args(Measure):
        numbers, is_visible = attention_map(trace, measure, 1, 0)
        np.testing.assert_array_equal(numbers > 0, is_visible)
        reached[measure] = is_visible.sum()
    assert reached["weight"] == reached["value"] == reached["layer_max"] <= reached["all_max"]
    assert (reached["rollout"] > reached["weight"]) == (family != "gpt2")


def test_without_attention_each_says_so(tiny):
    trace = tiny("mamba").trace(PROMPT)
    for ask in (
        lambda: head_statistics(trace), lambda: head_thumbnails(trace), lambda: attention_rollout(trace),
        lambda: value_weighted(trace, 0), lambda: combined_attention(trace, "all"),
        lambda: induction_scores(trace.model),
    ):  # fmt: skip
        with pytest.raises(NoAttention):
            ask()


def test_one_token(tiny):
    found = head_statistics(tiny("gpt2").trace(""))
    assert (found.entropy_bits == 0).all() and (found.current_token == 1).all()
    assert np.isnan(found.previous_token).all() and np.isnan(found.broad).all()


@pytest.mark.parametrize(
    ("family", "kind"), [("gpt2", None), ("bart", "cross"), ("bart", "encoder"), ("bart", "decoder")]
)
def test_each_way_of_counting_is_its_average_of_plain_attentions(tiny, family, kind):
    """Catches: one kind of attention for another, the mean for the largest, one layer for all."""
    trace = tiny(family).trace(PROMPT)
    layers = [trace.attention(layer, kind=kind) for layer in range(trace.n_layers(trace.kind_of(kind)))]
    expected = {
        "weight": layers[1][0],
        "layer_mean": layers[1].mean(0),
        "layer_max": layers[1].max(0),
        "all_mean": np.mean([layer.mean(0) for layer in layers], 0),
        "all_max": np.max([layer.max(0) for layer in layers], 0),
    }
    for measure, numbers in expected.items():
        found, is_visible = attention_map(trace, measure, 1, 0, kind)
        np.testing.assert_allclose(found, numbers, atol=1e-6, err_msg=measure)
        seen_by = layers[1] if "all" not in measure else np.max(layers, 0)
        np.testing.assert_array_equal(is_visible, (seen_by > 0).any(0))
    values, _ = attention_map(trace, "value", 1, 0, kind)
    np.testing.assert_allclose(values, value_weighted(trace, 1, 0, kind))
    assert not np.allclose(values, layers[1][0])


def test_with_two_tokens_the_one_before_is_the_first():
    patterns = heads.score_patterns(np.array([5, 6]), np.array([5, 6]), "decoder", (2, 2))
    assert patterns["previous_token"].tolist() == patterns["first_token"].tolist() == [[0, 0], [1, 0]]
    assert "previous_token" not in heads.score_patterns(np.array([5]), np.array([5]), "decoder", (1, 1))
