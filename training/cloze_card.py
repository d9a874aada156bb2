"""Writes the cloze model's card from what was measured; the words are here, the numbers come in."""

from pathlib import Path

from .card_parts import THANKS_FOR_TEXT, data_table, lessons_table, train_options

FROM_STORIES = ("kind", "left")  # two-sense words that the synthetic text does not teach


def held_out_table(held_out: dict) -> str:
    rows = [
        "| held-out text | documents | gaps | nats per gap | right | right among five |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {name} | {r['documents']:,} | {r['targets']:,} | {r['nats']:.3f} | {r['top1']:.1%} | {r['top5']:.1%} |"
        for name, r in held_out.items()
    ]
    return "\n".join(rows)


def senses_table(senses: dict) -> str:
    """One line a word, one column a layer, the means below."""
    n_layers = len(senses["layers"]) - 1
    names = ["static embedding", "layer 0 (with place)", *(f"layer {i}" for i in range(1, n_layers + 1))]
    rows = [f"| word | senses | {' | '.join(names)} |", f"|---|---|{'---:|' * len(names)}"]
    for word in senses["words"]:
        cells = " | ".join(f"{share:.0%}" for share in (word["static"], *word["layers"]))
        rows.append(f"| {word['word']} | {' / '.join(word['senses'])} | {cells} |")
    cells = " | ".join(f"**{share:.1%}**" for share in (senses["static"], *senses["layers"]))
    return "\n".join([*rows, f"| mean | | {cells} |"])


def _mean_of(senses: dict, words: tuple[str, ...]) -> float:
    """Mean accuracy of these words in the best layer of the whole."""
    best = max(range(len(senses["layers"])), key=senses["layers"].__getitem__)
    found = [word["layers"][best] for word in senses["words"] if word["word"] in words]
    return sum(found) / len(found)


def _training_paragraph(training: dict) -> str:
    shape, progress = training["shape"], training["progress"]
    return (
        f"BERT shape: {shape['num_hidden_layers']} layers, {shape['hidden_size']} dimensions, {shape['num_attention_heads']} heads, "
        f"{shape['vocab_size']:,} tokens, {shape['max_position_embeddings']} positions, tied embeddings, no dropout; "
        f"{training['n_parameters']:,} parameters (the shared embedding counted once), stored as float16. "
        f"{progress['step']:,} steps of about {training['batch_tokens']:,} positions, {progress['tokens'] / 1e6:.2f} M in all, "
        f"in {progress['seconds'] / 3600:.1f} hours on {training['hardware']}. Muon for the matrices of the blocks and of the head "
        f"(peak rate {training['muon_lr']:g}), AdamW for the rest ({training['adam_lr']:g}), bfloat16 arithmetic with float32 weights; "
        f"rate constant after a warm-up, then falling in a straight line to zero (lower half of the picture). {training['note']}"
    ).strip()


TEMPLATE = """---
license: cc-by-4.0
language: en
library_name: transformers
pipeline_tag: fill-mask
---

# cloze

A small English BERT, trained from nothing for Tokenscope, so that a class can look inside a model that reads in both directions. It
fills gaps: put `[MASK]` where a word is missing. It writes no texts and is not a source of facts.

## What it can and cannot do

- In {n_lessons} lesson sentences with one gap its likeliest word is right for **{n_right}**, and one of its first five for
  {n_among_five} (table below). The gap stands at the beginning, in the middle or at the end, so what helps may stand on either side.
- It was trained briefly, and its loss was still falling: often it puts in a word of the right sort (another capital, another animal)
  where the sentence asks for one alone.
- It uses both sides: of {context_rows:,} single tokens hidden in held-out sentences of Tatoeba it guesses {both:.1%} from the whole sentence,
  {left:.1%} when all that stands after is hidden too, and {right:.1%} when all that stands before is.
- The same word in two senses has different vectors in the upper layers: {best:.1%} nearest-centroid accuracy in layer {best_layer}, against
  {static:.1%} for the static embedding (table below).
- It knows English only and lower case only: "Turkey" and "turkey" are one token, accents are taken off, and emoji are `[UNK]`.
- It reads at most {n_positions} tokens, mostly learnt on rows of at most 64. Its texts carry the habits of its sources: old-fashioned roles in the
  classics, "Tom" from Tatoeba. A word list took slurs, violence and sexual lines out of the sources; no person has read them all.

## Training

{training}

![Loss over tokens](loss_curve.png)

{data}

A row is `[CLS]`, one or more sentences of one document in their order, `[SEP]`; a quarter of the longer documents' rows hold a single
sentence, a tenth more than 64 tokens. A batch holds rows of one length, so there is no filling. {mask_share:.0%} of the words are hidden, whole
words together: 80 % of their tokens become `[MASK]`, 10 % a random token, 10 % stay (Devlin et al. 2019, section 3.1). There is no
next-sentence task, one token type only, and the head's vocabulary bias is zero. The WordPiece tokenizer was trained on the same text,
with the lesson sentences and the two-sense words added so that each of their words is one token. "Tokens in the plan" counts `[CLS]`
and `[SEP]`; the run read {readings:.2f} times the plan. The held-out curve lies higher because it leaves the easy classroom text out.

**The classroom text is synthetic and is there for the lessons.** The facts that the gaps ask for occur in it, in other sentences; no
sentence of the training text equals a lesson sentence with one of its answers put in, or a sentence of the two-sense measurement (case
and marks at the ends ignored).

## Measured

Held out: the documents whose hash falls on 2 %, never trained on; {mask_share:.0%} of the words hidden as in training. The documents of the classroom
text and of the facts are made from templates, so their held-out part is easy.

{held_out}

Lesson gaps:

{lessons}

Two senses. For each word, twelve sentences a sense, written by hand for this measurement. A vector counts as right when its cosine to the
centroid of its own sense (without itself) is larger than to the centroid of the other; ties count one half. So the static embedding, which is
the same in all sentences, scores exactly 50 %; layer 0 adds only the place in the sentence, in which leaving one out can score below chance.

{senses}

How far this is from the training text: eight of the words stand in both senses in the synthetic text too, in other sentences about the same
things (dogs and trees for bark, money and rivers for bank). "kind" and "left" come from the stories and from Tatoeba alone; their mean
in layer {best_layer} is {from_stories:.1%}. In "ring" (a noun and mostly a verb), "light", "kind" and "left" grammar alone tells much.

## Again

```
export OMP_WAIT_POLICY=PASSIVE   # on a shared machine: waiting threads sleep
python -m training.cloze prepare --corpora CORPORA --out RUN
python -m training.cloze train --out RUN {train_options}
python -m training.cloze export --out RUN --to FOLDER
python -m training.evaluate_cloze --corpora CORPORA --model FOLDER
```

The last command recomputes every number of this card (`evaluation.json`). Training again gives a like model, not the same bits.

## Licence and thanks

{thanks}
"""


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    senses, context = found["senses"], found["context"]
    card = TEMPLATE.format(
        n_lessons=len(found["lessons"]),
        n_right=found["lessons_right"],
        n_among_five=sum(item["rank"] <= 5 for item in found["lessons"]),
        context_rows=context["rows"],
        both=context["both sides"],
        left=context["left side only"],
        right=context["right side only"],
        best=max(senses["layers"]),
        best_layer=senses["layers"].index(max(senses["layers"])),
        static=senses["static"],
        n_positions=training["shape"]["max_position_embeddings"],
        training=_training_paragraph(training),
        data=data_table(training["plan"]),
        mask_share=training["mask_share"],
        readings=training["progress"]["tokens"] / sum(training["plan"]["tokens_read"].values()),
        held_out=held_out_table(found["held_out"]),
        lessons=lessons_table(found["lessons"]),
        senses=senses_table(senses),
        from_stories=_mean_of(senses, FROM_STORIES),
        train_options=train_options(training, ""),
        thanks=THANKS_FOR_TEXT,
    )
    (Path(folder) / "README.md").write_text(card)
