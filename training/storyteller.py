"""Trains the bundled storyteller: `python -m training.storyteller {prepare,train,export} --help`.

prepare  reads the corpora, trains the tokenizer, packs the rows           -> OUT/tokenizer.json, OUT/rows.npz, OUT/plan.json
train    trains or goes on from OUT/checkpoint.pt                          -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training import checkpoint, program
from training.corpus import END
from training.decoder import Decoder, Shape, export
from training.fast_ops import product_type
from training.mixture import CLASSROOM, Recipe, described, rows_of, tokenizer_texts, training_and_held_out
from training.packing import RowBatches, Rows, each_once, pack
from training.tokenizer import encode_documents, id_of, train_tokenizer
from training.trainer import default_device

HELD_OUT_ROWS = 96  # of the held-out text, looked at while training


def _tokenizer_of(path: Path, training: dict[str, list[str]], vocab_size: int, keep: bool) -> Tokenizer:
    if not (keep and path.exists()):
        train_tokenizer(tokenizer_texts(training), vocab_size).save(str(path))
    return Tokenizer.from_file(str(path))


def _held_out_rows(held_out: dict[str, list[str]], tokenizer: Tokenizer, row_length: int, seed: int) -> Rows:
    """A sample without the synthetic text, so that it is the same for every mix."""
    documents = [d for name, found in held_out.items() if name != CLASSROOM for d in found]
    rows = pack(encode_documents(tokenizer, documents), row_length, id_of(tokenizer, END), seed)
    return Rows(rows.rows[:HELD_OUT_ROWS], rows.n_targets[:HELD_OUT_ROWS])


def prepare(corpora: Path, out: Path, recipe: Recipe, shape: Shape, keep_tokenizer: bool = False) -> dict:
    """Writes `tokenizer.json`, `rows.npz` and `plan.json` into `out` and returns the plan.

    With `keep_tokenizer` an old tokenizer stays: a run under way can be given another mix, but not other tokens.
    """
    out.mkdir(parents=True, exist_ok=True)
    training, held_out = training_and_held_out(corpora, recipe)
    tokenizer = _tokenizer_of(out / "tokenizer.json", training, shape.vocab_size, keep_tokenizer)
    rows, tokens_read = rows_of(training, tokenizer, recipe, shape.n_positions)
    test = _held_out_rows(held_out, tokenizer, shape.n_positions, recipe.seed)
    np.savez(out / "rows.npz", rows=rows.rows, n_targets=rows.n_targets, test=test.rows, test_targets=test.n_targets)
    plan = {
        **described(recipe, training),
        "held_out_characters": {name: sum(map(len, documents)) for name, documents in held_out.items()},
        "n_rows": len(rows.rows),
        "filled": float(rows.n_targets.mean() / (rows.rows.shape[1] - 1)),
        "fingerprint": hashlib.sha256(rows.rows.tobytes()).hexdigest()[:16],
        "tokens_read": tokens_read,
    }
    (out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    return plan


def prepare_run(args: argparse.Namespace) -> dict:
    return prepare(Path(args.corpora), Path(args.out), recipe_of(args), shape_of(args), args.keep_tokenizer)


def train(args: argparse.Namespace) -> None:
    data = np.load(Path(args.out) / "rows.npz")
    shape = shape_of(args)
    settings = program.settings_of(args, {"shape": shape.as_dict(), "batch_rows": args.batch_rows})
    torch.manual_seed(settings.seed)
    program.run(
        args,
        settings,
        Decoder(shape, product_type(default_device()), fused=args.fused and default_device() == "cpu"),
        RowBatches(Rows(data["rows"], data["n_targets"]), args.batch_rows),
        each_once(Rows(data["test"], data["test_targets"]), args.batch_rows),
    )


def export_checkpoint(args: argparse.Namespace) -> None:
    out = Path(args.out)
    state = checkpoint.of_run(out)
    about = state["settings"]["about"]
    shape = Shape(**about["shape"])
    export(state["model"], shape, Tokenizer.from_file(str(out / "tokenizer.json")), Path(args.to))
    program.finish_export(args, state, decoder_record(state, about["batch_rows"] * shape.n_positions))


def decoder_record(state: dict, batch_tokens: int) -> dict:
    """What the model card of a decoder says beside what it says of every run."""
    n_parameters = sum(p.numel() for p in state["model"].values())
    return {"shape": state["settings"]["about"]["shape"], "n_parameters": n_parameters, "batch_tokens": batch_tokens}


def shape_of(args: argparse.Namespace) -> Shape:
    return Shape(args.vocab_size, args.n_positions, args.n_embd, args.n_layer, args.n_head)


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The default recipe with the passes of `--mix NAME=PASSES` put in; 0 leaves a source out."""
    default = Recipe()
    passes = {**default.passes, **{name: float(n) for name, n in (item.split("=") for item in args.mix)}}
    return Recipe(
        {name: n for name, n in passes.items() if n}, args.classic_chars, args.classroom_chars, seed=args.seed
    )


def _add_recipe_options(parser: argparse.ArgumentParser) -> None:
    default = Recipe()
    program.add_corpora_option(parser)
    parser.add_argument("--mix", nargs="*", default=[], metavar="NAME=PASSES", help=f"default: {default.passes}")
    parser.add_argument("--classic-chars", type=int, default=default.classic_chars)
    parser.add_argument("--classroom-chars", type=int, default=default.classroom_chars)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--keep-tokenizer", action="store_true", help="pack for a run under way: the tokenizer stays")


def parser() -> argparse.ArgumentParser:
    top, subs = program.parsers(__doc__)
    for name in ("prepare", "train"):
        program.add_shape_options(subs[name], Shape().as_dict())
    _add_recipe_options(subs["prepare"])
    program.add_train_options(subs["train"], warmup_tokens=300_000, muon_lr=0.03, adam_lr=4e-3)
    subs["train"].add_argument("--batch-rows", type=int, default=24)
    subs["train"].add_argument("--fused", action="store_true", help="compile the GELU kernels (needs a C++ compiler)")
    return top


COMMANDS = {"prepare": prepare_run, "train": train, "export": export_checkpoint}

if __name__ == "__main__":
    program.main(parser(), COMMANDS)
