"""Recomputes every number of the assistant's model card: `python -m training.evaluate_assistant --help`.

Reads the model folder, the storyteller's folder and, for what was forgotten, the corpora; writes `evaluation.json` and `README.md`
into the model folder. Answers come from transformers' own chat template and `generate`.
"""

import json
import math
import random
from itertools import islice
from pathlib import Path

import torch

from training import measures, program
from training.assistant import BASE, HELD_OUT_DIALOGUES, HELD_OUT_SEED
from training.assistant_lessons import LESSONS, Lesson, is_held_out, is_right
from training.cards import SOURCES, millions, train_options, write
from training.conversations import dialogues, given
from training.conversations.facts import KINDS
from training.evaluate_storyteller import measure_model, open_folder
from training.mixture import Recipe

ANSWER_TOKENS = 60
BATCH = 32
PLAIN_PROMPTS = (
    "What is the capital of Spain?",
    "What is the opposite of hot?",
    "What is two plus three?",
    "Who are you?",
    "What would you like to eat?",
    "Tell me a story about a dog.",
)


def prompt_ids(tokenizer, messages: list[dict[str, str]]) -> list[int]:
    """The conversation and the mark that asks for an answer."""
    return tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)


@torch.inference_mode()
def answers(model, tokenizer, conversations: list[list[dict[str, str]]], **how) -> list[tuple[str, bool]]:
    """Each answer's text, and whether it ended by itself within ANSWER_TOKENS; greedy unless `how` says otherwise.

    A batch is filled from the left and masked, so that an answer does not depend on what it is computed with.
    """
    how = {"do_sample": False, "max_new_tokens": ANSWER_TOKENS, **how}
    ends = set(model.generation_config.eos_token_id)
    found = []
    for start in range(0, len(conversations), BATCH):
        prompts = [prompt_ids(tokenizer, messages) for messages in conversations[start : start + BATCH]]
        width = max(map(len, prompts))
        ids = torch.tensor([[0] * (width - len(prompt)) + prompt for prompt in prompts])
        mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
        for row in model.generate(ids, attention_mask=mask, **how)[:, width:].tolist():
            stop = next((i for i, token in enumerate(row) if token in ends), None)
            found.append((tokenizer.decode(row[:stop], skip_special_tokens=True).strip(), stop is not None))
    return found


def answer(model, tokenizer, messages: list[dict[str, str]], **how) -> tuple[str, bool]:
    """One answer, and whether it ended by itself."""
    return answers(model, tokenizer, [messages], **how)[0]


def lesson_results(model, tokenizer, lessons: tuple[Lesson, ...] = LESSONS) -> list[dict]:
    said = answers(model, tokenizer, [lesson.messages() for lesson in lessons])
    return [
        {
            "kind": lesson.kind,
            "system": lesson.system,
            "said": list(lesson.said),
            "expected": list(lesson.expected),
            "answer": text,
            "right": is_right(lesson, text),
            "stopped": stopped,
        }
        for lesson, (text, stopped) in zip(lessons, said, strict=True)
    ]


def sampled_stops(model, tokenizer, temperature: float = 0.8, seed: int = 0) -> float:
    """Share of the lessons' answers that end by themselves when they are sampled."""
    torch.manual_seed(seed)
    how = {"do_sample": True, "temperature": temperature, "top_k": 0}
    said = answers(model, tokenizer, [lesson.messages() for lesson in LESSONS], **how)
    return sum(stopped for _, stopped in said) / len(said)


def new_lookups(n: int, seed: int) -> list[Lesson]:
    """Fresh system prompts of one to four facts, one of them asked: the generator's own form, values drawn anew."""
    rng = random.Random(seed)
    found: list[Lesson] = []
    while len(found) < n:
        told = given.facts(rng, rng.randint(1, 4), tuple(kind for kind in KINDS if kind.name != "job"))
        asked = rng.choice(told)
        question = {"role": "user", "content": asked.known().question}
        system = given.system_prompt(rng, told)
        if not is_held_out([{"role": "system", "content": system}]):
            found.append(Lesson(asked.kind.name, system, (question["content"],), (asked.slots["v"],)))
    return found


def lookup_result(model, tokenizer, n: int = 200, seed: int = 2) -> dict:
    """Share of fresh system prompts from which the asked value is repeated; and per number of facts the share right."""
    results = lesson_results(model, tokenizer, tuple(new_lookups(n, seed)))
    made_up = [
        item
        for item in results
        if item["kind"] in ("name", "user", "user's pet", "your pet", "teacher", "friend", "secret name")
    ]
    return {
        "n": n,
        "right": sum(item["right"] for item in results) / n,
        "stopped": sum(item["stopped"] for item in results) / n,
        "n_names": len(made_up),
        "right_names": sum(item["right"] for item in made_up) / max(1, len(made_up)),
        "wrong": [item for item in results if not item["right"]][:12],
    }


@torch.inference_mode()
def dialogue_loss(model, tokenizer, n: int = HELD_OUT_DIALOGUES, seed: int = HELD_OUT_SEED) -> dict:
    """Mean nats per token of the assistant's turns (end marks included) in dialogues of a seed that was not trained on."""
    start, stop = (tokenizer.convert_tokens_to_ids(mark) for mark in ("<|assistant|>", "<|end|>"))
    nats, counted = 0.0, 0
    for messages in islice(dialogues(seed), n):
        ids = tokenizer.apply_chat_template(messages, return_tensors="pt", return_dict=False)[
            :, : model.config.n_positions
        ]
        log_p = model(ids).logits[0, :-1].float().log_softmax(-1)
        inside = False
        for i, token in enumerate(ids[0].tolist()):
            if inside:
                nats -= float(log_p[i - 1, token])
                counted += 1
            inside = token == start or (inside and token != stop)
    return {"dialogues": n, "tokens": counted, "nats_per_token": nats / counted, "perplexity": math.exp(nats / counted)}


def side_by_side(base, tuned, tokenizer, base_tokenizer) -> list[dict]:
    """The same prompts: what the base model writes on, and what the assistant answers."""
    found = []
    for prompt in PLAIN_PROMPTS:
        ids = base_tokenizer(prompt, return_tensors="pt").input_ids
        with torch.inference_mode():
            out = base.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=ANSWER_TOKENS // 2,
                pad_token_id=0,
            )
        said, _ = answer(tuned, tokenizer, [{"role": "user", "content": prompt}])
        goes_on = base_tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True)
        found.append({"prompt": prompt, "base": goes_on, "assistant": said})
    return found


def evaluate(folder: Path, base_folder: Path = BASE) -> dict:
    """Everything that needs no corpus."""
    model, tokenizer = open_folder(folder)
    base, base_tokenizer = open_folder(base_folder)
    lessons = lesson_results(model, tokenizer)
    return {
        "lessons": lessons,
        "lessons_right": sum(item["right"] for item in lessons),
        "stopped_greedy": sum(item["stopped"] for item in lessons) / len(lessons),
        "stopped_sampled": sampled_stops(model, tokenizer),
        "lookups": lookup_result(model, tokenizer),
        "held_out_dialogues": dialogue_loss(model, tokenizer),
        "next_word_lessons": {
            "storyteller": sum(item["right"] for item in measures.lesson_results(base, base_tokenizer)),
            "assistant": sum(item["right"] for item in measures.lesson_results(model, tokenizer)),
            "n": len(measures.LESSON_PROMPTS),
        },
        "side_by_side": side_by_side(base, model, tokenizer, base_tokenizer),
    }


def forgetting(folder: Path, corpora: Path, base_folder: Path = BASE) -> dict:
    """Bits per byte on the storyteller's held-out text: its own (from its evaluation) and the assistant's (measured)."""
    model, tokenizer = open_folder(folder)
    recipe = Recipe.of_plan(json.loads((base_folder / "training.json").read_text())["plan"])
    before = json.loads((base_folder / "evaluation.json").read_text())["held_out"]["bits_per_byte"]
    return {"storyteller": before, "assistant": measure_model(model, tokenizer, corpora, recipe)["bits_per_byte"]}


# --- the card ----------------------------------------------------------------------------------------------------------------


def lessons_table(lessons: list[dict]) -> str:
    """Per kind the share right, and every lesson that fails with what was said."""
    rows = ["| kind | right | what fails, with the answer |", "|---|---:|---|"]
    for kind in dict.fromkeys(item["kind"] for item in lessons):
        items = [item for item in lessons if item["kind"] == kind]
        wrong = [
            f"{'[' + item['system'] + '] ' if item['system'] else ''}“{item['said'][-1]}” → “{item['answer']}”"
            for item in items
            if not item["right"]
        ]
        rows.append(f"| {kind} | {len(items) - len(wrong)} of {len(items)} | {'; '.join(wrong)} |")
    return "\n".join(rows)


def forgetting_table(found: dict) -> str:
    rows = ["| held-out text | storyteller | assistant |", "|---|---:|---:|"]
    rows += [
        f"| {name} | {before:.3f} | {found['assistant'][name]:.3f} |" for name, before in found["storyteller"].items()
    ]
    return "\n".join(rows)


def comparison_table(rows: list[dict]) -> str:
    lines = ["| prompt | storyteller writes on | assistant answers |", "|---|---|---|"]
    for row in rows:
        base, tuned = (" ".join(row[name].split()) or "(ends at once)" for name in ("base", "assistant"))
        lines.append(f"| {row['prompt']} | {base} | {tuned} |")
    return "\n".join(lines)


def _training_paragraph(training: dict) -> str:
    progress, plan = training["progress"], training["plan"]
    return (
        f"From the weights of `bundled/storyteller` (GPT-2 shape, {training['n_parameters']:,} parameters, float16), "
        f"with new embeddings for the four marks. {progress['step']:,} steps of {training['batch_tokens']:,} "
        f"positions, {millions(progress['tokens'])} in all, in {progress['seconds'] / 60:.0f} minutes on "
        f"{training['hardware']}. Conversations and plain texts are packed into rows of {plan['row_length']} positions "
        f"({plan['filled']:.0%} filled); the loss counts the assistant's words and the `<|end|>` after them, and "
        f"everything in plain texts ({plan['counted']:.0%} of the positions). Muon for the blocks' matrices (peak rate "
        f"{training['muon_lr']:g}), AdamW for the rest ({training['adam_lr']:g}); the rate falls in a straight line to "
        f"zero (lower half of the picture). {training['note']}"
    )


def data_table(plan: dict) -> str:
    rows = ["| data | licence | documents | tokens in the plan |", "|---|---|---:|---:|"]
    rows.append(
        f"| dialogues, synthetic, written by this project's generator (`training/conversations`) | the project's own | "
        f"{plan['dialogues']:,} | {millions(plan['dialogue_tokens'])} |"
    )
    rows.append(
        f"| the storyteller's own training text, against forgetting (sources below) | see below | {plan['base_documents']:,} | "
        f"{millions(plan['base_tokens'])} |"
    )
    return "\n".join(rows)


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    plan, lookups, dialogues, following = (
        training["plan"],
        found["lookups"],
        found["held_out_dialogues"],
        found["next_word_lessons"],
    )
    tokens = plan["dialogue_tokens"] + plan["base_tokens"]
    write(
        folder,
        "assistant",
        n_lessons=len(found["lessons"]),
        n_right=found["lessons_right"],
        greedy=found["stopped_greedy"],
        sampled=found["stopped_sampled"],
        lookups=lookups["right"],
        n_lookups=lookups["n"],
        names=lookups["right_names"],
        n_names=lookups["n_names"],
        n_positions=training["shape"]["n_positions"],
        row_length=plan["row_length"],
        training=_training_paragraph(training),
        data=data_table(plan),
        lessons=lessons_table(found["lessons"]),
        n_dialogues=dialogues["dialogues"],
        perplexity=dialogues["perplexity"],
        nats=dialogues["nats_per_token"],
        n_next=following["n"],
        next_base=following["storyteller"],
        next_tuned=following["assistant"],
        forgetting=forgetting_table(found["forgetting"]),
        comparison=comparison_table(found["side_by_side"]),
        plan_tokens=round(tokens, -5),
        base_share=plan["base_tokens"] / tokens,
        seed=plan["seed"],
        train_options=train_options(training, f"--batch-rows {training['batch_tokens'] // plan['row_length']} --fused"),
        credits="\n".join(f"- {what}: {licence}" for what, licence in SOURCES.values()),
    )


def main() -> None:
    args = program.evaluation_parser(__doc__, "assistant").parse_args()
    torch.set_num_threads(args.threads)
    folder = Path(args.model)
    program.finish_evaluation(
        args, evaluate(folder), lambda corpora, _: {"forgetting": forgetting(folder, corpora)}, write_card
    )


if __name__ == "__main__":
    main()
