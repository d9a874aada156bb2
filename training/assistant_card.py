"""Writes the assistant's model card from what was measured; the words are here, the numbers come in."""

from pathlib import Path

from .card_parts import SOURCES, millions, train_options


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
        f"From the weights of `bundled/storyteller` (GPT-2 shape, {training['n_parameters']:,} parameters, float16), with new embeddings for the four "
        f"marks. {progress['step']:,} steps of {training['batch_tokens']:,} positions, {millions(progress['tokens'])} in all, in "
        f"{progress['seconds'] / 60:.0f} minutes on {training['hardware']}. Conversations and plain texts are packed into rows of {plan['row_length']} "
        f"positions ({plan['filled']:.0%} filled); the loss counts the assistant's words and the `<|end|>` after them, and everything in "
        f"plain texts ({plan['counted']:.0%} of the positions). Muon for the blocks' matrices (peak rate {training['muon_lr']:g}), AdamW for "
        f"the rest ({training['adam_lr']:g}); the rate falls in a straight line to zero (lower half of the picture). {training['note']}"
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


TEMPLATE = """---
license: cc-by-4.0
language: en
library_name: transformers
pipeline_tag: text-generation
base_model: bundled/storyteller
---

# assistant

The bundled storyteller after supervised fine-tuning on short dialogues, so that a class can compare a base model with a tuned one on the
same prompt. It answers simple questions of primary school, uses what the system prompt tells it, and stops by itself. It is a model to
look into, not a helper to rely on.

## What it can and cannot do

- Of {n_lessons} held-out dialogues it answers **{n_right}** rightly (table below); {greedy:.0%} of its answers end by themselves within 60 tokens
  (greedy), {sampled:.0%} when sampled at temperature 0.8.
- A name, date or word that the system prompt gives is repeated when asked: rightly in {lookups:.0%} of {n_lookups} fresh system prompts of one to four
  facts, in {names:.0%} of the {n_names} among them that ask for a name (half of the names are made up of syllables).
- It knows what its dialogues taught it: capitals, opposites, colours, animals, sayings, small talk; asked for anything else it says that it
  does not know, or invents. Names of many tokens and rare words it garbles, whole sentences it cannot repeat ("Repeat after me: …"); sums
  and yes-or-no questions often go wrong, and of two people with the same kind of fact it takes the wrong one. It does not reason and knows
  English only.
- It reads at most {n_positions} tokens and was tuned on conversations of up to {row_length}.

## Format

```
<|endoftext|><|system|>Your name is Pip.<|end|><|user|>What is your name?<|end|><|assistant|>My name is Pip.<|end|>
```

The system prompt may be left out. `tokenizer.apply_chat_template(messages, add_generation_prompt=True)` writes it; generation ends at `<|end|>` (or
`<|endoftext|>`), as `generation_config.json` says. Without the marks it writes on like the storyteller, only worse (see below).

## Training

{training}

![Loss over tokens](loss_curve.png)

The training curve lies higher than the held-out one because it counts the storyteller's text too.

{data}

The dialogues are templates with words drawn at random; no text of another model and no person's conversation is in them. A third gives names,
dates, places and other facts first, in the system prompt or in the user's words, and asks them back.

## Measured

Held out: no training dialogue holds one of the values that these lessons give (names, towns, dates, words), and no user of a training
dialogue asks one of the plain questions in these words. The kinds of questions are those of the training, and so are most of the facts: the
table shows that they were learnt, not that others would be known. An answer is right when it holds the expected word.

{lessons}

Perplexity on the assistant's words in {n_dialogues} dialogues of a seed that was not trained on (the commonest short ones occur in both):
**{perplexity:.2f}**, {nats:.3f} nats per token; where several answers are equally good, it cannot be 1.

What was forgotten: bits per byte on the storyteller's held-out text, less is better, each text read from `<|endoftext|>` without any mark.
Of the storyteller's {n_next} next-word prompts the storyteller gets {next_base} right, the assistant {next_tuned}.

{forgetting}

The same prompts, greedy: the storyteller gets the bare text, the assistant the text as a user's message.

{comparison}

## Again

```
export OMP_WAIT_POLICY=PASSIVE   # on a shared machine: waiting threads sleep
python -m training.assistant prepare --corpora CORPORA --out RUN --tokens {plan_tokens} --base-share {base_share:.2f} --seed {seed}
python -m training.assistant train --out RUN {train_options}
python -m training.assistant export --out RUN --to FOLDER
python -m training.evaluate_assistant --corpora CORPORA --model FOLDER
```

The last command recomputes every number of this card (`evaluation.json`). Training again gives a like model, not the same bits.

## Licence and thanks

The weights are under **CC BY 4.0**, the code and the dialogues under the project's licence. The weights began as the storyteller's, and the
plain texts are the storyteller's training text, so its credits hold here too:

{credits}

None of the sources endorses this model.
"""


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    plan, lookups, dialogues, following = (
        training["plan"],
        found["lookups"],
        found["held_out_dialogues"],
        found["next_word_lessons"],
    )
    tokens = plan["dialogue_tokens"] + plan["base_tokens"]
    card = TEMPLATE.format(
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
    (Path(folder) / "README.md").write_text(card)
