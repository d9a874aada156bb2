"""Writes the storyteller's model card from what was measured; the words are here, the numbers come in."""

from pathlib import Path

from .card_parts import THANKS_FOR_TEXT, data_table, lessons_table, millions, train_options


def bits_table(found: dict) -> str:
    rows = ["| held-out text | documents | kB | storyteller | Kneser-Ney 5-gram |", "|---|---:|---:|---:|---:|"]
    ours, theirs = found["held_out"]["bits_per_byte"], found["kneser_ney_5gram"]["bits_per_byte"]
    size, documents = found["held_out"]["bytes"], found["held_out"]["documents"]
    for name in ours:
        names = [
            n for n in size if name == n or name == "all" or (name == "all without classroom" and n != "classroom")
        ]
        kb, count = sum(size[n] for n in names) / 1000, sum(documents[n] for n in names)
        rows.append(f"| {name} | {count:,} | {kb:,.0f} | {ours[name]:.3f} | {theirs[name]:.3f} |")
    return "\n".join(rows)


def where_the_baseline_wins(found: dict) -> str:
    """A sentence about it; none where it wins nowhere."""
    ours, theirs = found["held_out"]["bits_per_byte"], found["kneser_ney_5gram"]["bits_per_byte"]
    names = [f"`{name}`" for name in found["held_out"]["bytes"] if theirs[name] <= ours[name]]
    return (
        f"The 5-gram is still ahead on {' and '.join(names)}." if names else "The storyteller is ahead on every source."
    )


def contrast_table(contrasts: list[dict]) -> str:
    rows = ["| prompt | words that fit | their probability here | after the paired prompt |", "|---|---|---:|---:|"]
    rows += [
        f"| {c['prompt']} | {', '.join(c['words'])} | {c['probability']:.3f} | {c['after_the_other_prompt']:.3f} |"
        for c in contrasts
    ]
    return "\n".join(rows)


def _training_paragraph(training: dict) -> str:
    shape, progress = training["shape"], training["progress"]
    hours = progress["seconds"] / 3600
    return (
        f"GPT-2 shape: {shape['n_layer']} layers, {shape['n_embd']} dimensions, {shape['n_head']} heads, {shape['vocab_size']:,} tokens, "
        f"{shape['n_positions']} positions, tied embeddings, no dropout; {training['n_parameters']:,} parameters (the shared embedding counted once), "
        f"stored as float16. {progress['step']:,} steps of {training['batch_tokens']:,} positions, {millions(progress['tokens'])} in all, "
        f"in {hours:.1f} hours on {training['hardware']}. Muon for the blocks' matrices "
        f"(peak rate {training['muon_lr']:g}), AdamW for the rest ({training['adam_lr']:g}), bfloat16 arithmetic with float32 weights; rate "
        f"constant after a warm-up, then falling in a straight line to zero (lower half of the picture). {training['note']}"
    )


TEMPLATE = """---
license: cc-by-4.0
language: en
library_name: transformers
pipeline_tag: text-generation
---

# storyteller

A small English language model, trained from nothing for Tokenscope, so that a class can look inside a real model without a network.
It tells simple stories, finishes common sayings and knows a few facts of primary school. It is not an assistant and not a source of facts.

## What it can and cannot do

- It writes mostly grammatical, simple English in the manner of picture books, and ends its stories: {share:.0%} of {n_stories} sampled stories
  (temperature 0.8, top-k 40) ended by themselves within {n_story_tokens} tokens.
- Asked for the next word of {n_lessons} lesson prompts, its likeliest token is right for **{n_right}** of them (table below).
- It does not reason, does not follow instructions, loses the thread after a few sentences, swaps names, and invents. It knows English only.
- It reads at most {n_positions} tokens. Its texts carry the habits of its sources: old-fashioned roles in the classics, "Tom" from Tatoeba.
  A word list took slurs, violence and sexual lines out of the sources; no person has read them all.

## Training

{training}

![Loss over tokens](loss_curve.png)

{data}

Each document stands between two `<|endoftext|>`; the tokenizer (byte-level BPE) puts one before every prompt; it was trained on the same
text without the classroom text, but with the words of the lesson prompts added, so that each is one token. Its last eight tokens are
reserved and untrained. The held-out curve lies higher because it leaves the easy classroom text out.

**The classroom text is synthetic and is there for the lessons.** The facts that the lesson prompts ask for occur in it, in other
wordings and in the middle of lines; no training document and no line of one begins with a lesson prompt followed by its answer. So
the lesson result shows that the model learnt these facts and sayings from its text, not that it would know others.

## Measured

Held out: the documents whose hash falls on 2 % (the same for model and baseline, never trained on). Bits per byte of UTF-8, less is better; the end
of each document is predicted too. The baseline is an interpolated modified Kneser-Ney 5-gram (Chen & Goodman 1998) over the same tokens,
trained on the same training documents ({kn_tokens} tokens, each document once). {winner}

{bits}

Lesson prompts:

{lessons}

Contrasts: the same words, more likely where they fit.

{contrasts}

“{spread_prompt}”: the ten colours share {spread_sum:.0%} of the probability; the entropy of the next token is {spread_entropy:.2f} bits.

Greedy continuations (40 tokens) of ten openings:

{greedy}

## Again

```
export OMP_WAIT_POLICY=PASSIVE   # on a shared machine: waiting threads sleep
python -m training.storyteller prepare --corpora CORPORA --out RUN
python -m training.storyteller train --out RUN {train_options}
python -m training.storyteller export --out RUN --to FOLDER
python -m training.evaluate_storyteller --corpora CORPORA --model FOLDER
```

The last command recomputes every number of this card (`evaluation.json`). Training again gives a like model, not the same bits.

## Licence and thanks

{thanks}
"""


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    endings, spread = found["endings"], found["spread"]
    card = TEMPLATE.format(
        share=endings["share"],
        n_stories=endings["n"],
        n_story_tokens=endings["tokens"],
        n_lessons=len(found["lessons"]),
        n_right=found["lessons_right"],
        n_positions=training["shape"]["n_positions"],
        training=_training_paragraph(training),
        data=data_table(training["plan"]),
        kn_tokens=millions(found["kneser_ney_5gram"]["tokens"]),
        bits=bits_table(found),
        winner=where_the_baseline_wins(found),
        lessons=lessons_table(found["lessons"]),
        contrasts=contrast_table(found["contrasts"]),
        spread_prompt=spread["prompt"],
        spread_sum=spread["sum"],
        spread_entropy=spread["entropy_bits"],
        greedy="\n".join(f"- {' '.join(text.split())}" for text in found["greedy"]),
        train_options=train_options(
            training, f"--batch-rows {training['batch_tokens'] // training['shape']['n_positions']} --fused"
        ),
        thanks=THANKS_FOR_TEXT,
    )
    (Path(folder) / "README.md").write_text(card)
