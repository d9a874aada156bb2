"""Trains the bundled storyteller: `python -m model_backend.training.storyteller {prepare,train,export} --help`.

prepare  reads the corpora, trains the tokenizer, packs the rows           -> OUT/tokenizer.json, OUT/rows.npz, OUT/plan.json
train    trains or goes on from OUT/checkpoint.pt                          -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
import ctypes
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from . import checkpoint
from .decoder import Decoder, Shape
from .export import export
from .loss_curve import write_loss_curve
from .mixture import Recipe
from .packing import RowBatches, Rows, each_once
from .prepare import prepare
from .schedule import Schedule
from .trainer import Settings, Trainer, default_device

DEFAULT_TOKENS = 12_000_000


def keep_large_blocks() -> None:
    """Lets glibc reuse freed memory instead of handing it back: fresh pages cost as much as the matrix products here."""
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-4, 0)  # M_MMAP_MAX: no separate mapping for large blocks
        libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
        libc.mallopt(-2, 2**29)  # M_TOP_PAD
    except (OSError, AttributeError):
        pass  # another C library: slower, not wrong


def schedule_of(args: argparse.Namespace, state: dict | None) -> Schedule:
    """The checkpoint's schedule, unless `--total-tokens` or `--decay-now` asks for another end."""
    if state is None or args.total_tokens:
        schedule = Schedule.trapezoid(args.total_tokens or DEFAULT_TOKENS, args.warmup_tokens, args.decay_share)
    else:
        schedule = Schedule(**state["settings"]["schedule"])
    if args.decay_now:
        return schedule.decaying_from(state["progress"]["tokens"] if state else 0, args.decay_now, args.from_share)
    return schedule


def set_up_process(threads: int) -> None:
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)  # denormal attention weights make a softmax five times as slow
    keep_large_blocks()


def train(args: argparse.Namespace) -> None:
    out = Path(args.out)
    data = np.load(out / "rows.npz")
    plan = json.loads((out / "plan.json").read_text())
    state = checkpoint.load(out / "checkpoint.pt")
    shape = shape_of(args)
    settings = Settings(
        schedule=schedule_of(args, state),
        muon_lr=args.muon_lr,
        adam_lr=args.adam_lr,
        checkpoint_seconds=args.checkpoint_seconds,
        about={"shape": shape.as_dict(), "batch_rows": args.batch_rows},
    )
    torch.manual_seed(settings.seed)
    trainer = Trainer(
        settings,
        Decoder(shape, torch.bfloat16, fused=args.fused and default_device() == "cpu"),
        RowBatches(Rows(data["rows"], data["n_targets"]), args.batch_rows),
        each_once(Rows(data["test"], data["test_targets"]), args.batch_rows),
        out / "checkpoint.pt",
        plan["fingerprint"],
    )
    trainer.stop_on_signals()
    print(f"{trainer.model.n_parameters()} parameters on {default_device()}, {settings}", flush=True)
    trainer.run(max_steps=args.max_steps, log=lambda line: print(line, flush=True))


def training_record(state: dict, plan: dict, hardware: str, note: str) -> dict:
    """What the model card says about the run."""
    settings, progress = state["settings"], state["progress"]
    shape, schedule = settings["about"]["shape"], settings["schedule"]
    return {
        "shape": shape,
        "n_parameters": sum(p.numel() for p in state["model"].values()),
        "progress": {name: progress[name] for name in ("step", "tokens", "seconds")},
        "batch_tokens": settings["about"]["batch_rows"] * shape["n_positions"],
        "muon_lr": settings["muon_lr"],
        "adam_lr": settings["adam_lr"],
        "schedule": schedule,
        "hardware": hardware,
        "note": note,
        "plan": plan,
    }


def export_checkpoint(args: argparse.Namespace) -> None:
    out, to = Path(args.out), Path(args.to)
    state = checkpoint.load(out / "checkpoint.pt")
    export(
        state["model"],
        Shape(**state["settings"]["about"]["shape"]),
        Tokenizer.from_file(str(out / "tokenizer.json")),
        to,
    )
    record = training_record(state, json.loads((out / "plan.json").read_text()), args.hardware, args.note)
    (to / "training.json").write_text(json.dumps(record, indent=1) + "\n")
    write_loss_curve(state["progress"], to)
    print(f"step {state['progress']['step']}, {state['progress']['tokens']} tokens -> {to}")


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
    parser.add_argument("--corpora", required=True, help="folder of .txt or .txt.xz files")
    parser.add_argument("--mix", nargs="*", default=[], metavar="NAME=PASSES", help=f"default: {default.passes}")
    parser.add_argument("--classic-chars", type=int, default=default.classic_chars)
    parser.add_argument("--classroom-chars", type=int, default=default.classroom_chars)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--keep-tokenizer", action="store_true", help="pack for a run under way: the tokenizer stays")


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--total-tokens", type=int, help=f"positions to read in all (default: {DEFAULT_TOKENS} for a new run)"
    )
    parser.add_argument("--warmup-tokens", type=int, default=300_000)
    parser.add_argument("--decay-share", type=float, default=0.3)
    parser.add_argument(
        "--decay-now", type=int, metavar="TOKENS", help="fall to zero from here on, within so many positions"
    )
    parser.add_argument("--from-share", type=float, help="with --decay-now: begin at this share of the peak rate")
    parser.add_argument("--batch-rows", type=int, default=24)
    parser.add_argument("--muon-lr", type=float, default=0.03)
    parser.add_argument("--adam-lr", type=float, default=4e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--checkpoint-seconds", type=float, default=180.0)
    parser.add_argument("--max-steps", type=int)
    parser.add_argument("--fused", action="store_true", help="compile the GELU kernels (needs a C++ compiler)")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True)
    for name in ("prepare", "train", "export"):
        sub = commands.add_parser(name)
        sub.add_argument("--out", required=True, help="the run's folder")
        for option, value in Shape().as_dict().items():
            sub.add_argument(f"--{option.replace('_', '-')}", type=int, default=value)
        if name == "prepare":
            _add_recipe_options(sub)
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
        plan = prepare(Path(args.corpora), Path(args.out), recipe_of(args), shape_of(args), args.keep_tokenizer)
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
