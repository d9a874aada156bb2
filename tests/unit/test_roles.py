"""What a tensor does is read from its name; what a token costs while writing, from sizes. By hand."""

from types import SimpleNamespace

import pytest
from torch import nn

from model_backend.analysis.anatomy import _cache, _role

PLAIN, NORM = nn.Linear(1, 1), nn.LayerNorm(1)


@pytest.mark.parametrize(
    ("name", "owner", "is_in_block", "is_output", "role"),
    [
        ("ln_f.weight", NORM, False, False, "norm"),
        ("h.0.ln_1.bias", NORM, True, False, "norm"),
        ("wpe.weight", PLAIN, False, False, "position"),
        ("wte.weight", PLAIN, False, False, "embedding"),
        ("shared.weight", PLAIN, False, False, "embedding"),
        ("model.embed_tokens.weight", PLAIN, False, False, "embedding"),
        ("project_in.weight", PLAIN, False, False, "embedding"),
        ("out.weight", PLAIN, False, True, "head"),
        ("cls.predictions.bias", PLAIN, False, False, "head"),
        ("what.weight", PLAIN, False, False, "other"),
        ("layers.0.mixer.in_proj.weight", PLAIN, True, False, "mixer"),
        ("layers.0.self_attn.q_norm_scale.weight", PLAIN, True, False, "attention other"),
        ("layer.0.intermediate.dense.weight", PLAIN, True, False, "up"),
        ("layer.0.output.dense.weight", PLAIN, True, False, "down"),
    ],
)
def test_a_tensors_role(name, owner, is_in_block, is_output, role):
    assert _role(name, owner, is_in_block, is_output) == role


@pytest.mark.parametrize(
    ("kind", "dtype", "n_heads", "expected"),
    [
        ("decoder", "float32", 4, (2 * 3 * 16 * 4, "2 · 3 · 16 · 4")),
        ("decoder", "bfloat16", 4, (2 * 3 * 16 * 2, "2 · 3 · 16 · 2")),
        ("encoder-decoder", "float16", 4, (2 * 3 * 24 * 2, "2 · 3 · 24 · 2")),
        ("encoder", "float32", 4, (0, "")),
        ("decoder", "float32", 0, (0, "")),  # no attention
    ],
)
def test_keys_and_values_of_a_token(kind, dtype, n_heads, expected):
    info = SimpleNamespace(kind=kind, dtype=dtype, n_heads=n_heads, n_kv_heads=2, d_head=8, n_decoder_layers=3)
    assert _cache(info, d_attention=24) == expected
