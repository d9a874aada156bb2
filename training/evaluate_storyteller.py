"""Recomputes every number of the storyteller's model card: `python -m training.evaluate_storyteller --help`.

Reads the model folder (with `training.json`, which names the recipe) and the corpora, and writes `evaluation.json` and
`README.md` into the model folder. The Kneser-Ney baseline is trained anew on the same training documents.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from . import measures
from .kneser_ney import KneserNey
from .mixture import CLASSROOM, Recipe, training_and_held_out
from .storyteller_card import write_card
from .tokenizer import RESERVED, encode_documents


def open_folder(folder: Path):
    """(model in float32, tokenizer)"""
    model = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
    ).eval()
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)


def recipe_of(training: dict) -> Recipe:
    plan = training["plan"]
    return Recipe(plan["passes"], plan["classic_chars"], plan["classroom_chars"], seed=plan["seed"])


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="model_backend/bundled/storyteller", help="folder of the model")
    parser.add_argument(
        "--corpora", help="folder of texts; without it only what needs no corpus is computed and printed"
    )
    parser.add_argument("--baseline", help="file with the 5-gram's result, where it was measured before")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    folder = Path(args.model)
    model, tokenizer = open_folder(folder)
    found = behaviour(model, tokenizer)
    print(json.dumps(found, indent=1, ensure_ascii=False), flush=True)
    if args.corpora:
        training = json.loads((folder / "training.json").read_text())
        corpora, recipe = Path(args.corpora), recipe_of(training)
        found["held_out"] = measure_model(model, tokenizer, corpora, recipe)
        found["kneser_ney_5gram"] = (
            json.loads(Path(args.baseline).read_text())
            if args.baseline
            else measure_baseline(tokenizer, corpora, recipe)
        )
        (folder / "evaluation.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        write_card(folder, training, found)


if __name__ == "__main__":
    main()
