"""Models that fill gaps on the Prediction screen: what is hidden, and that each number is that of plain transformers."""

import contextlib
import io
import json
import math
import re

import pytest
import torch
from transformers import AutoTokenizer
from transformers.utils import logging

from pages.common import hiding, state
from tests import tiny_models
from tests.app.test_prediction import component_data, number
from tests.app.test_state import FakeStreamlit

logging.disable_progress_bar()
PROMPT = "the dog's bark was barely heard"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(tiny_models.save(tmp_path_factory.mktemp("bert"), "bert"))


@pytest.fixture(scope="module")
def plain(folder):
    """A function: ids [pos] of a text and ln p [pos, vocab] with the positions masked, by transformers alone."""
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def read(text, masked=()):
        ids = tokenizer(text, return_tensors="pt").input_ids
        hidden = ids.clone()
        hidden[0, list(masked)] = tokenizer.mask_token_id
        with torch.inference_mode():
            return ids[0], tiny_models.network("bert")(input_ids=hidden).logits[0].double().log_softmax(-1)

    return read


def ribbon_of(at) -> list[dict]:
    (ribbon,) = [
        data["chips"]
        for found in at.get("bidi_component")
        if found.proto.component_name.endswith("chips")
        for data in [json.loads(found.proto.json)]
        if data["label"].startswith("The prompt")
    ]
    return ribbon


@pytest.mark.parametrize(
    ("parameters", "masked", "focus"),
    [
        ({"focus": 2}, (2,), 2),
        ({"focus": 5, "masked": "2,5"}, (2, 5), 5),
        ({"focus": 3, "masked": "2,5"}, (2, 5), 3),
        ({"focus": 2, "masked": "none"}, (), 2),
        ({"focus": 2, "masked": "0,2,99"}, (2,), 2),
    ],
)
def test_the_ledger_is_that_of_the_text_with_those_words_hidden(open_screen, folder, plain, parameters, masked, focus):
    """Catches: the visible word scored as if it were hidden, a special token hidden, the wrong position looked at."""
    at = open_screen("prediction", prompt=PROMPT, model=folder, **parameters)
    assert not at.exception
    ids, ln_p = plain(PROMPT, masked)
    data = component_data(at, "ledger")
    best = ln_p[focus].topk(5)
    assert [number(row["ln_p"]) for row in data["rows"][:5]] == pytest.approx(best.values.tolist(), abs=0.006)
    assert data["pinned"]["id"] == ids[focus] and number(data["pinned"]["ln_p"]) == pytest.approx(
        ln_p[focus, ids[focus]].item(), abs=0.006
    )
    assert data["mark"] == ("really stood there" if focus in masked else "really stands there")
    assert [chip["masked"] for chip in ribbon_of(at)] == [i in masked for i in range(len(ids))]


def test_without_a_choice_a_word_in_the_middle_is_hidden(open_screen, shown, folder):
    at = open_screen("prediction", prompt=PROMPT, model=folder)
    (hidden,) = [chip for chip in ribbon_of(at) if chip["masked"]]
    assert len(hidden["label"]) >= 3 and hidden["label"].isalpha()
    assert "is hidden the model's best guess is" in shown(at)


def test_a_typed_gap_is_looked_at_and_has_no_right_answer(open_screen, shown, folder, plain):
    prompt = "the [MASK] was [MASK]"
    at = open_screen("prediction", prompt=prompt, model=folder)
    _, ln_p = plain(prompt)
    data = component_data(at, "ledger")
    assert data["pinned"] is None and not any(chip["masked"] for chip in ribbon_of(at))
    assert number(data["rows"][0]["ln_p"]) == pytest.approx(ln_p[2].max().item(), abs=0.006)
    assert "You typed the gap yourself" in shown(at)


def test_an_unknown_word_can_be_hidden_and_what_the_tokenizer_adds_cannot(open_screen, folder):
    at = open_screen("prediction", prompt="the 😀 was", model=folder, focus=2)
    assert [chip["masked"] for chip in ribbon_of(at)] == [False, False, True, False, False]
    assert component_data(at, "ledger")["pinned"]["label"] == "[UNK]"
    at = open_screen("prediction", prompt="the 😀 was", model=folder, focus=0)
    assert not any(chip["masked"] for chip in ribbon_of(at))
    assert component_data(at, "ledger")["pinned"] is None


def test_every_word_hidden_in_turn_and_its_code(open_screen, shown, folder, plain):
    """The printed sum against a plain loop; then the lines of Python on the screen, run as they stand."""
    at = open_screen("prediction", prompt=PROMPT, model=folder, focus=3)
    ids, _ = plain(PROMPT)
    inside = range(1, len(ids) - 1)
    nats = {i: -plain(PROMPT, (i,))[1][i, ids[i]].item() for i in inside}
    text = shown(at)
    assert f"{sum(nats.values()) / math.log(2):,.2f} bits" in text
    mean = sum(nats.values()) / len(nats)
    assert f"{mean / math.log(2):.3f} bits" in text
    printed = re.search(r"the loss is <b>([\d.]+)</b>; the mean over this text is <b>([\d.]+)</b>", text)
    assert [float(printed[1]), float(printed[2])] == pytest.approx([nats[3], mean], abs=6e-4)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(at.code[0].value, {})
    assert list(map(float, output.getvalue().split())) == pytest.approx([nats[3], mean], abs=6e-4)


def test_the_control_of_what_is_hidden(open_screen, folder, plain):
    at = open_screen("prediction", prompt=PROMPT, model=folder, focus=2)
    at.segmented_control(key="frame_hidden").set_value("nothing").run()
    assert not any(chip["masked"] for chip in ribbon_of(at))
    ids, ln_p = plain(PROMPT)
    assert number(component_data(at, "ledger")["pinned"]["ln_p"]) == pytest.approx(ln_p[2, ids[2]].item(), abs=0.006)
    at.segmented_control(key="frame_hidden").set_value("several").run()
    assert [i for i, chip in enumerate(ribbon_of(at)) if chip["masked"]] == [2]


def test_a_long_text_waits_until_it_is_asked(open_screen, shown, folder, monkeypatch):
    monkeypatch.setattr("pages.prediction.each_word.MAX_TOKENS_AT_ONCE", 3)
    at = open_screen("prediction", prompt=PROMPT, model=folder)
    assert "mean per token" not in shown(at)
    at.button(key="prediction_each").click().run()
    assert "mean per token" in shown(at)


@pytest.mark.parametrize("prompt", ["", "dog", "[MASK]", "<script>x</script>", "😀 dog"])
def test_texts_of_little(open_screen, folder, prompt):
    for key in ("prediction", "home", "tokens"):
        assert not open_screen(key, prompt=prompt, model=folder).exception


@pytest.fixture
def shared(monkeypatch):
    monkeypatch.setattr(state, "st", FakeStreamlit())


def test_clicks_while_several_are_hidden(shared):
    state.put("masked", (2,))
    hiding.click(5, 2, guesses=True)
    assert (state.get("masked"), state.get("focus")) == ((2, 5), 5)
    hiding.click(2, 5, guesses=True)
    assert (state.get("masked"), state.get("focus")) == ((2, 5), 2)
    hiding.click(2, 2, guesses=True)
    assert (state.get("masked"), state.get("focus")) == ((5,), 2)
    hiding.click(3, 2, guesses=False)
    assert (state.get("masked"), state.get("focus")) == ((5,), 3)


@pytest.mark.parametrize("masked", [None, ()])
def test_clicks_otherwise_only_look(shared, masked):
    state.put("masked", masked)
    hiding.click(5, 2, guesses=True)
    assert (state.get("masked"), state.get("focus")) == (masked, 5)
