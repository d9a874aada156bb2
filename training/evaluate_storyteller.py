"""Recomputes every number of the storyteller's model card: `python -m training.evaluate_storyteller --help`.

Reads the model folder (with `training.json`, which names the recipe) and the corpora, and writes `evaluation.json` and
`README.md` into the model folder. The Kneser-Ney baseline is trained anew on the same training documents.
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from training import measures, program
from training.cards import THANKS_FOR_TEXT, arithmetic, data_table, lessons_table, millions, train_options, write
from training.kneser_ney import KneserNey
from training.mixture import CLASSROOM, Recipe, training_and_held_out
from training.tokenizer import RESERVED, encode_documents


def open_folder(folder: Path):
    """(model in float32, tokenizer)"""
    model = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
    ).eval()
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)


def bits_per_byte(bits: dict[str, float], size: dict[str, int]) -> dict[str, float]:
    """Per source, for all, and for all but the synthetic classroom text.

    >>> bits_per_byte({"a": 8.0, "classroom": 4.0}, {"a": 4, "classroom": 8})
    {'a': 2.0, 'classroom': 0.5, 'all': 1.0, 'all without classroom': 2.0}
    """
    found = {name: round(bits[name] / size[name], 4) for name in bits}
    real = [name for name in bits if name != CLASSROOM]
    found["all"] = round(sum(bits.values()) / sum(size[name] for name in bits), 4)
    found["all without classroom"] = round(sum(bits[name] for name in real) / sum(size[name] for name in real), 4)
    return found


def measure_baseline(tokenizer, corpora: Path, recipe: Recipe) -> dict:
    """The 5-gram over the model's own tokens: trained on the training documents, measured on the held-out ones."""
    training, held_out = training_and_held_out(corpora, recipe)
    backend = tokenizer.backend_tokenizer
    seen = [document for documents in training.values() for document in encode_documents(backend, documents)]
    model = KneserNey(seen, len(tokenizer) - len(RESERVED), tokenizer.eos_token_id, order=5)
    ids = {name: encode_documents(backend, documents) for name, documents in held_out.items() if documents}
    size = {name: measures.n_bytes(held_out[name]) for name in ids}
    return {
        "tokens": sum(len(document) + 1 for document in seen),
        "bits_per_byte": bits_per_byte({name: model.total_bits(documents) for name, documents in ids.items()}, size),
    }


def measure_model(model, tokenizer, corpora: Path, recipe: Recipe) -> dict:
    """Held-out bits per byte per source; ends of documents are predicted too, as by the baseline."""
    _, held_out = training_and_held_out(corpora, recipe)
    ids = {
        name: encode_documents(tokenizer.backend_tokenizer, documents)
        for name, documents in held_out.items()
        if documents
    }
    size = {name: measures.n_bytes(held_out[name]) for name in ids}
    bits = {name: measures.total_bits(model, documents, tokenizer.eos_token_id) for name, documents in ids.items()}
    return {
        "bytes": size,
        "documents": {name: len(documents) for name, documents in ids.items()},
        "bits_per_byte": bits_per_byte(bits, size),
    }


def behaviour(model, tokenizer) -> dict:
    """Everything that needs no corpus: lesson prompts, contrasts, the spread, greedy texts, endings."""
    lessons = measures.lesson_results(model, tokenizer)
    return {
        "lessons": lessons,
        "lessons_right": sum(item["right"] for item in lessons),
        "contrasts": measures.contrast_results(model, tokenizer),
        "spread": measures.spread_result(model, tokenizer),
        "greedy": measures.greedy_texts(model, tokenizer),
        "endings": measures.ending_share(model, tokenizer),
    }


# --- the card ----------------------------------------------------------------------------------------------------------------


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
        f"GPT-2 shape: {shape['n_layer']} layers, {shape['n_embd']} dimensions, {shape['n_head']} heads, "
        f"{shape['vocab_size']:,} tokens, {shape['n_positions']} positions, tied embeddings, no dropout; "
        f"{training['n_parameters']:,} parameters (the shared embedding counted once), stored as float16. "
        f"{progress['step']:,} steps of {training['batch_tokens']:,} positions, {millions(progress['tokens'])} in all, "
        f"in {hours:.1f} hours on {training['hardware']}. Muon for the blocks' matrices (peak rate "
        f"{training['muon_lr']:g}), AdamW for the rest ({training['adam_lr']:g}), {arithmetic(training)}; rate "
        f"constant after a warm-up, then falling in a straight line to zero (lower half of the picture). "
        f"{training['note']}"
    )


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    endings, spread = found["endings"], found["spread"]
    write(
        folder,
        "storyteller",
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


def main() -> None:
    parser = program.evaluation_parser(__doc__, "storyteller")
    parser.add_argument("--baseline", help="file with the 5-gram's result, where it was measured before")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, tokenizer = open_folder(Path(args.model))

    def held_out(corpora: Path, training: dict) -> dict:
        recipe = Recipe.of_plan(training["plan"])
        before = json.loads(Path(args.baseline).read_text()) if args.baseline else None
        return {
            "held_out": measure_model(model, tokenizer, corpora, recipe),
            "kneser_ney_5gram": before or measure_baseline(tokenizer, corpora, recipe),
        }

    program.finish_evaluation(args, behaviour(model, tokenizer), held_out, write_card)


if __name__ == "__main__":
    main()
