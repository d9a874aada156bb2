"""The Attention screen: what goes to the browser equals eager transformers on the same model and text."""

import json
from dataclasses import replace

import numpy as np
import pytest

from model_backend import UnsupportedArchitecture
from model_backend.analysis import head_maps, heads
from model_backend.base.inside_records import HEAD_SCORES
from pages.attention.overview import behaviours
from tests import tiny_models
from tests.app.inside import plain, printed, read, sent, words_on

PROMPT = "The dog's bark was loud and the dog ran"


@pytest.fixture(scope="module")
def head_screen(open_screen):
    """Layer 2, head 3 with the sixth token in focus, for tests that only read it."""
    at = open_screen("attention", prompt=PROMPT, layer=2, head=3, focus=5)
    assert not at.exception
    return at


def test_the_matrix_is_that_of_eager_attention_with_the_future_left_open(head_screen):
    _, out = read(PROMPT)
    header, arrays = sent(head_screen, "attention")
    expected = out.attentions[2][0, 3].numpy()
    future = np.triu_indices(len(expected), 1)
    assert np.isnan(arrays["weights"][future]).all() and (expected[future] == 0).all()
    past = np.tril_indices(len(expected))
    np.testing.assert_allclose(arrays["weights"][past], expected[past], atol=1e-5)
    assert header["focus"] == 5 and header["rows"][3] == "'s"


def test_what_lies_outside_a_sliding_window_is_a_gap_and_the_screen_says_how_wide_it_is(open_screen, tmp_path):
    at = open_screen(
        "attention", prompt=tiny_models.PROMPT, model=tiny_models.save(tmp_path, "mistral"), layer=1, head=0
    )
    _, arrays = sent(at, "attention")
    n = len(arrays["weights"])
    distance = np.arange(n)[:, None] - np.arange(n)[None]
    np.testing.assert_array_equal(np.isnan(arrays["weights"]), (distance < 0) | (distance > 3))
    assert n > 4 and "sees at most 4 tokens" in words_on(at)
    assert len(sent(at, "head_steps")[0]["rows"]) == 4  # the last token's
    shown = sent(at, "heads")[1]["thumbs"][1, 0]
    np.testing.assert_array_equal(shown == 255, np.isnan(arrays["weights"]))


def test_the_overview_orders_heads_by_their_weight_on_the_token_before(head_screen):
    _, out = read(PROMPT)
    header, arrays = sent(head_screen, "heads")
    order = [o["key"] for o in header["orders"]].index("previous_token")
    expected = np.stack([[np.diag(head.numpy(), -1).mean() for head in layer[0]] for layer in out.attentions])
    np.testing.assert_allclose(arrays["scores"][order], expected, atol=1e-5)
    assert arrays["thumbs"].shape[:2] == (6, 5)


def test_every_score_has_its_words():
    """Catches: a score that no button sorts by, a misspelt name."""
    assert set(behaviours("cross")) == {*HEAD_SCORES, "induction"}, "write its words in `behaviours`"


def test_the_steps_multiply_query_and_key_and_mix_the_values(head_screen):
    _, out = read(PROMPT)
    header, arrays = sent(head_screen, "head_steps")
    _, model = plain()
    block = model.transformer.h[2]
    q, k, v = (
        part.view(-1, 5, 64)[:, 3].detach().numpy()
        for part in block.attn.c_attn(block.ln_1(out.hidden_states[2][0])).split(320, dim=-1)
    )
    assert len(header["rows"]) == 6  # the tokens up to the focused one
    np.testing.assert_allclose(arrays["products"], k[:6] @ q[5], atol=1e-3)
    np.testing.assert_allclose(arrays["scaled"], k[:6] @ q[5] / 8, atol=1e-3)
    np.testing.assert_allclose(arrays["out"], out.attentions[2][0, 3, 5, :6].numpy() @ v[:6], atol=1e-4)


def test_other_ways_of_counting_draw_another_matrix(open_screen):
    at = open_screen("attention", prompt=PROMPT, layer=3, head=1)
    _, before = sent(at, "attention")
    _, out = read(PROMPT)
    stacked = np.stack([layer[0].numpy() for layer in out.attentions])
    means = stacked.mean(1)
    rolled = np.eye(stacked.shape[-1])
    for mean in means[:4]:
        rolled = (mean + np.eye(len(mean))) / 2 @ rolled
    expected = {
        "layer_mean": means[3], "layer_max": stacked[3].max(0), "all_mean": means.mean(0), "all_max": stacked.max((0, 1)),
        "rollout": rolled, "value": None,
    }  # fmt: skip
    seen = np.tril_indices(stacked.shape[-1])
    for measure, matrix in expected.items():
        at.selectbox(key="attention_measure").select(measure).run()
        assert not at.exception
        header, after = sent(at, "attention")
        assert not np.allclose(before["weights"], after["weights"], equal_nan=True)
        assert header["is_share"] == (measure != "value")
        if matrix is not None:
            np.testing.assert_allclose(after["weights"][seen], matrix[seen], atol=1e-5)


def test_a_way_of_counting_that_the_model_has_not_leaves_the_weights_and_the_choice(open_screen, monkeypatch):
    """As with quantized weights: else the screen would be an error without the way back."""
    at = open_screen("attention", prompt=PROMPT, layer=3, head=4)  # whose values nobody has asked for
    _, before = sent(at, "attention")

    def refuse(*args, **more):
        raise UnsupportedArchitecture("No values here.", "The weights are shown.")

    monkeypatch.setattr(head_maps, "value_weighted", refuse)
    at.selectbox(key="attention_measure").select("value").run()
    header, after = sent(at, "attention")
    np.testing.assert_array_equal(before["weights"], after["weights"])
    assert header["is_share"] and not at.exception
    assert "No values here. The weights are shown." in words_on(at)
    at.selectbox(key="attention_measure").select("layer_max").run()
    assert not np.allclose(before["weights"], sent(at, "attention")[1]["weights"], equal_nan=True)


def test_the_code_of_the_card_prints_the_row_in_focus(head_screen, monkeypatch):
    _, arrays = sent(head_screen, "attention")
    row = json.loads(printed(head_screen.code[0].value, monkeypatch))
    assert row[:6] == pytest.approx(arrays["weights"][5, :6].tolist(), abs=1e-5) and sum(row[6:]) == 0


def test_of_a_long_text_the_table_holds_the_row_in_focus(open_screen):
    at = open_screen("attention", prompt="the dog and the cat " * 20, layer=1, head=0, focus=70)
    _, arrays = sent(at, "attention")
    table = next(frame.value for frame in at.dataframe if "is looked at" in frame.value)
    assert len(table) == 71
    np.testing.assert_allclose(table.iloc[:, 2], arrays["weights"][70, :71], atol=1e-6)


def test_a_translator_opens_at_its_head_that_keeps_step_and_names_what_each_token_looked_at(
    open_screen, tmp_path, monkeypatch
):
    measured = heads.head_statistics

    def with_one_in_step(trace, kind):  # the gaze of random weights hardly moves
        statistics = measured(trace, kind)
        in_step = np.full_like(statistics.monotone, -0.5)
        in_step[0, 0], in_step[1, 2] = np.nan, 0.9
        return replace(statistics, monotone=in_step)

    monkeypatch.setattr(heads, "head_statistics", with_one_in_step)
    folder = str(tiny_models.save(tmp_path, "marian"))
    at = open_screen("attention", prompt="the dog heard", model=folder, target="Hello World!")
    header, arrays = sent(at, "attention")
    assert not header["same"] and len(header["rows"]) != len(header["columns"])
    assert sent(at, "heads")[0]["chosen"] == [1, 2]
    words = words_on(at)
    lines = words.partition("as it writes each token")[2].split("</p>")[1]
    best = [header["columns"][i] for i in arrays["weights"].argmax(1)]
    assert lines.count("←") == len(header["rows"]) - 1
    assert f"<bdi>{best[0]}</bdi>" in lines.split("←")[1]  # written first: looked at from the start token


@pytest.mark.parametrize("prompt", ["", "a", "👩‍🚀 你好 नमस्ते", "<script>alert(1)</script>"])
def test_odd_prompts_draw_without_error(open_screen, prompt):
    at = open_screen("attention", prompt=prompt, layer=99, head=99)
    assert not at.exception
    _, arrays = sent(at, "attention")
    assert np.nansum(arrays["weights"], 1) == pytest.approx(1, abs=1e-5)
