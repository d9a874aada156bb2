"""The bundled assistant: it opens, is what its card says, stops by itself, uses the system prompt, and speaks its training format."""

import json

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from model_backend import SamplingSettings, open_model
from model_backend.hub import catalogue
from training import evaluate_assistant
from training.assistant_lessons import LESSONS
from training.chat_format import CHAT_TEMPLATE, written

FOLDER = catalogue.BUNDLED / "assistant"
MARKS = ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]


@pytest.fixture(scope="module")
def model():
    return open_model("bundled/assistant")


@pytest.fixture(scope="module")
def plain():
    return evaluate_assistant.open_folder(FOLDER)


@pytest.fixture(scope="module")
def evaluation():
    return json.loads((FOLDER / "evaluation.json").read_text())


def said(model, messages, n_tokens=60):
    """The backend's own greedy answer, and whether it ended by itself."""
    tokens = model.tokenize(written(messages) + "<|assistant|>")
    steps = list(model.generate(tokens, SamplingSettings(temperature=0), n_tokens))
    ended = steps[-1].is_end
    return model.decode([step.token_id for step in steps], skip_special=True).strip(), ended


def test_it_opens_as_a_decoder_of_the_storytellers_size(model):
    training = json.loads((FOLDER / "training.json").read_text())
    entry, base = catalogue.find("bundled/assistant"), catalogue.find("bundled/storyteller")
    assert entry.kind == model.info.kind == "decoder" and entry.licence == "cc-by-4.0"
    assert model.info.n_parameters == entry.n_parameters == base.n_parameters == training["n_parameters"]
    assert model.info.max_positions == 256
    assert entry.bytes_on_disk < 22_000_000


def test_a_turn_and_a_text_both_end_an_answer(model):
    assert {model.piece(token) for token in model.end_ids} == {"<|end|>", "<|endoftext|>"}


def test_the_marks_are_special_and_one_token_each(model):
    tokens = model.tokenize("".join(MARKS))
    assert list(tokens.pieces) == ["<|endoftext|>", *MARKS] and tokens.is_special.all()


def test_the_template_is_the_training_format(model, plain):
    _, tokenizer = plain
    messages = [*LESSONS[-1].messages(), {"role": "assistant", "content": "Yes."}]
    assert tokenizer.chat_template == CHAT_TEMPLATE
    ids = tokenizer.apply_chat_template(messages, return_dict=False)
    assert ids == model.tokenize(written(messages)).ids.tolist()
    assert tokenizer.decode(ids) == f"<|endoftext|>{written(messages)}"


@pytest.mark.parametrize(
    "lesson", [lesson for lesson in LESSONS if lesson.kind == "facts"][:3], ids=lambda x: x.said[0]
)
def test_the_backend_answers_as_transformers_does_and_stops(model, plain, lesson):
    answer, ended = said(model, lesson.messages())
    assert (answer, ended) == evaluate_assistant.answer(*plain, lesson.messages()) and ended


@pytest.mark.parametrize("name", ["Pip", "Marlo", "Susan"])
def test_it_says_the_name_that_the_system_prompt_gives(model, name):
    asked = [{"role": "system", "content": f"Your name is {name}."}, {"role": "user", "content": "What is your name?"}]
    answer, ended = said(model, asked)
    assert name in answer and ended


def test_without_a_system_prompt_it_has_no_name(model):
    answer, _ = said(model, [{"role": "user", "content": "What is your name?"}])
    assert "language model" in answer


def test_lessons_are_right_as_often_as_the_card_says(plain, evaluation):
    results = evaluate_assistant.lesson_results(*plain)
    right = sum(item["right"] for item in results)
    assert abs(right - evaluation["lessons_right"]) <= 2  # float32 sums differ a little between machines
    assert right >= 40 and sum(item["stopped"] for item in results) >= len(LESSONS) - 2
    assert f"**{evaluation['lessons_right']}**" in (FOLDER / "README.md").read_text()


def test_the_tuned_model_prefers_an_answer_where_the_base_model_does_not():
    """The same conversation in both: only the tuned one expects "Madrid" behind its mark."""
    messages = [{"role": "user", "content": "What is the capital of Spain?"}]
    found = {}
    for name in ("storyteller", "assistant"):
        network = AutoModelForCausalLM.from_pretrained(
            catalogue.BUNDLED / name, local_files_only=True, dtype=torch.float32
        )
        tokenizer = AutoTokenizer.from_pretrained(catalogue.BUNDLED / name, local_files_only=True)
        text = f"{written(messages)}<|assistant|>The capital of Spain is Madrid.<|end|>"
        ids = tokenizer(text, return_tensors="pt").input_ids
        asked = len(tokenizer(f"{written(messages)}<|assistant|>").input_ids)
        with torch.inference_mode():
            log_p = network(ids).logits[0, asked - 1 : -1].log_softmax(-1)
        found[name] = float(log_p.gather(1, ids[0, asked:, None]).mean())
    assert found["assistant"] > -0.5 > found["storyteller"]
