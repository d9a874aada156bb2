"""The Layers screen: the lattice, the parts of a logit and the sizes equal what plain transformers gives."""

import re

import numpy as np
import pytest
import torch

from tests import tiny_models
from tests.app.inside import plain, printed, read, rows, sent, words_on

PROMPT = "The dog's bark was loud and the dog"


@pytest.fixture(scope="module")
def cell_screen(open_screen):
    """The cell of layer 3 at the fourth token, for tests that only read it."""
    at = open_screen("layers", prompt=PROMPT, focus=3, depth=4)
    assert not at.exception
    return at


@torch.no_grad()
def lens(out) -> np.ndarray:
    """[layer, pos, vocab] probabilities of every layer, the final norm once; transformers gives the last state behind it."""
    _, model = plain()
    states = [model.transformer.ln_f(h) for h in out.hidden_states[:-1]] + [out.hidden_states[-1]]
    return torch.stack([model.lm_head(h)[0].softmax(-1) for h in states]).numpy()


def test_each_cell_holds_its_layers_best_guess(cell_screen):
    _, out = read(PROMPT)
    expected = lens(out)
    header, arrays = sent(cell_screen, "lattice")
    np.testing.assert_allclose(arrays["p"][..., 0], expected.max(-1), atol=1e-4)
    entropy = -(expected * np.log2(np.maximum(expected, 1e-30))).sum(-1)
    np.testing.assert_allclose(arrays["entropy"], entropy, atol=2e-3)
    tokenizer, _ = plain()
    best = tokenizer.decode([int(expected[-1, -1].argmax())])
    assert header["pieces"][arrays["top"][-1, -1, 0]] == best.replace(" ", "·")


def test_a_followed_token_shows_its_rank_in_every_cell(open_screen):
    at = open_screen("layers", prompt=PROMPT)
    at.text_input(key="layers_followed").input("cat").run()
    _, out = read(PROMPT)
    tokenizer, _ = plain()
    expected = lens(out)
    token = tokenizer(" cat", add_special_tokens=False).input_ids[0]
    header, arrays = sent(at, "lattice")
    assert header["watched"] == "·cat"
    ranks = 1 + (expected > expected[..., token, None]).sum(-1)
    assert np.abs(arrays["rank"] - ranks).max() <= 1  # a tie in the last float digit moves one rank
    at.text_input(key="layers_followed").input("notasingletoken").run()
    assert "not one token" in words_on(at)


def test_the_chosen_cell_lists_its_likeliest_tokens(cell_screen):
    _, out = read(PROMPT)
    top = np.sort(lens(out)[4, 3])[::-1][:8]
    assert [row["share"] for row in rows(cell_screen, "layers_cell_bars")] == pytest.approx(top.tolist(), rel=1e-3)


def test_the_parts_add_up_to_the_models_logit(cell_screen):
    _, out = read(PROMPT)
    words = words_on(cell_screen)
    total, logit = re.search(r"parts add up to ([+−]\d+\.\d+); the model itself gives ([+−]\d+\.\d+)", words).groups()
    expected = out.logits[0, 3].max().item()
    assert total == logit == f"{expected:+.2f}".replace("-", "−")


def test_the_anatomy_counts_every_parameter_once(cell_screen):
    _, model = plain()
    n = sum(p.numel() for p in model.parameters())
    assert f"<b>{n:,}</b> parameters" in words_on(cell_screen)


def test_the_code_of_the_cards_prints_their_numbers(cell_screen, monkeypatch):
    _, out = read(PROMPT)
    lens_code, parts_code = (code.value for code in cell_screen.code)
    likeliest = [float(line.split()[-1]) for line in printed(lens_code, monkeypatch).splitlines()]
    assert likeliest == pytest.approx(np.sort(lens(out)[4, 3])[::-1][:5].tolist(), rel=1e-3)
    *_, last = printed(parts_code, monkeypatch).splitlines()
    assert [float(x) for x in last.split()] == pytest.approx([out.logits[0, 3].max().item()] * 2, abs=1e-3)


def test_the_difference_of_two_tokens_is_split_too_and_one_token_has_none_with_itself(open_screen):
    at = open_screen("layers", prompt=PROMPT, focus=4)
    at.text_input(key="layers_token").input("dog")
    at.text_input(key="layers_against").input("cat").run()
    tokenizer, _ = plain()
    _, out = read(PROMPT)
    dog, cat = (tokenizer(word, add_special_tokens=False).input_ids[0] for word in (" dog", " cat"))
    expected = f"{(out.logits[0, 4, dog] - out.logits[0, 4, cat]).item():+.2f}".replace("-", "−")
    assert f"by <b>{expected}</b>" in words_on(at)
    at.text_input(key="layers_against").input("dog").run()
    assert not at.exception
    assert "Both are the same token" in words_on(at)


def test_of_a_model_that_fills_gaps_the_word_in_focus_is_hidden_and_guessed_in_its_place(open_screen, tmp_path):
    folder = str(tiny_models.save(tmp_path, "bert"))
    at = open_screen("layers", prompt="the dog was heard", model=folder, focus=2)
    assert not at.exception
    header, _ = sent(at, "lattice")
    assert header["tokens"][2] == "[MASK]" and header["tokens"][3] == "was"
    words = words_on(at)
    assert "For the place of <code" in words and "no logit splits into parts" in words


@pytest.mark.parametrize(
    ("model", "attribution", "neurons"),
    [
        ("bundled/assistant", "Most of it was written by the", "is the first of"),
        ("bundled/cloze", "no logit splits into parts", ""),
        ("bundled/interpreter", "it is normalised together with it", "it is normalised together with it"),
        ("bart", "it is normalised together with it", "it is normalised together with it"),
        ("t5", "Most of it was written by the", "is the first of"),
    ],
)
def test_parts_and_neurons_are_shown_or_the_card_says_why_not(open_screen, tmp_path, model, attribution, neurons):
    folder = model if "/" in model else tiny_models.save(tmp_path, model)
    words = words_on(open_screen("layers", prompt="the dog was heard", model=folder))
    _, _, after = words.partition('id="layers_attribution"')
    parts, _, rest = after.partition('id="layers_neurons"')
    assert attribution in parts and neurons in rest.partition('id="layers_anatomy"')[0]


@pytest.mark.parametrize("prompt", ["", "a", "👩‍🚀 你好 नमस्ते", "<script>alert(1)</script>"])
def test_odd_prompts_draw_without_error(open_screen, prompt):
    at = open_screen("layers", prompt=prompt, depth=99)
    assert not at.exception
    header, _ = sent(at, "lattice")
    assert header["chosen"][0] == 6
