"""Recomputes every number of the cloze model's card: `python -m training.evaluate_cloze --help`.

Reads the model folder (with `training.json`, which names the recipe) and the corpora, and writes `evaluation.json` and
`README.md` into the model folder.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from . import cloze_measures as measures
from .cloze import masking_of
from .cloze_card import write_card
from .cloze_prepare import rows_of
from .evaluate_storyteller import recipe_of
from .mixture import training_and_held_out
from .sentence_rows import MaskedBatches, SentenceRows
from .two_sense_sentences import TWO_SENSES

BATCH_TOKENS = 2048
N_CONTEXT_ROWS = 1000
CLASSROOM_CHARS = (
    3_000_000  # of the synthetic text; 2 % of it, held out of any longer one too, are about as much as a corpus has
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
    recipe = recipe_of(training)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="model_backend/bundled/cloze", help="folder of the model")
    parser.add_argument("--corpora", help="folder of texts; without it nothing is written, the rest is printed")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    folder = Path(args.model)
    model, tokenizer = open_folder(folder)
    found = behaviour(model, tokenizer)
    print(json.dumps(found, indent=1, ensure_ascii=False), flush=True)
    if args.corpora:
        training = json.loads((folder / "training.json").read_text())
        found |= measure_held_out(model, tokenizer, Path(args.corpora), training)
        (folder / "evaluation.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        write_card(folder, training, found)


if __name__ == "__main__":
    main()
