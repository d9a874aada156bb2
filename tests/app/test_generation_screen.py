"""The Generation screen, run by Streamlit's own harness: what it says equals plain transformers."""

import json
import re

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from model_backend import SamplingSettings
from model_backend.catalogue import BUNDLED
from model_backend.continuations import ROOT
from model_backend.stopping import Limits
from viz.labels import percent

PROMPT = "The Eiffel"
PLAIN = SamplingSettings()


@pytest.fixture(scope="module")
def plain():
    """(tokenizer, network) of the storyteller by transformers alone."""
    folder = BUNDLED / "storyteller"
    return AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


@pytest.fixture
def screen(open_screen):
    """The screen after its first run, and its writing."""
    at = open_screen("generation", prompt=PROMPT)
    assert not at.exception
    return at, at.session_state["_generation"]


def data_of(at, name: str) -> dict:
    (found,) = [one for one in at.get("bidi_component") if one.proto.component_name.endswith(f".{name}")]
    return json.loads(found.proto.json)


def words(at) -> str:
    return " ".join(html.proto.body for html in at.get("html"))


def write(at, writing, n: int) -> None:
    for node in writing.tree.write(ROOT, PLAIN, 1, Limits(n)):
        writing.at = node.index
    at.run()
    assert not at.exception


@torch.no_grad()
def test_before_the_first_step_it_shows_what_may_come_first(screen, plain):
    at, _ = screen
    tokenizer, network = plain
    p = network(**tokenizer(PROMPT, return_tensors="pt")).logits[0, -1].double().softmax(-1)
    top = p.topk(20)
    shown = data_of(at, "writer")["rows"]
    assert [row["id"] for row in shown] == top.indices.tolist()
    assert [row["p"] for row in shown[:5]] == [percent(float(value)) for value in top.values[:5]]


@torch.no_grad()
def test_the_sum_in_the_answer_is_that_of_one_pass(screen, plain):
    at, writing = screen
    write(at, writing, 8)
    tokenizer, network = plain
    written = list(writing.tree.token_ids(writing.at))
    ids = torch.tensor([[*tokenizer(PROMPT).input_ids, *written]])
    ln_p = network(ids).logits[0].double().log_softmax(-1)[-len(written) - 1 : -1]
    expected = ln_p.gather(1, torch.tensor(written)[:, None]).sum().item()
    shown = re.search(r"ln p of all: (−?[\d.]+)\.", words(at)).group(1)
    assert float(shown.replace("−", "-")) == pytest.approx(expected, abs=0.0051)
    assert len(data_of(at, "writer")["written"]) == 8
    at.button(key="generation_check").click().run()
    one_pass = re.search(r"read at once: <b>(−[\d.]+)", words(at)).group(1)
    assert float(one_pass.replace("−", "-")) == pytest.approx(expected, abs=1e-4)


def test_typed_words_are_put_there_and_make_a_branch(screen, plain):
    at, writing = screen
    write(at, writing, 4)
    writing.at = writing.tree.children(ROOT)[0]
    at.text_input(key="generation_own").input("is very tall").run()
    assert not at.exception
    tokenizer, _ = plain
    typed = tokenizer(" is very tall", add_special_tokens=False).input_ids
    assert list(writing.tree.token_ids(writing.at))[1:] == typed
    nodes = data_of(at, "tree")["nodes"]
    assert sum(node["state"] == "forced" for node in nodes) == len(typed)
    assert len([node for node in nodes if node["leaf"]]) == 2
    assert "put there by you" in words(at)


def test_the_reasons_to_stop_follow_the_controls(screen):
    at, writing = screen
    write(at, writing, 5)
    assert "would go on" in words(at)
    at.number_input(key="generation_length").set_value(5).run()
    assert "as long as you allowed" in words(at)
    word = writing.node.piece.strip() or "e"
    at.text_input(key="generation_stop_words").input(word).run()
    assert "the stop word" in words(at) and not data_of(at, "writer")["can"]["write"]


def test_a_small_window_overflows_and_says_what_fell_out(open_screen):
    at = open_screen("generation", prompt="one two three four five six seven eight nine ten eleven twelve thirteen")
    at.selectbox(key="generation_window").set_value(16).run()
    at.toggle(key="generation_slides").set_value(True).run()
    writing = at.session_state["_generation"]
    for node in writing.tree.write(ROOT, PLAIN, 1, Limits(12, slides=True)):
        writing.at = node.index
    at.run()
    assert not at.exception
    n_out = writing.tree.n_out(writing.at)
    assert n_out > 0 and f"{n_out} tokens have fallen out" in words(at)
    line = data_of(at, "writer")
    assert sum(token["out"] for token in line["begun"] + line["written"]) == n_out


def test_beam_search_shows_the_text_of_transformers(screen, plain):
    at, _ = screen
    at.number_input(key="generation_beam_length").set_value(6).run()
    at.button(key="generation_search").click().run()
    assert at.session_state["_generation_beam_run"][1].wait(60)
    at.run()
    tokenizer, network = plain
    batch = tokenizer(PROMPT, return_tensors="pt")
    text = network.generate(**batch, num_beams=3, max_new_tokens=6, do_sample=False)[0, batch.input_ids.shape[1] :]
    assert tokenizer.decode(text, skip_special_tokens=True) in words(at)


def test_four_temperatures_grow_side_by_side(screen):
    at, _ = screen
    at.number_input(key="generation_length").set_value(6).run()
    at.button(key="generation_temperatures").click().run()
    assert at.session_state["_generation_several_run"][1].wait(60)
    at.run()
    assert all(f"T = {temperature}, seed 0" in words(at) for temperature in ("0", "0.5", "1", "1.5"))
    assert words(at).count("stopped by: length") == 4


def test_another_prompt_begins_anew(screen):
    at, writing = screen
    write(at, writing, 3)
    at.session_state["_shared"]["prompt"] = "Once upon"
    at.run()
    assert at.session_state["_generation"] is not writing
    assert data_of(at, "writer")["written"] == []


def test_a_model_that_fills_gaps_says_that_it_does_not_write(open_screen, shown, tmp_path):
    from tests.tiny_models import save

    at = open_screen("generation", model=str(save(tmp_path / "bert", "bert")), prompt="the dog")
    assert not at.exception and "fills gaps" in shown(at)


def test_a_translator_writes_its_target(open_screen, tmp_path):
    from tests.tiny_models import save

    at = open_screen("generation", model=str(save(tmp_path / "marian", "marian")), prompt="the dog's bark")
    assert not at.exception
    writing = at.session_state["_generation"]
    for node in writing.tree.write(ROOT, PLAIN, 1, Limits(4)):
        writing.at = node.index
    at.run()
    assert not at.exception and "The source is read once" in words(at)
