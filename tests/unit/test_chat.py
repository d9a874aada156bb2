"""The chat template against transformers' own apply_chat_template."""

import pytest
from transformers import AutoTokenizer

from model_backend import BackendError
from model_backend.hub.catalogue import BUNDLED
from model_backend.tokens.chat import ChatTemplate
from training.chat_format import CHAT_TEMPLATE


@pytest.fixture
def tokenizer():
    """The storyteller's, which puts a start token by itself, with the assistant's template."""
    found = AutoTokenizer.from_pretrained(BUNDLED / "storyteller")
    found.chat_template = CHAT_TEMPLATE
    return found


@pytest.mark.parametrize("system", ["", "You are Pip."])
def test_the_text_is_cut_into_the_ids_of_transformers(tokenizer, system):
    """Catches: the start token twice (once by the template, once by the tokenizer), an empty system message."""
    text = ChatTemplate(tokenizer).prompt("Who are you?", system)
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": "Who are you?"})
    theirs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
    assert tokenizer(text).input_ids == theirs
    assert text.endswith("<|assistant|>") and ("Pip" in text) == bool(system)


def test_a_template_that_refuses_says_so(tokenizer):
    tokenizer.chat_template = "{{ raise_exception('no system message, please') }}"
    with pytest.raises(BackendError, match="no system message"):
        ChatTemplate(tokenizer).prompt("Hi", "Be kind")
