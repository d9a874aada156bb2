"""From a folder of texts to a run's folder: tokenizer, rows of tokens, and the plan that says what is in them."""

import hashlib
import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .corpus import END
from .decoder import Shape
from .mixture import CLASSROOM, Recipe, rows_of, tokenizer_texts, training_and_held_out
from .packing import Rows, pack
from .tokenizer import encode_documents, train_tokenizer

HELD_OUT_ROWS = 96  # of the held-out text, looked at while training


def _tokenizer(path: Path, training: dict[str, list[str]], vocab_size: int, keep: bool) -> Tokenizer:
    if not (keep and path.exists()):
        train_tokenizer(tokenizer_texts(training), vocab_size).save(str(path))
    return Tokenizer.from_file(str(path))


def _held_out_rows(held_out: dict[str, list[str]], tokenizer: Tokenizer, row_length: int, seed: int) -> Rows:
    """A sample without the synthetic text, so that it is the same for every mix."""
    documents = [d for name, found in held_out.items() if name != CLASSROOM for d in found]
    rows = pack(encode_documents(tokenizer, documents), row_length, tokenizer.token_to_id(END), seed)
    return Rows(rows.rows[:HELD_OUT_ROWS], rows.n_targets[:HELD_OUT_ROWS])


def _plan(recipe: Recipe, training: dict[str, list[str]], held_out: dict[str, list[str]], rows: Rows) -> dict:
    return {
        "passes": recipe.passes,
        "classic_chars": recipe.classic_chars,
        "classroom_chars": recipe.classroom_chars,
        "seed": recipe.seed,
        "documents": {name: len(documents) for name, documents in training.items()},
        "characters": {name: sum(map(len, documents)) for name, documents in training.items()},
        "held_out_characters": {name: sum(map(len, documents)) for name, documents in held_out.items()},
        "n_rows": len(rows.rows),
        "filled": float(rows.n_targets.mean() / (rows.rows.shape[1] - 1)),
        "fingerprint": hashlib.sha256(rows.rows.tobytes()).hexdigest()[:16],
    }


def prepare(corpora: Path, out: Path, recipe: Recipe, shape: Shape, keep_tokenizer: bool = False) -> dict:
    """Writes `tokenizer.json`, `rows.npz` and `plan.json` into `out` and returns the plan.

    With `keep_tokenizer` an old tokenizer stays: a run under way can be given another mix, but not other tokens.
    """
    out.mkdir(parents=True, exist_ok=True)
    training, held_out = training_and_held_out(corpora, recipe)
    tokenizer = _tokenizer(out / "tokenizer.json", training, shape.vocab_size, keep_tokenizer)
    rows, tokens_read = rows_of(training, tokenizer, recipe, shape.n_positions)
    test = _held_out_rows(held_out, tokenizer, shape.n_positions, recipe.seed)
    np.savez(out / "rows.npz", rows=rows.rows, n_targets=rows.n_targets, test=test.rows, test_targets=test.n_targets)
    plan = {**_plan(recipe, training, held_out, rows), "tokens_read": tokens_read}
    (out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    return plan
