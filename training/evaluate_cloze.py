"""Recomputes every number of the cloze model's card: `python -m training.evaluate_cloze --help`.

Reads the model folder (with `training.json`, which names the recipe) and the corpora, and writes `evaluation.json` and
`README.md` into the model folder.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from training import cloze_measures as measures
from training import program
from training.cards import THANKS_FOR_TEXT, arithmetic, data_table, lessons_table, train_options, write
from training.cloze import masking_of, rows_of
from training.mixture import Recipe, training_and_held_out
from training.sentence_rows import MaskedBatches, SentenceRows
from training.two_sense_sentences import TWO_SENSES

BATCH_TOKENS = 2048
N_CONTEXT_ROWS = 1000
CLASSROOM_CHARS = (
    3_000_000  # of the synthetic text: its 2 %, held out of any longer one too, are as much as a corpus has
)
MASK_SEED = 1


def open_folder(folder: Path):
    """(model in float32, tokenizer)"""
    model = AutoModelForMaskedLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
    ).eval()
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)


def senses(model, tokenizer) -> dict:
    """Every word, and the means over the words."""
    words = [measures.sense_result(model, tokenizer, item) for item in TWO_SENSES]
    return {
        "words": words,
        "static": round(float(np.mean([word["static"] for word in words])), 4),
        "layers": np.mean([word["layers"] for word in words], axis=0).round(4).tolist(),
    }


def middle_places(rows: SentenceRows, n: int, n_special: int, rng: np.random.Generator):
    """n rows of at least eight positions, each with one ordinary token in its middle half."""
    found: list[list[int]] = []
    places: list[int] = []
    for i in rng.permutation(np.flatnonzero(rows.lengths >= 8)):
        row = rows.tokens[rows.starts[i] : rows.starts[i + 1]].tolist()
        place = int(rng.integers(len(row) // 4, len(row) - len(row) // 4))
        if row[place] >= n_special and len(found) < n:
            found.append(row)
            places.append(place)
    return found, places


def measure_held_out(model, tokenizer, corpora: Path, training: dict) -> dict:
    """Masked tokens of the held-out documents by source, and what either side of a gap is worth."""
    recipe = Recipe.of_plan(training["plan"])
    recipe = replace(recipe, classroom_chars=min(CLASSROOM_CHARS, recipe.classroom_chars))
    backend = tokenizer.backend_tokenizer
    held_out = {name: found for name, found in training_and_held_out(corpora, recipe)[1].items() if found}
    masking = masking_of(backend, training["mask_share"])
    found, real = {}, []
    for name, documents in held_out.items():
        rows, _ = rows_of({name: documents}, backend, {name: 1.0}, model.config.max_position_embeddings, recipe.seed)
        guesses = measures.masked_guesses(model, MaskedBatches(rows, masking, BATCH_TOKENS, MASK_SEED))
        found[name] = {"documents": len(documents), **guesses}
        if name == "tatoeba_en":
            real, places = middle_places(rows, N_CONTEXT_ROWS, masking.n_special, np.random.default_rng(MASK_SEED))
    context = measures.context_accuracy(model, real, places, masking.mask_id) if real else {}
    return {"held_out": found, "context": context}


def behaviour(model, tokenizer) -> dict:
    """Everything that needs no corpus: the lesson gaps and the two senses."""
    lessons = measures.lesson_results(model, tokenizer)
    return {
        "lessons": lessons,
        "lessons_right": sum(item["right"] for item in lessons),
        "senses": senses(model, tokenizer),
    }


# --- the card ----------------------------------------------------------------------------------------------------------------


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
        f"(peak rate {training['muon_lr']:g}), AdamW for the rest ({training['adam_lr']:g}), {arithmetic(training)}; "
        f"rate constant after a warm-up, then falling in a straight line to zero (lower half of the picture). {training['note']}"
    ).strip()


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    senses, context = found["senses"], found["context"]
    write(
        folder,
        "cloze",
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


def main() -> None:
    args = program.evaluation_parser(__doc__, "cloze").parse_args()
    torch.set_num_threads(args.threads)
    model, tokenizer = open_folder(Path(args.model))
    held_out = partial(measure_held_out, model, tokenizer)
    program.finish_evaluation(args, behaviour(model, tokenizer), held_out, write_card)


if __name__ == "__main__":
    main()
