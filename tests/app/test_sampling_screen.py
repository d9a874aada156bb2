"""The Sampling screen without a browser: what is sent equals the model's logits, what the panel says reaches Python."""

import json
import re

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer
from transformers.utils import logging

from model_backend import SamplingSettings
from model_backend.engine import sampling
from pages.common import state
from tests import tiny_models
from tests.app.test_prediction import ROOT
from viz.labels import percent
from viz.sampling import N_RANDOM

logging.disable_progress_bar()
PROMPT = "The dog's bark was barely heard"


def unpacked(at, name: str) -> dict:
    """Header and arrays that a component got, read by hand from its bytes."""
    (found,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(f".{name}")]
    data = found.proto.bytes
    length = int.from_bytes(data[:4], "little")
    header, place = json.loads(data[4 : 4 + length]), 4 + length
    for array in header["arrays"]:
        kind = np.dtype(array["type"])
        n = int(np.prod(array["shape"]))
        header[array["name"]] = np.frombuffer(data, kind, n, place)
        place += n * kind.itemsize
    return header


@pytest.fixture(scope="module")
def plain():
    """ids and logits [vocab] of a text by transformers alone."""
    folder = ROOT / "model_backend" / "bundled" / "storyteller"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def read(text: str, position: int = -1):
        ids = tokenizer(text, return_tensors="pt").input_ids
        with torch.inference_mode():
            return ids[0].tolist(), model(ids).logits[0, position].numpy()

    return read


def test_the_whole_vocabulary_is_sent_as_the_model_gives_it(open_screen, plain):
    at = open_screen("sampling", prompt=PROMPT, focus=4)
    assert not at.exception
    ids, logits = plain(PROMPT, 4)
    sent = unpacked(at, "logits")
    assert len(sent["ids"]) == len(logits) and np.all(np.diff(sent["logits"]) <= 0)
    np.testing.assert_allclose(sent["logits"], logits[sent["ids"]], atol=2e-4)
    history = {int(sent["ids"][place]): int(count) for place, count in zip(sent["places"], sent["counts"], strict=True)}
    assert history == {i: ids[:5].count(i) for i in ids[:5]}


def test_the_numbers_follow_the_shared_settings(open_screen, plain):
    at = open_screen("sampling", prompt=PROMPT, temperature="0.7", top_k="50", presence="0.5")
    assert not at.exception
    ids, logits = plain(PROMPT)
    expected = sampling.apply(logits, SamplingSettings(0.7, top_k=50, presence_penalty=0.5), ids)
    (table,) = [frame.value for frame in at.dataframe if "final probability" in frame.value]
    kept = table["what became of it"] == "kept"
    assert kept.tolist() == expected.kept[: len(table)].tolist()
    numbers = [float(p.replace("\u00a0%", "")) / 100 for p in table["final probability"]]
    assert numbers == pytest.approx(expected.p_final[: len(table)], rel=0.06, abs=1e-9)
    code = at.code[0].value
    assert "temperature = 0.7\ntop_k = 50\n" in code
    assert "TemperatureLogitsWarper(temperature)" in code and "TopKLogitsWarper(top_k)" in code


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": "0.8", "top_p": "0.9", "min_p": "0.01"},
        {"repetition": "1.3", "presence": "0.5", "frequency": "0.25", "top_k": "30"},
        {"temperature": "0", "presence": "2"},
        {},
    ],
)
def test_the_code_on_the_screen_gives_the_same_probabilities(open_screen, plain, settings):
    at = open_screen("sampling", prompt=PROMPT, **settings)
    ids, logits = plain(PROMPT)
    names = {"repetition": "repetition_penalty", "presence": "presence_penalty", "frequency": "frequency_penalty"}
    values = {names.get(name, name): int(raw) if name == "top_k" else float(raw) for name, raw in settings.items()}
    expected = sampling.apply(logits, SamplingSettings(**values), ids)
    scope = {}
    exec(at.code[0].value, scope)
    if settings.get("temperature") == "0":
        assert scope["token"].item() == expected.ids[expected.kept][0]
        return
    np.testing.assert_allclose(
        scope["p"][0].numpy()[expected.ids], expected.p_final, atol=1e-5
    )  # torch sums a float32 softmax


def test_the_dice_get_the_generators_numbers_and_the_seed_travels(open_screen):
    at = open_screen("sampling", prompt=PROMPT, seed=7)
    numbers = unpacked(at, "dice")["randoms"].view(np.float64)
    random = np.random.default_rng(7)
    assert numbers.tolist() == [random.random() for _ in range(N_RANDOM)]
    at.session_state["_shared"]["seed"] = 8
    at.run()
    assert unpacked(at, "dice")["randoms"].view(np.float64)[0] == np.random.default_rng(8).random()


def test_a_second_text_breathes(open_screen, shown, plain):
    at = open_screen("sampling", prompt=PROMPT, top_p="0.8")
    at.text_input(key="sampling_other").set_value("One, two, three, four,").run()
    counts = [
        sampling.apply(plain(text)[1], SamplingSettings(top_p=0.8)).kept.sum()
        for text in (PROMPT, "One, two, three, four,")
    ]
    printed = re.search(r"top-p keeps <b>([\d,]+) tokens?</b> .*? and <b>([\d,]+) tokens?</b>", shown(at))
    assert [int(n.replace(",", "")) for n in printed.groups()] == pytest.approx(counts, abs=1)


def test_two_scores_by_hand(open_screen, shown):
    at = open_screen("sampling", prompt=PROMPT)
    text = shown(at)
    assert ">0.27</td>" in text and ">0.73</td>" in text and ">0.12</td>" in text and ">0.88</td>" in text
    at.number_input(key="sampling_second").set_value(1.0).run()
    assert "Both are equal" in shown(at)


@pytest.mark.parametrize("family", ["bert", "marian"])
def test_other_kinds_choose_at_their_own_place(open_screen, shown, tmp_path, family):
    folder = str(tiny_models.save(tmp_path, family))
    at = open_screen("sampling", prompt="the dog's bark", model=folder, focus=2, top_k="5")
    assert not at.exception
    assert ("In the place of" in shown(at)) == (family == "bert")
    sent = unpacked(at, "logits")
    assert len(sent["ids"]) == len(set(sent["ids"].tolist())) > 100
    if family == "bert":
        tokenizer = AutoTokenizer.from_pretrained(folder)
        ids = tokenizer("the dog's bark", return_tensors="pt").input_ids
        ids[0, 2] = tokenizer.mask_token_id
        with torch.inference_mode():
            logits = tiny_models.network("bert")(input_ids=ids).logits[0, 2].numpy()
        np.testing.assert_allclose(sent["logits"], logits[sent["ids"]], atol=1e-4)
    else:
        at = open_screen("sampling", prompt="the dog", model=folder, target="Hello World!", target_focus=99)
        assert not at.exception


@pytest.mark.parametrize(
    ("name", "raw"), [("temperature", "-1"), ("temperature", "nan"), ("top_p", "2"), ("top_k", "x"), ("presence", "9")]
)
def test_wrong_settings_of_the_address_are_ignored(open_screen, name, raw):
    at = open_screen("sampling", prompt=PROMPT, **{name: raw})
    assert not at.exception
    (found,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(".sampler")]
    assert json.loads(found.proto.json)["settings"][name] == state.FIELDS[name].default


def test_what_a_translators_makers_forbid_is_said(open_screen, shown, tmp_path):
    """Marian may not write its padding token. The number and the share are those of transformers' processor and model."""
    folder = tiny_models.save(tmp_path / "marian", "marian")
    at = open_screen("sampling", model=str(folder), prompt="the dog")
    assert not at.exception
    network = AutoModelForSeq2SeqLM.from_pretrained(folder)
    source = AutoTokenizer.from_pretrained(folder)("the dog", return_tensors="pt").input_ids
    start = network.generate(source, max_new_tokens=9, do_sample=False, num_beams=1)[:, :2]
    bad = [ids[0] for ids in network.generation_config.bad_words_ids]
    with torch.inference_mode():
        p = network(input_ids=source, decoder_input_ids=start).logits[0, -1].softmax(-1)
    words = shown(at)
    assert f"forbids <b>{len(bad)} token" in words
    assert f"gives {percent(p[bad].sum().item())} to what is forbidden" in words
