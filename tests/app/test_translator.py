"""Translators on the screens: source and target, against plain transformers."""

import contextlib
import io
import json
import math
import re

import pytest
import torch
from transformers import AutoTokenizer
from transformers.utils import logging

from pages.common import state
from tests import tiny_models
from tests.app.test_prediction import component_data, number

logging.disable_progress_bar()
PROMPT, TARGET = "the dog's bark", "Hello World! barely"
START, END = 0, 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny Marian with two language marks."""
    path = tiny_models.save(tmp_path_factory.mktemp("marian"), "marian")
    tokenizer = tiny_models.unigram.__wrapped__()
    tokenizer.add_special_tokens({"additional_special_tokens": [">>fra<<", ">>nld<<"]})
    tokenizer.save_pretrained(path)
    return str(path)


@pytest.fixture(scope="module")
def plain(folder):
    """A function: target ids, start token first, and ln p [target pos, vocab]; the greedy target where none is given."""
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def read(text, target=None):
        source = tokenizer(text, return_tensors="pt").input_ids
        network = tiny_models.network("marian")
        with torch.inference_mode():
            if target is None:
                n = 2 * source.shape[1] + 16
                ids = network.generate(source, max_new_tokens=n, do_sample=False, num_beams=1)[0].tolist()
                end = ids.index(END) if END in ids else len(ids)
                ids = ids[: end + 1]
            else:
                ids = [START, *tokenizer(text_target=target).input_ids]
            logits = network(input_ids=source, decoder_input_ids=torch.tensor([ids])).logits[0]
        return ids, logits.double().log_softmax(-1)

    return read


def target_ids(at) -> list[int]:
    (ids,) = [
        [i for chip in data["chips"] for i in chip["ids"]]
        for found in at.get("bidi_component")
        if found.proto.component_name.endswith("chips")
        for data in [json.loads(found.proto.json)]
        if data["label"].startswith("The target")
    ]
    return ids


@pytest.mark.parametrize("key", ["home", "tokens", "prediction"])
def test_the_models_own_translation_is_greedy(open_screen, folder, plain, key):
    at = open_screen(key, prompt=PROMPT, model=folder)
    assert not at.exception
    ids, _ = plain(PROMPT)
    assert len(ids) > 2 and target_ids(at) == ids


@pytest.mark.parametrize("focus", [0, 2, 4])
def test_the_ledger_at_a_place_of_the_target(open_screen, folder, plain, focus):
    """Catches: the source read in the target's place, a target without its start token, positions off by one."""
    at = open_screen("prediction", prompt=PROMPT, model=folder, target=TARGET, target_focus=focus)
    ids, ln_p = plain(PROMPT, TARGET)
    assert target_ids(at) == ids
    data = component_data(at, "ledger")
    assert [number(row["ln_p"]) for row in data["rows"][:5]] == pytest.approx(
        ln_p[focus].topk(5).values.tolist(), abs=0.006
    )
    assert data["pinned"]["id"] == ids[focus + 1]
    assert number(data["pinned"]["ln_p"]) == pytest.approx(ln_p[focus, ids[focus + 1]].item(), abs=0.006)


def test_the_whole_translation_and_its_code(open_screen, shown, folder, plain):
    at = open_screen("prediction", prompt=PROMPT, model=folder, target=TARGET, target_focus=2)
    ids, ln_p = plain(PROMPT, TARGET)
    nats = -ln_p[:-1].gather(1, torch.tensor(ids)[1:, None])[:, 0]
    text = shown(at)
    assert f"{nats.sum().item() / math.log(2):,.2f} bits" in text
    own, own_ln_p = plain(PROMPT)
    own_total = own_ln_p[:-1].gather(1, torch.tensor(own)[1:, None]).sum().item()
    both = sorted([-nats.sum().item(), own_total], reverse=True)
    assert f"ln p = {minus(both[0])} against {minus(both[1])}" in text
    printed = re.search(r"the loss is <b>([\d.]+)</b>; the mean over this target is <b>([\d.]+)</b>", text)
    expected = [nats[2].item(), nats.mean().item()]
    assert [float(printed[1]), float(printed[2])] == pytest.approx(expected, abs=6e-4)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(at.code[0].value, {})
    assert list(map(float, output.getvalue().split())) == pytest.approx(expected, abs=6e-4)


def minus(value: float) -> str:
    return f"−{abs(value):,.2f}"


def test_behind_the_end_nothing_follows(open_screen, shown, folder):
    at = open_screen("prediction", prompt=PROMPT, model=folder, target=TARGET, target_focus=999)
    assert not at.exception
    assert "ends the translation: nothing follows" in shown(at)
    assert not [c for c in at.get("bidi_component") if c.proto.component_name.endswith("ledger")]


def test_a_text_looked_for_goes_on_from_the_target(open_screen, shown, folder, plain):
    at = open_screen("prediction", prompt=PROMPT, model=folder, target="Hello", target_focus=1)
    at.text_input(key="prediction_typed").set_value(" World").run()
    assert not at.exception and "with a leading space" in shown(at)


def test_the_language_is_a_mark_before_the_prompt(open_screen, folder):
    at = open_screen("prediction", prompt=PROMPT, model=folder)
    control = at.segmented_control(key="frame_language")
    assert control.options == ["no mark", "French", "Dutch"]
    control.set_value(">>nld<<").run()
    assert at.session_state[state._STORE]["prompt"] == ">>nld<< " + PROMPT
    at.segmented_control(key="frame_language").set_value(">>fra<<").run()
    assert at.session_state[state._STORE]["prompt"] == ">>fra<< " + PROMPT
    at.segmented_control(key="frame_language").set_value("").run()
    assert at.session_state[state._STORE]["prompt"] == PROMPT


def test_a_target_that_is_too_long_is_explained(open_screen, shown, folder):
    at = open_screen("prediction", prompt=PROMPT, model=folder, target="dog " * 100)
    assert not at.exception
    assert "Your translation has" in shown(at)


@pytest.mark.parametrize("prompt", ["", "dog", "<script>x</script>", "😀"])
def test_texts_of_little(open_screen, folder, prompt):
    for key in ("prediction", "home", "tokens"):
        assert not open_screen(key, prompt=prompt, model=folder, target="<b>x</b>").exception
