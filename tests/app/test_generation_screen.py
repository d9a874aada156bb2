"""The Generation screen, run by Streamlit's own harness: what it says equals plain transformers."""

import json
import re

import pytest
import torch
from markupsafe import escape
from transformers import AutoModelForCausalLM, AutoTokenizer

from model_backend import SamplingSettings, open_model
from model_backend.base.continuation_records import ROOT
from model_backend.base.stopping import Limits
from model_backend.hub.catalogue import BUNDLED
from model_backend.serving.questions.writing import write_on
from pages.common import door
from pages.common.cards import SHOWN
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


def write(at, writing, limits: Limits) -> None:
    """What the background would write, at once."""
    steps = door.steps(write_on, writing.name, writing.beginning, (), PLAIN, 1, limits)
    writing.at = writing.tree.add_all(ROOT, steps)
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
    write(at, writing, Limits(8))
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
    write(at, writing, Limits(4))
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
    write(at, writing, Limits(5))
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
    write(at, writing, Limits(12, slides=True))
    n_out = writing.tree.n_out(writing.at)
    assert n_out > 0 and f"{n_out} tokens have fallen out" in words(at)
    line = data_of(at, "writer")
    assert sum(token["out"] for token in line["begun"] + line["written"]) == n_out


def test_what_is_written_in_the_background_comes_into_the_tree_once(screen):
    """Catches: tokens put there again at every look, or behind each other's parents."""
    at, writing = screen
    writing.run = door.follow(write_on, writing.name, writing.beginning, (), PLAIN, 1, Limits(6))
    assert writing.run.wait(60)
    at.run()
    at.run()
    assert not at.exception
    steps = open_model("bundled/storyteller").generate(PROMPT, PLAIN, max_new_tokens=6, seed=1)
    assert list(writing.tree.token_ids(writing.at)) == [step.token_id for step in steps]
    assert len(writing.tree.leaves()) == 1 and writing.node.depth == 6


def test_beam_search_shows_the_text_of_transformers(screen, plain):
    at, _ = screen
    at.number_input(key="generation_beam_length").set_value(6).run()
    at.button(key="generation_search").click().run()
    assert at.session_state["_generation_beam_run"][1].wait(240)
    at.run()
    tokenizer, network = plain
    batch = tokenizer(PROMPT, return_tensors="pt")
    text = network.generate(**batch, num_beams=3, max_new_tokens=6, do_sample=False)[0, batch.input_ids.shape[1] :]
    assert tokenizer.decode(text, skip_special_tokens=True) in words(at)


def test_four_temperatures_grow_side_by_side(screen):
    at, _ = screen
    at.number_input(key="generation_length").set_value(6).run()
    at.button(key="generation_temperatures").click().run()
    assert at.session_state["_generation_several_run"][1].wait(240)
    at.run()
    assert all(f"T = {temperature}, seed 0" in words(at) for temperature in ("0", "0.5", "1", "1.5"))
    assert words(at).count("stopped by: length") == 4


def test_another_prompt_begins_anew(screen):
    at, writing = screen
    write(at, writing, Limits(3))
    at.session_state["_shared"]["prompt"] = "Once upon"
    at.run()
    assert at.session_state["_generation"] is not writing
    assert data_of(at, "writer")["written"] == []


def test_a_model_that_fills_gaps_says_that_it_does_not_write(open_screen, shown, tmp_path):
    from tests.tiny_models import save

    at = open_screen("generation", model=str(save(tmp_path / "bert", "bert")), prompt="the dog")
    assert not at.exception and "fills gaps" in shown(at)


@torch.no_grad()
def test_a_translator_writes_its_target_and_shows_where_it_looks(open_screen, tmp_path):
    """Catches: the row of the token itself in place of the one that chose it, another head than the card names."""
    from transformers import AutoModelForSeq2SeqLM

    from tests.tiny_models import save

    folder = save(tmp_path / "marian", "marian")
    at = open_screen("generation", model=str(folder), prompt="the dog's bark", layer=1, head=2)
    writing = at.session_state["_generation"]
    write(at, writing, Limits(4))
    assert "The source is read once" in words(at)
    net = AutoModelForSeq2SeqLM.from_pretrained(folder, attn_implementation="eager")
    source = AutoTokenizer.from_pretrained(folder)("the dog's bark", return_tensors="pt").input_ids
    before = torch.tensor([[*writing.tree.begun, *writing.tree.token_ids(writing.at)[:-1]]])
    looked = net(input_ids=source, decoder_input_ids=before, output_attentions=True).cross_attentions[1][0, 2, -1]
    (chips,) = [
        json.loads(one.proto.json) for one in at.get("bidi_component") if "this step's attention" in one.proto.json
    ]
    shown = [float(chip["value"]) for chip in chips["chips"] if len(chip["positions"]) == 1]
    expected = [looked[chip["positions"][0]].item() for chip in chips["chips"] if len(chip["positions"]) == 1]
    assert len(shown) > 2 and shown == pytest.approx(expected, abs=1e-5)
    assert chips["focus"] == int(looked.argmax())


@torch.no_grad()
def test_the_tuned_model_and_its_base_answer_as_transformers_lets_them(open_screen):
    question, system = "What is your name?", "Your name is Pip."
    at = open_screen("generation", model="bundled/assistant", prompt="Hi", temperature=0)
    at.text_input(key="generation_system").input(system)
    at.text_area(key="generation_user").input(question)
    (submit,) = [button for button in at.button if button.label == "Put it into the template"]
    submit.click().run()
    at.button(key="generation_tuned_ask").click().run()
    assert at.session_state["_generation_tuned_run"][1].wait(240)
    at.run()
    assert not at.exception
    for name, asks in (("storyteller", (question,)), ("assistant", (question, None))):
        tokenizer = AutoTokenizer.from_pretrained(BUNDLED / name)
        net = AutoModelForCausalLM.from_pretrained(BUNDLED / name, dtype=torch.float32)
        for ask in asks:
            said = [{"role": "system", "content": system}, {"role": "user", "content": question}]
            ids = (
                tokenizer(ask, return_tensors="pt").input_ids
                if ask
                else tokenizer.apply_chat_template(
                    said, add_generation_prompt=True, return_tensors="pt", return_dict=False
                )
            )
            out = net.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=40, do_sample=False)
            text = tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True)
            assert escape(text) in words(at), (name, ask)
    assert "ended by itself" in words(at) and "Pip" in words(at)
    assert {"generation_chat", "generation_tuned"} <= {
        key for key, card in at.session_state[SHOWN].items() if card["numbers"]
    }
