"""The home screen: its numbers are the model's, and its buttons write on."""

import re
from urllib.parse import parse_qs

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from model_backend.hub.catalogue import BUNDLED
from pages.common import state
from viz.labels import percent, visible

PROMPT = "The Eiffel"


@pytest.fixture(scope="module")
def plain():
    """The bundled model by transformers alone: (tokenizer, probabilities of the token after PROMPT)."""
    tokenizer = AutoTokenizer.from_pretrained(BUNDLED / "storyteller")
    network = AutoModelForCausalLM.from_pretrained(BUNDLED / "storyteller", dtype=torch.float32)
    with torch.no_grad():
        logits = network(**tokenizer(PROMPT, return_tensors="pt")).logits[0, -1]
    return tokenizer, torch.softmax(logits.double(), -1)


def prompt_of(at) -> str:
    return at.session_state[state._STORE]["prompt"]


def test_the_favourite_and_its_probability_are_those_of_transformers(open_screen, shown, plain):
    tokenizer, p = plain
    text = shown(open_screen("home", prompt=PROMPT))
    best = int(p.argmax())
    assert f"<bdi>{visible(tokenizer.decode([best]))}</bdi></code> with <b>{percent(float(p[best]))}</b>" in text


def test_take_the_likeliest_appends_it(open_screen, plain):
    tokenizer, p = plain
    at = open_screen("home", prompt=PROMPT)
    at.button(key="home_take").click().run()
    assert prompt_of(at) == PROMPT + tokenizer.decode([int(p.argmax())])


def test_the_dice_fall_differently_each_time(open_screen):
    """Catches: a fixed seed. "My favourite colour is" has some twelve likely continuations (3.5 bits)."""
    ends = set()
    for _ in range(12):
        at = open_screen("home", prompt="My favourite colour is")
        at.button(key="home_dice").click().run()
        ends.add(prompt_of(at))
    assert len(ends) > 2


def test_a_full_context_says_so_and_keeps_the_text(open_screen):
    text = "The" + " dog" * 254  # with the start token 256 tokens
    at = open_screen("home", prompt=text)
    at.button(key="home_take").click().run()
    assert not at.exception
    assert prompt_of(at) == text
    assert at.toast


def test_looking_closer_at_attention_opens_the_head_that_is_named(open_screen, shown):
    at = open_screen("home", prompt="The dog's bark was")
    layer, head = re.search(r"layer (\d+), head (\d+)", re.sub("<[^>]+>", "", shown(at))).groups()
    links = [element.proto for element in at.get("page_link")]
    (link,) = [each for each in links if each.label == "Look closer: Attention"]
    assert parse_qs(link.query_string) == {"layer": [layer], "head": [head]}
