"""From a folder of texts to a cloze run's folder: tokenizer, rows of sentences, and the plan that says what is in them."""

import hashlib
import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .cloze_prompts import CLOZE_PROMPTS, held_out_sentences
from .mixture import CLASSROOM, LESSON_REPEATS, Recipe, repeated, tokenizer_texts, training_and_held_out
from .sentence_rows import SentenceRows, cut_into_rows, encode_sentences
from .two_sense_sentences import TWO_SENSES
from .wordpiece import train_wordpiece

HELD_OUT_TOKENS = 48_000  # of the held-out text, looked at while training
RECIPE = Recipe(
    passes={
        "tinystories": 3.0,
        "storybooks": 3.0,
        "tatoeba_en": 2.0,
        "classic_children": 1.5,
        "facts": 10.0,
        CLASSROOM: 1.0,
    },
    classic_chars=3_000_000,
    classroom_chars=27_000_000,
)


def vocabulary_texts(training: dict[str, list[str]]) -> list[str]:
    """All training text once, and often enough what should be one token each: lesson answers and two-sense words."""
    lesson = [sentence for item in CLOZE_PROMPTS for sentence in item.filled()]
    senses = " ".join(word.word for word in TWO_SENSES)
    return [*tokenizer_texts(training), *training.get(CLASSROOM, []), *(LESSON_REPEATS * [*lesson, senses])]


def rows_of(
    documents: dict[str, list[str]], tokenizer: Tokenizer, passes: dict[str, float], n_positions: int, seed: int
) -> tuple[SentenceRows, dict[str, int]]:
    """(all rows, tokens per source with their marks). Every pass cuts its documents into other rows."""
    never, rng = held_out_sentences(), np.random.default_rng(seed)
    rows: list[list[int]] = []
    tokens_read = {}
    for name, found in documents.items():
        runs = encode_sentences(tokenizer, found, never)
        before = len(rows)
        for chosen in repeated(len(runs), passes.get(name, 0.0), rng):
            rows += [row for i in chosen for row in cut_into_rows(runs[i], n_positions, rng)]
        tokens_read[name] = sum(len(row) + 2 for row in rows[before:])
    return SentenceRows.of(rows, tokenizer), tokens_read


def held_out_rows(held_out: dict[str, list[str]], tokenizer: Tokenizer, n_positions: int, seed: int) -> SentenceRows:
    """A sample of about HELD_OUT_TOKENS without the synthetic text, so that it is the same for every mix."""
    real = {name: found for name, found in held_out.items() if name != CLASSROOM}
    rows, _ = rows_of(real, tokenizer, dict.fromkeys(real, 1.0), n_positions, seed)
    order = np.random.default_rng(seed).permutation(len(rows.lengths))
    kept = order[: np.searchsorted(np.cumsum(rows.lengths[order]), HELD_OUT_TOKENS)]
    return SentenceRows.of([rows.tokens[rows.starts[i] + 1 : rows.starts[i + 1] - 1].tolist() for i in kept], tokenizer)


def prepare(corpora: Path, out: Path, recipe: Recipe, vocab_size: int, n_positions: int) -> dict:
    """Writes `tokenizer.json`, `rows.npz` and `plan.json` into `out` and returns the plan."""
    out.mkdir(parents=True, exist_ok=True)
    training, held_out = training_and_held_out(corpora, recipe)
    tokenizer = train_wordpiece(vocabulary_texts(training), vocab_size)
    tokenizer.save(str(out / "tokenizer.json"))
    rows, tokens_read = rows_of(training, tokenizer, recipe.passes, n_positions, recipe.seed)
    test = held_out_rows(held_out, tokenizer, n_positions, recipe.seed)
    np.savez(out / "rows.npz", tokens=rows.tokens, starts=rows.starts, test=test.tokens, test_starts=test.starts)
    plan = {
        "passes": recipe.passes,
        "classic_chars": recipe.classic_chars,
        "classroom_chars": recipe.classroom_chars,
        "seed": recipe.seed,
        "documents": {name: len(found) for name, found in training.items()},
        "characters": {name: sum(map(len, found)) for name, found in training.items()},
        "tokens_read": tokens_read,
        "n_rows": len(rows.lengths),
        "mean_row": float(rows.lengths.mean()),
        "fingerprint": hashlib.sha256(rows.tokens.tobytes()).hexdigest()[:16],
    }
    (out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    return plan
