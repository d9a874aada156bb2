"""Trains the bundled cloze model: `python -m training.cloze {prepare,train,export} --help`.

prepare  reads the corpora, trains the tokenizer, cuts the rows            -> OUT/tokenizer.json, OUT/rows.npz, OUT/plan.json
train    trains or goes on from OUT/checkpoint.pt                          -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training import checkpoint, program
from training.cloze_prompts import CLOZE_PROMPTS, held_out_sentences
from training.encoder import EncoderShape, MaskedEncoder
from training.masking import SHARE, Masking
from training.mixture import (
    CLASSROOM,
    LESSON_REPEATS,
    Recipe,
    described,
    repeated,
    tokenizer_texts,
    training_and_held_out,
)
from training.sentence_rows import MaskedBatches, SentenceRows, cut_into_rows, encode_sentences
from training.tokenizer import id_of
from training.two_sense_sentences import TWO_SENSES
from training.wordpiece import MASK, SPECIAL, continues_word, save_tokenizer, train_wordpiece

BATCH_TOKENS = 4096
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
        **described(recipe, training),
        "tokens_read": tokens_read,
        "n_rows": len(rows.lengths),
        "mean_row": float(rows.lengths.mean()),
        "fingerprint": hashlib.sha256(rows.tokens.tobytes()).hexdigest()[:16],
    }
    (out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    return plan


def masking_of(tokenizer: Tokenizer, share: float = SHARE) -> Masking:
    return Masking(continues_word(tokenizer), id_of(tokenizer, MASK), len(SPECIAL), share)


def shape_of(args: argparse.Namespace) -> EncoderShape:
    return EncoderShape(**{name: getattr(args, name) for name in EncoderShape().as_dict()})


def prepare_run(args: argparse.Namespace) -> dict:
    recipe = replace(RECIPE, classroom_chars=args.classroom_chars, seed=args.seed)
    return prepare(Path(args.corpora), Path(args.out), recipe, args.vocab_size, args.max_position_embeddings)


def train(args: argparse.Namespace) -> None:
    out = Path(args.out)
    data = np.load(out / "rows.npz")
    about = {"shape": shape_of(args).as_dict(), "batch_tokens": args.batch_tokens, "mask_share": args.mask_share}
    settings = program.settings_of(args, about)
    masking = masking_of(Tokenizer.from_file(str(out / "tokenizer.json")), args.mask_share)
    test = MaskedBatches(SentenceRows(data["test"], data["test_starts"]), masking, args.batch_tokens, settings.seed)
    torch.manual_seed(settings.seed)
    program.run(
        args,
        settings,
        MaskedEncoder(shape_of(args)),
        MaskedBatches(SentenceRows(data["tokens"], data["starts"]), masking, args.batch_tokens, settings.seed),
        [test[i] for i in range(test.n_batches)],
    )


def export(state: dict, tokenizer: Tokenizer, folder: Path) -> int:
    """Model in float16 and tokenizer into `folder`; returns the number of parameters."""
    model = MaskedEncoder(EncoderShape(**state["settings"]["about"]["shape"]))
    model.load_state_dict(state["model"])
    folder.mkdir(parents=True, exist_ok=True)
    model.network.eval().half().save_pretrained(str(folder))
    (folder / "model.safetensors").chmod(0o644)
    save_tokenizer(tokenizer, folder, model.network.config.max_position_embeddings)
    return model.n_parameters()


def export_checkpoint(args: argparse.Namespace) -> None:
    out = Path(args.out)
    state = checkpoint.of_run(out)
    n_parameters = export(state, Tokenizer.from_file(str(out / "tokenizer.json")), Path(args.to))
    about = state["settings"]["about"] | {"n_parameters": n_parameters}
    program.finish_export(args, state, about, "masked tokens of held-out text, classroom text left out")


def parser() -> argparse.ArgumentParser:
    top, subs = program.parsers(__doc__)
    for name in ("prepare", "train"):
        program.add_shape_options(subs[name], EncoderShape().as_dict())
    program.add_corpora_option(subs["prepare"])
    subs["prepare"].add_argument("--classroom-chars", type=int, default=RECIPE.classroom_chars)
    subs["prepare"].add_argument("--seed", type=int, default=RECIPE.seed)
    program.add_train_options(subs["train"], warmup_tokens=400_000, muon_lr=0.02, adam_lr=4e-3)
    subs["train"].add_argument("--batch-tokens", type=int, default=BATCH_TOKENS)
    subs["train"].add_argument("--mask-share", type=float, default=SHARE)
    return top


COMMANDS = {"prepare": prepare_run, "train": train, "export": export_checkpoint}

if __name__ == "__main__":
    program.main(parser(), COMMANDS)
