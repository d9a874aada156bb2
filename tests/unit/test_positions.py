"""Where a token stands, for every kind of model: against transformers' own modules and the formulas of the papers."""

import json

import numpy as np
import pytest
import torch
from transformers.models.bloom.modeling_bloom import build_alibi_tensor

from model_backend import open_model
from model_backend.analysis.neighbours import similarity_matrix
from model_backend.analysis.positions import alibi_slopes, position_encodings
from model_backend.base.position_records import RotaryAngles
from tests.app.inside import printed
from tests.tiny_models import network, save
from viz.inside_code import positions_code


@pytest.mark.parametrize(
    ("family", "kinds"),
    [
        ("gpt2", ["learned"]), ("gpt_neo", ["learned"]), ("opt", ["learned"]), ("bert", ["learned"]),
        ("roberta", ["learned"]), ("distilbert", ["learned"]), ("llama", ["rotary"]), ("gpt_neox", ["rotary"]),
        ("gptj", ["rotary"]), ("cohere", ["rotary"]), ("gpt_oss", ["rotary"]), ("gemma3_text", ["rotary", "rotary"]),
        ("modernbert", ["rotary", "rotary"]), ("bloom", ["alibi"]), ("mamba", []),
        ("bart", ["learned", "learned"]), ("marian", ["sinusoidal", "sinusoidal"]),
        ("t5", ["relative bias", "relative bias"]),
    ],
)  # fmt: skip
def test_every_family_has_its_kind(tiny, family, kinds):
    found = position_encodings(tiny(family))
    assert [encoding.kind for encoding in found] == kinds
    kind = tiny(family).info.kind
    sides = ["encoder", "decoder"] if kind == "encoder-decoder" else [kind] * len(kinds)
    assert [encoding.side for encoding in found] == sides


@pytest.mark.parametrize(("family", "offset"), [("gpt2", 0), ("bert", 0), ("opt", 2), ("roberta", 2), ("bart", 2)])
def test_learned_vectors_are_what_the_model_adds_at_each_position(tiny, family, offset):
    """The same token twice differs, before anything else is done to it, by its position vector alone."""
    (encoding, *_) = position_encodings(tiny(family))
    assert encoding.offset == offset
    assert len(encoding.vectors) == tiny(family).info.max_positions
    seen = {}
    plain = network(family)
    modules = dict(plain.named_modules())
    names = ("wpe", "position_embeddings", "embed_positions")
    table = next(module for name, module in modules.items() if name.rpartition(".")[2] in names)
    handle = table.register_forward_hook(lambda _, inputs, output: seen.setdefault("output", output))
    target = {"decoder_input_ids": torch.tensor([[3, 5]])} if family == "bart" else {}
    with torch.inference_mode():
        plain(torch.tensor([[7, 7, 7, 7]]), **target)
    handle.remove()
    np.testing.assert_array_equal(seen["output"].reshape(-1, encoding.vectors.shape[1])[:4], encoding.vectors[:4])


def test_sine_waves_are_those_of_the_paper(tiny):
    vectors = position_encodings(tiny("marian"))[0].vectors
    n_positions, d_model = vectors.shape
    angle = np.arange(n_positions)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)
    np.testing.assert_allclose(vectors, np.concatenate([np.sin(angle), np.cos(angle)], 1), atol=1e-6)


@pytest.mark.parametrize("family", ["llama", "gpt_neox", "cohere"])
def test_rotary_angles_give_the_cosines_of_transformers(tiny, family):
    (encoding,) = position_encodings(tiny(family))
    rotary = next(module for name, module in network(family).named_modules() if name.endswith("rotary_emb"))
    cosines, _ = rotary(torch.zeros(1), torch.arange(20)[None])
    expected = np.cos(encoding.angles(20))
    if family == "cohere":
        assert encoding.pairing == "neighbours"
        expected = np.repeat(expected, 2, -1)
    else:
        assert encoding.pairing == "halves"
        expected = np.tile(expected, 2)
    np.testing.assert_allclose(cosines[0], expected, atol=1e-5)
    assert encoding.n_rotated == cosines.shape[-1] <= encoding.d_head


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("llama", [("decoder", "", "default", "halves", 8, 8)]),
        ("gpt_neox", [("decoder", "", "default", "halves", 2, 8)]),
        ("gptj", [("decoder", "", "default", "neighbours", 4, 8)]),
        ("cohere", [("decoder", "", "default", "neighbours", 8, 8)]),
        ("gpt_oss", [("decoder", "", "yarn", "", 8, 8)]),  # holds each angle once: how numbers pair does not show
        (
            "gemma3_text",
            [
                ("decoder", "full_attention", "default", "halves", 8, 8),
                ("decoder", "sliding_attention", "default", "halves", 8, 8),
            ],
        ),
        (
            "modernbert",
            [
                ("encoder", "full_attention", "default", "halves", 8, 8),
                ("encoder", "sliding_attention", "default", "halves", 8, 8),
            ],
        ),
    ],
)
def test_what_is_said_of_rotary_angles_is_what_the_configs_say(tiny, family, expected):
    found = position_encodings(tiny(family))
    assert [
        (one.side, one.layer_type, one.rope_type, one.pairing, one.n_rotated, one.d_head) for one in found
    ] == expected


def test_scaled_angles_are_named_for_their_kind_of_layer_alone(tmp_path):
    """Gemma 3 as it is published: angles stretched by 8 in the layers that see everything, as they were in the others."""
    folder = save(tmp_path, "gemma3_text")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["rope_parameters"]["full_attention"] |= {"rope_type": "linear", "factor": 8.0}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    found = {one.layer_type: one for one in position_encodings(open_model(str(folder)))}
    assert {name: one.rope_type for name, one in found.items()} == {
        "full_attention": "linear",
        "sliding_attention": "default",
    }
    assert found["full_attention"].frequencies[0] == pytest.approx(1 / 8)
    assert found["sliding_attention"].frequencies[0] == 1


def test_rotary_frequencies_by_hand(tiny):
    (encoding,) = position_encodings(tiny("llama"))  # d_head 8, base 10,000
    np.testing.assert_allclose(encoding.frequencies, [1, 0.1, 0.01, 0.001], rtol=1e-6)
    np.testing.assert_allclose(encoding.wavelengths[:2], [2 * np.pi, 20 * np.pi], rtol=1e-6)
    assert encoding.angles(3)[2].tolist() == pytest.approx([2, 0.2, 0.02, 0.002])


def test_gptj_frequencies_come_from_its_table(tiny):
    (encoding,) = position_encodings(tiny("gptj"))  # rotary_dim 4 of d_head 8
    np.testing.assert_allclose(encoding.frequencies, [1, 0.01], rtol=1e-4)
    assert (encoding.n_rotated, encoding.d_head, encoding.pairing) == (4, 8, "neighbours")


def test_kinds_of_layers_have_their_own_angles(tiny):
    found = {encoding.layer_type: encoding for encoding in position_encodings(tiny("gemma3_text"))}
    assert set(found) == {"sliding_attention", "full_attention"}
    assert (
        found["sliding_attention"].frequencies[1] > found["full_attention"].frequencies[1]
    )  # base 10,000 and 1,000,000


def test_a_turn_by_one_position_is_what_the_query_of_the_model_shows(tiny):
    """The query of the same token at two positions, layer 0: the recorded ones are turned by the angles of the record."""
    model = tiny("llama")
    (encoding,) = position_encodings(model)
    query = model.trace([5, 5, 5]).query(0)[1].astype(np.float64)  # [pos, d_head]
    half = encoding.n_rotated // 2
    turned = query[:, :half] + 1j * query[:, half:]
    np.testing.assert_allclose(turned[2], turned[0] * np.exp(1j * encoding.angles(3)[2]), atol=1e-5)


@pytest.mark.parametrize("n_heads", [1, 4, 6, 8, 12, 20])
def test_alibi_slopes_are_those_of_bloom(n_heads):
    biases = build_alibi_tensor(torch.ones(1, 3), n_heads, torch.float32)  # [head, 1, key]: slope times key
    np.testing.assert_allclose(alibi_slopes(n_heads), biases[:, 0, 1], rtol=1e-6)


@pytest.mark.parametrize(("number", "side"), [(0, "encoder"), (1, "decoder")])
def test_t5_biases_are_what_its_attention_adds(tiny, number, side):
    encoding = position_encodings(tiny("t5"), n_distances=24)[number]
    attention = getattr(network("t5"), side).block[0].layer[0].SelfAttention
    with torch.inference_mode():
        expected = attention.compute_bias(20, 20)[0]  # [head, query, key]
    for query, key in [(0, 0), (0, 19), (19, 0), (7, 4), (4, 7)]:
        column = np.flatnonzero(encoding.distances == key - query)[0]
        np.testing.assert_array_equal(encoding.by_distance[:, column], expected[:, query, key])
        np.testing.assert_array_equal(encoding.bias[:, encoding.bucket_of[column]], expected[:, query, key])
    assert encoding.distances.tolist() == list(range(-24, 25))
    seen = encoding.bucket_of[encoding.distances > 0]
    assert (len(set(seen.tolist())) > 1) == (side == "encoder")  # a decoder does not tell later keys apart


def test_similarity_of_positions_and_the_rotary_kernel_by_hand():
    vectors = np.array([[1.0, 0], [0, 2], [3, 3]])
    np.testing.assert_allclose(similarity_matrix(vectors)[2], [0.5**0.5, 0.5**0.5, 1], atol=1e-6)
    angles = RotaryAngles("decoder", np.array([np.pi / 2, 0], np.float32), 4, 4, "halves", "", "default")
    np.testing.assert_allclose(angles.kernel(3), [1, 0.5, 0], atol=1e-6)


@pytest.mark.parametrize("family", ["marian", "llama", "bloom", "t5"])
def test_the_lines_of_the_screen_print_what_it_draws(tiny, family, tmp_path, monkeypatch):
    (encoding, *_) = position_encodings(tiny(family), n_distances=128)
    found = json.loads(printed(positions_code(str(save(tmp_path, family)), encoding.kind, 0, 20), monkeypatch))
    expected = {
        "sinusoidal": lambda: similarity_matrix(encoding.vectors[:20])[0],
        "rotary": lambda: encoding.kernel(20),
        "alibi": lambda: np.outer(-encoding.slopes, np.arange(20)),
        "relative bias": lambda: encoding.by_distance[0],
    }[encoding.kind]()
    np.testing.assert_allclose(found, expected, atol=1e-5)
