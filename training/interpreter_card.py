"""Writes the interpreter's model card from what was measured; the words are here, the numbers come in."""

from pathlib import Path

from .card_parts import train_options

NAMES = {"fra": "French", "nld": "Dutch"}
SOURCES = {
    "fra": ("English-French pairs of Tatoeba (tatoeba.org), at most 8 English words", "CC BY 2.0 FR"),
    "nld": ("English-Dutch pairs of Tatoeba, at most 8 English words", "CC BY 2.0 FR"),
    "classroom": ("**synthetic** template pairs of this project (`classroom_pairs.py`), half French, half Dutch", "the project's own"),
}  # fmt: skip


def data_table(plan: dict) -> str:
    rows = ["| source | licence | pairs | held out | English sentences |", "|---|---|---:|---:|---:|"]
    for name, count in plan["pairs"].items():
        what, licence = SOURCES[name]
        held_out, english = plan["held_out_pairs"][name], plan["english_sentences"][name]
        rows.append(f"| `{name}`: {what} | {licence} | {count:,} | {held_out:,} | {english:,} |")
    return "\n".join(rows)


def quality_table(languages: dict) -> str:
    rows = [
        "| into | held-out pairs | English sentences | loss (nats/token) | bits/token | chrF | BLEU | word for word a reference |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {NAMES[name]} | {m['pairs']:,} | {m['sentences']:,} | {m['nats_per_token']:.3f} | {m['bits_per_token']:.3f} "
        f"| {m['chrf']:.1f} | {m['bleu']:.1f} | {m['exact']:.0%} |"
        for name, m in languages.items()
    ]
    return "\n".join(rows)


def heads_table(alignment: dict) -> str:
    """All heads and the layers' means in the better of their two conventions, best first, and the diagonal."""
    rows = ["| layer | head | rows | AER | agreement on sure links |", "|---:|---:|---|---:|---:|"]
    seen = set()
    for score in sorted(alignment["heads"] + alignment["layer_means"], key=lambda score: score["error_rate"]):
        if (score["layer"], score["head"]) not in seen:
            seen.add((score["layer"], score["head"]))
            rows.append(
                f"| {score['layer']} | {score['head']} | {score['convention']} | {score['error_rate']:.3f} | {score['agreement']:.1%} |"
            )
    same_place = alignment["diagonal"]
    rows.append(f"| | same relative place | | {same_place['error_rate']:.3f} | {same_place['agreement']:.1%} |")
    return "\n".join(rows)


def best_head_sentence(name: str, alignment: dict) -> str:
    best, mean = alignment["heads"][0], alignment["layer_means"][0]
    place_wins = alignment["diagonal"]["error_rate"] < best["error_rate"]
    return (
        f"{NAMES[name]}: layer {best['layer']}, head {best['head']} (counted from 0), in the rows {best['convention']} the word: alignment "
        f"error rate **{best['error_rate']:.3f}**, {best['agreement']:.1%} of {alignment['sure_links']:,} sure links in {alignment['pairs']:,} "
        f"held-out pairs. The mean over the heads of layer {mean['layer']}: {mean['error_rate']:.3f}, {mean['agreement']:.1%}. Pointing at the same "
        f"relative place: {alignment['diagonal']['error_rate']:.3f}, {alignment['diagonal']['agreement']:.1%}"
        + (", better than any head: such short sentences go nearly word by word." if place_wins else ".")
    )


def lessons_table(lessons: list[dict]) -> str:
    rows = ["| English | into | says | accepted |", "|---|---|---|---|"]
    rows += [
        f"| {item['english']} | {NAMES[item['language']]} | {item['says']} | {'yes' if item['right'] else 'no: ' + item['accepted'][0]} |"
        for item in lessons
    ]
    return "\n".join(rows)


def training_paragraph(training: dict) -> str:
    shape, progress, habits = training["shape"], training["progress"], training["habits"]
    n_pairs = sum(count for name, count in training["plan"]["pairs"].items())
    return (
        f"Marian shape: {shape['n_layers']} + {shape['n_layers']} layers, post-norm, {shape['d_model']} dimensions, {shape['n_heads']} heads, "
        f"feed-forward {shape['ffn_dim']:,} with ReLU, sine positions, {shape['vocab_size']:,} joint tokens, one embedding for both sides and the "
        f"head, no dropout, no label smoothing; {training['n_parameters']:,} parameters (the shared embedding counted once; positions are computed), "
        f"stored as float16. {progress['step']:,} steps of about {training['batch_tokens']:,} source and target tokens, "
        f"{progress['tokens'] / 1e6:.2f} M in all ({training['pairs_read']:,} pair readings, {training['pairs_read'] / n_pairs:.1f} passes over "
        f"{n_pairs:,} pairs), in {progress['seconds'] / 60:.0f} minutes on {training['hardware']}. Muon for the blocks' matrices (peak rate "
        f"{training['muon_lr']:g}), AdamW for the rest ({training['adam_lr']:g}), bfloat16 arithmetic with float32 weights; warm-up, constant, "
        f"then a straight fall to zero (lower half of the picture). French sources carry their mark in {1 - habits['unmarked']:.0%} of readings, "
        f"both sides lose their full stop in {habits['no_stop']:.0%}, the source is in lower case in {habits['lower_case']:.0%}. {training['note']}"
    )


TEMPLATE = """---
license: cc-by-4.0
language:
- en
- fr
- nl
library_name: transformers
pipeline_tag: translation
---

# interpreter

A small translator from English into French and Dutch, trained from nothing for Tokenscope, so that a class can look inside a real
encoder-decoder without a network: what the encoder reads, what the decoder writes, and where it looks (cross-attention) for each word.

## What it can and cannot do

- It translates short everyday sentences (its training text has at most 8 English words) into French; with `>>nld<<` in front into
  Dutch. `>>fra<<` in front says French, as nothing does.
- Of {n_french} French lesson sentences it gets **{right_french}** right, of {n_dutch} Dutch ones **{right_dutch}** (table below).
- Rare words, names, idioms and longer sentences go wrong, often fluently. It picks tu or vous, il or elle without a reason. It is no
  dictionary, and it reads English only. At most {n_positions} tokens on either side.
- It has the habits of Tatoeba: much "Tom", many first persons, several translations for one sentence, of which it must pick one.

## Training

{training}

![Loss over tokens](loss_curve.png)

{data}

French is spaced evenly (one plain space before ! ? ; : and inside « »; about 2 % of the sentences with such a mark lacked it), ’ is written ', double spaces
are one; nothing else was changed and no pair was dropped but repeats and the lesson sentences. The 2 % held out are chosen by the hash of the English
sentence (without case and end mark), so that no English sentence is on both sides in either language. The tokenizer is byte-pair encoding over all three
languages with bytes as a fallback, so nothing is unknown; a token never crosses a space, a punctuation mark or an elision. It saw the
classroom pairs three times, so that words such as "llamas" are one token.

**The classroom pairs are synthetic**: templates about animals, food, family, colours and numbers. Words of the lessons ("llamas") are in them
in other sentences. No lesson sentence, with whatever end mark and in either language, is in the training text.

## Measured

Greedy translations of held-out corpus pairs, each English sentence against all its references; sacrebleu {signature}.

{quality}

{examples}

**Cross-attention.** Reference links come from a word aligner of this project (`word_aligner.py`: IBM Model 2 with a diagonal prior, Dyer, Chahuneau & Smith 2013,
both directions, trained on the training pairs): sure where both directions agree, possible when grown along the diagonal. It is a statistical aligner, no person
checked its links. A head's link for a target word is the source word it gives most attention to (none if the mark or `</s>` gets more).
{best}

Into French, every head in the better of its two readings (rows that predict the word, or rows that read it):

{heads}

Into Dutch:

{heads_dutch}

Lesson sentences (French without mark, as a class types them):

{lessons}

## Again

```
python -m training.interpreter prepare --corpora CORPORA --out RUN
python -m training.interpreter train --corpora CORPORA --out RUN --threads 1 {train_options}
python -m training.interpreter export --out RUN --to FOLDER
python -m training.evaluate_interpreter --corpora CORPORA --model FOLDER
```

The last command recomputes every number of this card (`evaluation.json`). Training again gives a like model, not the same bits.

## Licence and thanks

The weights are under **CC BY 4.0**, the code that made them under the project's licence. The pairs are by the contributors of **Tatoeba**
(tatoeba.org, CC BY 2.0 FR), shortened by length and a word filter and changed as said above; Tatoeba does not endorse this model. The form of the target marks
follows the multilingual Marian models of Helsinki-NLP (Tiedemann & Thottingal 2020); no weights or data of theirs are in it.
"""


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    languages, lessons = found["languages"], found["lessons"]
    examples = [f"- {english} → {said}" for m in languages.values() for english, said in m["examples"]]
    card = TEMPLATE.format(
        n_french=sum(item["language"] == "fra" for item in lessons),
        right_french=found["lessons_right"]["fra"],
        n_dutch=sum(item["language"] == "nld" for item in lessons),
        right_dutch=found["lessons_right"]["nld"],
        n_positions=training["shape"]["max_position_embeddings"],
        training=training_paragraph(training),
        data=data_table(training["plan"]),
        signature=" and ".join(f"`{text}`" for text in languages["fra"]["signatures"]),
        quality=quality_table(languages),
        examples="\n".join(["Held-out sentences at regular intervals:", "", *examples]),
        best="\n".join(f"- {best_head_sentence(name, m['alignment'])}" for name, m in languages.items()),
        heads=heads_table(languages["fra"]["alignment"]),
        heads_dutch=heads_table(languages["nld"]["alignment"]),
        lessons=lessons_table(lessons),
        train_options=train_options(
            training, f"--batch-tokens {training['batch_tokens']} --dutch-repeats {training['habits']['repeats'][1]}"
        ),
    )
    (Path(folder) / "README.md").write_text(card)
