"""Trains the bundled cloze model: `python -m training.cloze {prepare,train,export} --help`.

prepare  reads the corpora, trains the tokenizer, cuts the rows            -> OUT/tokenizer.json, OUT/rows.npz, OUT/plan.json
train    trains or goes on from OUT/checkpoint.pt                          -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from . import checkpoint, program
from .cloze_prepare import RECIPE, prepare
from .encoder import EncoderShape, MaskedEncoder
from .masking import SHARE, Masking
from .sentence_rows import MaskedBatches, SentenceRows
from .wordpiece import MASK, SPECIAL, continues_word, save_tokenizer

BATCH_TOKENS = 4096


def masking_of(tokenizer: Tokenizer, share: float = SHARE) -> Masking:
    return Masking(continues_word(tokenizer), tokenizer.token_to_id(MASK), len(SPECIAL), share)


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
    model.network.eval().to(torch.float16).save_pretrained(str(folder))
    (folder / "model.safetensors").chmod(0o644)
    save_tokenizer(tokenizer, folder, model.network.config.max_position_embeddings)
    return model.n_parameters()


def export_checkpoint(args: argparse.Namespace) -> None:
    out = Path(args.out)
    state = checkpoint.load(out / "checkpoint.pt")
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
