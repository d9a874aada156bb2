"""Trains the bundled cloze model: `python -m model_backend.training.cloze {prepare,train,export} --help`.

prepare  reads the corpora, trains the tokenizer, cuts the rows            -> OUT/tokenizer.json, OUT/rows.npz, OUT/plan.json
train    trains or goes on from OUT/checkpoint.pt                          -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from . import checkpoint
from .cloze_prepare import RECIPE, prepare
from .encoder import EncoderShape, MaskedEncoder
from .loss_curve import write_loss_curve
from .masking import SHARE, Masking
from .sentence_rows import MaskedBatches, SentenceRows
from .storyteller import schedule_of, set_up_process
from .trainer import Settings, Trainer, default_device
from .wordpiece import MASK, SPECIAL, continues_word, save_tokenizer

BATCH_TOKENS = 4096


def masking_of(tokenizer: Tokenizer, share: float = SHARE) -> Masking:
    return Masking(continues_word(tokenizer), tokenizer.token_to_id(MASK), len(SPECIAL), share)


def shape_of(args: argparse.Namespace) -> EncoderShape:
    return EncoderShape(**{name: getattr(args, name) for name in EncoderShape().as_dict()})


def train(args: argparse.Namespace) -> None:
    out = Path(args.out)
    data = np.load(out / "rows.npz")
    plan = json.loads((out / "plan.json").read_text())
    state = checkpoint.load(out / "checkpoint.pt")
    settings = Settings(
        schedule=schedule_of(args, state),
        muon_lr=args.muon_lr,
        adam_lr=args.adam_lr,
        checkpoint_seconds=args.checkpoint_seconds,
        about={"shape": shape_of(args).as_dict(), "batch_tokens": args.batch_tokens, "mask_share": args.mask_share},
    )
    masking = masking_of(Tokenizer.from_file(str(out / "tokenizer.json")), args.mask_share)
    test = MaskedBatches(SentenceRows(data["test"], data["test_starts"]), masking, args.batch_tokens, settings.seed)
    torch.manual_seed(settings.seed)
    trainer = Trainer(
        settings,
        MaskedEncoder(shape_of(args)),
        MaskedBatches(SentenceRows(data["tokens"], data["starts"]), masking, args.batch_tokens, settings.seed),
        [test[i] for i in range(test.n_batches)],
        out / "checkpoint.pt",
        plan["fingerprint"],
    )
    trainer.stop_on_signals()
    print(f"{trainer.model.n_parameters()} parameters on {default_device()}, {settings}", flush=True)
    trainer.run(max_steps=args.max_steps, log=lambda line: print(line, flush=True))


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
    out, to = Path(args.out), Path(args.to)
    state = checkpoint.load(out / "checkpoint.pt")
    n_parameters = export(state, Tokenizer.from_file(str(out / "tokenizer.json")), to)
    settings, progress = state["settings"], state["progress"]
    record = {
        **settings["about"],
        "n_parameters": n_parameters,
        "progress": {name: progress[name] for name in ("step", "tokens", "seconds")},
        "muon_lr": settings["muon_lr"],
        "adam_lr": settings["adam_lr"],
        "schedule": settings["schedule"],
        "hardware": args.hardware,
        "note": args.note,
        "plan": json.loads((out / "plan.json").read_text()),
    }
    (to / "training.json").write_text(json.dumps(record, indent=1) + "\n")
    write_loss_curve(progress, to, "masked tokens of held-out text, classroom text left out")
    print(f"step {progress['step']}, {progress['tokens']} tokens -> {to}")


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--total-tokens", type=int, help="positions to read in all")
    parser.add_argument("--warmup-tokens", type=int, default=400_000)
    parser.add_argument("--decay-share", type=float, default=0.3)
    parser.add_argument("--decay-now", type=int, metavar="TOKENS", help="fall to zero from here on, within so many")
    parser.add_argument("--from-share", type=float, help="with --decay-now: begin at this share of the peak rate")
    parser.add_argument("--batch-tokens", type=int, default=BATCH_TOKENS)
    parser.add_argument("--mask-share", type=float, default=SHARE)
    parser.add_argument("--muon-lr", type=float, default=0.02)
    parser.add_argument("--adam-lr", type=float, default=4e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--checkpoint-seconds", type=float, default=180.0)
    parser.add_argument("--max-steps", type=int)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True)
    for name in ("prepare", "train", "export"):
        sub = commands.add_parser(name)
        sub.add_argument("--out", required=True, help="the run's folder")
        for option, value in EncoderShape().as_dict().items():
            sub.add_argument(f"--{option.replace('_', '-')}", type=int, default=value)
        if name == "prepare":
            sub.add_argument("--corpora", required=True, help="folder of .txt or .txt.xz files")
            sub.add_argument("--classroom-chars", type=int, default=RECIPE.classroom_chars)
            sub.add_argument("--seed", type=int, default=RECIPE.seed)
        elif name == "train":
            _add_train_options(sub)
        else:
            sub.add_argument("--to", required=True, help="folder to write")
            sub.add_argument("--hardware", default="an unnamed machine", help="for the model card")
            sub.add_argument("--note", default="", help="a sentence for the model card")
    return top


def run(args: argparse.Namespace) -> None:
    """Does what the command line asks for."""
    if args.command == "prepare":
        recipe = replace(RECIPE, classroom_chars=args.classroom_chars, seed=args.seed)
        plan = prepare(Path(args.corpora), Path(args.out), recipe, args.vocab_size, args.max_position_embeddings)
        print(json.dumps(plan, indent=1))
    elif args.command == "train":
        train(args)
    else:
        export_checkpoint(args)


def main() -> None:
    args = parser().parse_args()
    if args.command == "train":
        set_up_process(args.threads)
    run(args)


if __name__ == "__main__":
    main()
