"""The programs that made the bundled assistant: format, mask, a few steps from the storyteller's weights, export, measures, card."""

import json
import math
from itertools import islice, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import AutoModelForCausalLM, AutoTokenizer

from training import assistant, checkpoint, evaluate_assistant
from training.assistant import BASE, ChatDecoder, ChatRows, chat_rows, export_chat, start_from, up_to
from training.assistant_lessons import LESSONS
from training.chat_format import CHAT_TEMPLATE, ROLES, encode_dialogues, learnt, mark, written
from training.conversations import dialogues
from training.decoder import Shape, as_transformers
from training.tokenizer import RESERVED, encode_documents

TALK = [
    {"role": "system", "content": "Your name is Pip."},
    {"role": "user", "content": "What is your name?"},
    {"role": "assistant", "content": "My name is Pip."},
]
PAIR = [{"role": "user", "content": "Hi!"}, {"role": "assistant", "content": "Hello!"}]


@pytest.fixture(scope="module")
def wrapped():
    return AutoTokenizer.from_pretrained(BASE, local_files_only=True)


@pytest.fixture(scope="module")
def tokenizer(wrapped):
    return wrapped.backend_tokenizer


# --- format --------------------------------------------------------------------------------------------------------------


def test_a_conversation_is_written_with_a_mark_before_and_after_each_message():
    assert written(TALK) == (
        "<|system|>Your name is Pip.<|end|><|user|>What is your name?<|end|><|assistant|>My name is Pip.<|end|>"
    )


@pytest.mark.parametrize("messages", [TALK, PAIR, TALK + PAIR])
def test_the_template_gives_what_is_trained_on(wrapped, tokenizer, messages):
    ids = wrapped.apply_chat_template(messages, chat_template=CHAT_TEMPLATE, return_dict=False)
    assert ids == [wrapped.bos_token_id, *encode_dialogues(tokenizer, [messages])[0]]
    asked = wrapped.apply_chat_template(
        messages[:-1], chat_template=CHAT_TEMPLATE, add_generation_prompt=True, return_dict=False
    )
    assert ids[: len(asked)] == asked and wrapped.decode(asked[-1:]) == "<|assistant|>"
    assert asked.count(wrapped.bos_token_id) == 1


def test_the_template_trims_what_people_type(wrapped):
    spaced = [{"role": "user", "content": "  Hi!\n"}]
    text = wrapped.apply_chat_template(spaced, chat_template=CHAT_TEMPLATE, tokenize=False)
    assert text == "<|endoftext|><|user|>Hi!<|end|>"


def test_the_loss_counts_answers_with_their_ends_and_plain_documents(tokenizer):
    story = encode_documents(tokenizer, ["The dog ran."])[0]
    talks = encode_dialogues(tokenizer, [TALK + PAIR])
    row = [0, *talks[0], 0, *story, 0]
    counted = learnt(np.array([row]), tokenizer)[0]
    targets = [tokenizer.decode([token], skip_special_tokens=False) for token in row[1:]]
    kept = "".join(token for token, keep in zip(targets, counted, strict=True) if keep)
    assert kept == "My name is Pip.<|end|>Hello!<|end|>The dog ran.<|endoftext|>"


def test_a_row_that_goes_on_from_another_counts_from_its_start(tokenizer):
    row = [*encode_documents(tokenizer, [" and the dog ran."])[0], 0, *encode_dialogues(tokenizer, [PAIR])[0]]
    counted = learnt(np.array([row]), tokenizer)[0]
    end = row.index(0)
    assert (
        counted[:end].all() and not counted[end] and counted.sum() == end + len(tokenizer.encode("Hello!").ids[1:]) + 1
    )


def test_packed_rows_keep_every_answer(tokenizer):
    talks = encode_dialogues(tokenizer, [TALK, PAIR, TALK + PAIR] * 5)
    rows = chat_rows(talks, tokenizer, 48, seed=0)
    _, targets = rows.batch(np.arange(len(rows.rows)))
    answers = [*encode_dialogues(tokenizer, [TALK[-1:], PAIR[-1:]])]
    assert (targets >= 0).sum() == 10 * sum(len(answer) - 1 for answer in answers)


def test_as_many_documents_as_fit():
    assert up_to([[1, 2], [3], [4, 5, 6]], 5) == [[1, 2], [3]]


# --- model ---------------------------------------------------------------------------------------------------------------


def test_the_loss_is_that_of_transformers_over_the_counted_targets():
    torch.manual_seed(0)
    shape = Shape(vocab_size=60, n_positions=16, n_embd=16, n_layer=2, n_head=2)
    model = ChatDecoder(shape)
    ids, targets = torch.randint(0, 60, (3, 12)), torch.randint(0, 60, (3, 12))
    targets[:, ::3] = -100
    plain = as_transformers(model.state_dict(), shape, 0)
    expected = F.cross_entropy(plain(ids).logits.transpose(1, 2), targets, ignore_index=-100)
    torch.testing.assert_close(model.loss(ids, targets), expected, rtol=1e-4, atol=1e-5)
    model.loss(ids, targets).backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters())


def test_only_the_marks_begin_anew(tokenizer):
    weights = load_file(BASE / "model.safetensors")
    state = start_from(BASE, tokenizer, seed=0)
    marks = [tokenizer.token_to_id(mark(role)) for role in ROLES] + [tokenizer.token_to_id("<|end|>")]
    table, before = state["transformer.wte.weight"], weights["transformer.wte.weight"].float()
    changed = (table != before).any(1).nonzero().flatten().tolist()
    assert sorted(marks) == changed and len(set(marks)) == 4
    assert all(token in RESERVED for token in (tokenizer.id_to_token(i) for i in marks))
    assert len({tuple(row.tolist()) for row in table[marks]}) == 4
    assert torch.equal(state["transformer.h.0.mlp.c_fc.weight"], weights["transformer.h.0.mlp.c_fc.weight"].float())


@pytest.fixture(scope="module")
def run(tmp_path_factory, request):
    """A run of three steps on rows of 64 positions, exported."""
    out = tmp_path_factory.mktemp("run")
    threads = torch.get_num_threads()
    request.addfinalizer(lambda: torch.set_num_threads(threads))
    parse = assistant.parser().parse_args
    prepare = [
        "prepare",
        "--out",
        str(out),
        "--corpora",
        "none",
        "--tokens",
        "4000",
        "--base-share",
        "0",
        "--row-length",
        "64",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assistant, "HELD_OUT_TOKENS", 600)
        plan = assistant.prepare(parse(prepare))
    options = ["--total-tokens=600", "--warmup-tokens=100", "--batch-rows=3", "--held-out-every=2"]
    assistant.train(parse(["train", "--out", str(out), *options, "--max-steps", "2"]))
    assistant.train(parse(["train", "--out", str(out), *options]))
    assistant.export_checkpoint(
        parse(["export", "--out", str(out), "--to", str(out / "model"), "--hardware", "a test"])
    )
    return SimpleNamespace(out=out, plan=plan, folder=out / "model")


def test_the_plan_says_what_the_rows_hold(run, tokenizer):
    data = np.load(run.out / "rows.npz")
    assert run.plan["dialogue_tokens"] >= 4000 and run.plan["base_tokens"] == 0
    assert data["rows"].shape == (run.plan["n_rows"], 65) and data["counted"].shape == (run.plan["n_rows"], 64)
    assert 0.1 < run.plan["counted"] < 0.6
    np.testing.assert_array_equal(data["counted"], learnt(data["rows"], tokenizer))


def test_no_held_out_dialogue_is_trained_on(run):
    data = np.load(run.out / "rows.npz")

    def talks(name):
        return {tuple(part) for row in data[name] for part in _parts(row.tolist())}

    assert talks("test") and not talks("test") & talks("rows")


def _parts(row):
    cuts = [i for i, token in enumerate(row) if token == 0]
    return [row[a + 1 : b] for a, b in pairwise(cuts) if b - a > 8]


def test_training_goes_on_where_it_stopped_and_changes_the_weights(run):
    state = checkpoint.load(run.out / "checkpoint.pt")
    assert state["progress"]["step"] == 4 and state["progress"]["tokens"] == 4 * 3 * 64
    assert len(state["progress"]["held_out"]) == 2
    before = load_file(BASE / "model.safetensors")["transformer.h.0.attn.c_attn.weight"].float()
    assert not torch.equal(state["model"]["transformer.h.0.attn.c_attn.weight"], before)


def test_the_export_opens_with_template_and_both_ends(run):
    model = AutoModelForCausalLM.from_pretrained(run.folder, local_files_only=True)
    opened = AutoTokenizer.from_pretrained(run.folder, local_files_only=True)
    assert opened.chat_template == CHAT_TEMPLATE and (run.folder / "chat_template.jinja").is_file()
    assert opened.convert_ids_to_tokens(model.generation_config.eos_token_id) == ["<|end|>", "<|endoftext|>"]
    assert opened.eos_token == "<|endoftext|>"
    assert next(model.parameters()).dtype == torch.float16
    assert (run.folder / "loss_curve.json").is_file()


# --- measures and card ---------------------------------------------------------------------------------------------------


def test_fresh_lookups_hold_what_they_ask():
    for lesson in evaluate_assistant.new_lookups(30, seed=3):
        assert lesson.expected[0].casefold() in lesson.system.casefold()
    assert evaluate_assistant.new_lookups(5, 3) == evaluate_assistant.new_lookups(5, 3)


def test_the_loss_of_dialogues_is_that_of_the_answers(run):
    model, opened = evaluate_assistant.open_folder(run.folder)
    found = evaluate_assistant.dialogue_loss(model, opened, n=6)
    nats = counted = 0
    for messages in islice(dialogues(evaluate_assistant.HELD_OUT_SEED), 6):
        rows = np.array([[0, *encode_dialogues(opened.backend_tokenizer, [messages])[0]]])
        keep = learnt(rows, opened.backend_tokenizer)
        targets = torch.from_numpy(np.where(keep, rows[:, 1:], -100))
        with torch.inference_mode():
            logits = model(torch.from_numpy(rows[:, :-1])).logits
        nats += float(F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=-100, reduction="sum"))
        counted += int(keep.sum())
    assert found["tokens"] == counted
    assert found["nats_per_token"] == pytest.approx(nats / counted, rel=1e-4)
    assert found["perplexity"] == pytest.approx(math.exp(nats / counted), rel=1e-4)


def test_the_card_holds_the_numbers(run, tmp_path):
    model, opened = evaluate_assistant.open_folder(run.folder)
    lessons = evaluate_assistant.lesson_results(model, opened, LESSONS[:3])
    for item, right in zip(lessons, (True, False, True), strict=True):
        item["right"] = right
    found = {
        "lessons": lessons,
        "lessons_right": 2,
        "stopped_greedy": 0.75,
        "stopped_sampled": 0.5,
        "lookups": {"n": 200, "right": 0.82, "n_names": 80, "right_names": 0.9},
        "held_out_dialogues": {"dialogues": 6, "tokens": 60, "nats_per_token": 1.0, "perplexity": 2.718},
        "next_word_lessons": {"storyteller": 39, "assistant": 31, "n": 40},
        "side_by_side": evaluate_assistant.side_by_side(model, model, opened, opened)[:1],
        "forgetting": {"storyteller": {"all": 0.931}, "assistant": {"all": 0.987}},
    }
    evaluate_assistant.write_card(tmp_path, json.loads((run.folder / "training.json").read_text()), found)
    card = (tmp_path / "README.md").read_text()
    assert card.startswith("---\nlicense: cc-by-4.0\n")
    for text in (
        "answers **2** rightly",
        "| facts | 2 of 3 |",
        "| all | 0.931 | 0.987 |",
        "rightly in 82% of 200",
        "2.72",
        "39",
    ):
        assert text in card
    assert lessons[1]["said"][-1] in card and lessons[0]["said"][-1] not in card.split("| facts")[1].split("\n")[0]


def test_rows_that_are_not_counted_give_no_target():
    rows = ChatRows(np.array([[1, 2, 3]], dtype=np.uint16), np.array([2]), np.array([[False, True]]))
    inputs, targets = rows.batch(np.array([0]))
    assert inputs.tolist() == [[1, 2]] and targets.tolist() == [[-100, 3]]


def test_export_keeps_the_parameters(tokenizer, tmp_path):
    state = start_from(BASE, tokenizer, seed=0)
    export_chat(state, Shape(), tokenizer, tmp_path)
    again = load_file(tmp_path / "model.safetensors")["transformer.wte.weight"].float()
    torch.testing.assert_close(again, state["transformer.wte.weight"], rtol=1e-3, atol=1e-3)
