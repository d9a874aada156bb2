"""What the training programs share: the command line, the run, the end of an export.

A program has three commands, each with the run's folder as --out: `prepare` reads the text and writes rows and plan.json, `train`
begins or goes on from checkpoint.pt, `export` writes the present checkpoint as a transformers folder with a record of the training.
"""

import argparse
import ctypes
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from training import checkpoint
from training.fast_ops import product_type
from training.loss_curve import HELD_OUT_TEXT, write_loss_curve
from training.optimiser import Network
from training.schedule import Schedule
from training.trainer import Batch, Batches, Settings, Trainer, default_device

DEFAULT_TOKENS = 12_000_000

Commands = Mapping[str, Callable[[argparse.Namespace], dict | None]]


def parsers(description: str | None) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser of a program, and those of its commands to add to."""
    top = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True)
    subs = {name: commands.add_parser(name) for name in ("prepare", "train", "export")}
    for sub in subs.values():
        sub.add_argument("--out", required=True, help="the run's folder")
    subs["export"].add_argument("--to", required=True, help="folder to write")
    subs["export"].add_argument("--hardware", default="an unnamed machine", help="for the model card")
    subs["export"].add_argument("--note", default="", help="a sentence for the model card")
    return top, subs


def add_corpora_option(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--corpora", required=True, help="folder of .txt or .txt.xz files")


def add_shape_options(sub: argparse.ArgumentParser, shape: dict[str, int]) -> None:
    """One option for each size of the network, with its default."""
    for option, value in shape.items():
        sub.add_argument(f"--{option.replace('_', '-')}", type=int, default=value)


def add_train_options(
    sub: argparse.ArgumentParser,
    *,
    warmup_tokens: int,
    muon_lr: float,
    adam_lr: float,
    decay_share: float = 0.3,
    threads: int = 2,
) -> None:
    """The schedule, the rates (peaks) and the process; what a program lets the person change keeps its own default."""
    sub.add_argument(
        "--total-tokens", type=int, help=f"positions to read in all (default: {DEFAULT_TOKENS} for a new run)"
    )
    sub.add_argument("--warmup-tokens", type=int, default=warmup_tokens)
    sub.add_argument("--decay-share", type=float, default=decay_share)
    sub.add_argument(
        "--decay-now", type=int, metavar="TOKENS", help="fall to zero from here on, within so many positions"
    )
    sub.add_argument("--from-share", type=float, help="with --decay-now: begin at this share of the peak rate")
    sub.add_argument("--muon-lr", type=float, default=muon_lr)
    sub.add_argument("--adam-lr", type=float, default=adam_lr)
    sub.add_argument("--threads", type=int, default=threads)
    sub.add_argument("--checkpoint-seconds", type=float, default=180.0)
    sub.add_argument("--max-steps", type=int)


def schedule_of(args: argparse.Namespace, state: dict | None) -> Schedule:
    """The checkpoint's schedule, unless `--total-tokens` or `--decay-now` asks for another end."""
    if state is None or args.total_tokens:
        schedule = Schedule.trapezoid(args.total_tokens or DEFAULT_TOKENS, args.warmup_tokens, args.decay_share)
    else:
        schedule = Schedule(**state["settings"]["schedule"])
    if args.decay_now:
        return schedule.decaying_from(state["progress"]["tokens"] if state else 0, args.decay_now, args.from_share)
    return schedule


def read_plan(out: Path) -> dict:
    """What `prepare` wrote about the data."""
    return json.loads((out / "plan.json").read_text())


def settings_of(args: argparse.Namespace, about: dict, **more) -> Settings:
    """How to train, by the options and what was trained in this folder already."""
    return Settings(
        schedule=schedule_of(args, checkpoint.load(Path(args.out) / "checkpoint.pt")),
        muon_lr=args.muon_lr,
        adam_lr=args.adam_lr,
        checkpoint_seconds=args.checkpoint_seconds,
        about=about | {"arithmetic": str(product_type(default_device())).removeprefix("torch.")},
        **more,
    )


def run(args: argparse.Namespace, settings: Settings, model: Network, batches: Batches, held_out: list[Batch]) -> None:
    """Train until the schedule's end, `--max-steps` or a signal."""
    out = Path(args.out)
    trainer = Trainer(settings, model, batches, held_out, out / "checkpoint.pt", read_plan(out)["fingerprint"])
    trainer.stop_on_signals()
    print(f"{model.n_parameters()} parameters on {default_device()}, {settings}", flush=True)
    trainer.run(max_steps=args.max_steps, log=lambda line: print(line, flush=True))


def finish_export(args: argparse.Namespace, state: dict, about: dict, held_out_label: str = HELD_OUT_TEXT) -> None:
    """Write beside the exported weights what the model card says about the run: `about` and what all runs have, and the curve."""
    to, settings, progress = Path(args.to), state["settings"], state["progress"]
    record = {
        **about,
        "arithmetic": settings["about"].get("arithmetic", "bfloat16"),
        "progress": {name: progress[name] for name in ("step", "tokens", "seconds")},
        "muon_lr": settings["muon_lr"],
        "adam_lr": settings["adam_lr"],
        "schedule": settings["schedule"],
        "hardware": args.hardware,
        "note": args.note,
        "plan": read_plan(Path(args.out)),
    }
    (to / "training.json").write_text(json.dumps(record, indent=1) + "\n")
    write_loss_curve(progress, to, held_out_label)
    print(f"step {progress['step']}, {progress['tokens']} tokens -> {to}")


def evaluation_parser(description: str | None, name: str) -> argparse.ArgumentParser:
    """The parser of a program that measures the bundled model `name`, or one made anew."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=f"model_backend/bundled/{name}", help="folder of the model")
    parser.add_argument("--corpora", help="folder of texts; without it, what needs none is printed and nothing written")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def finish_evaluation(
    args: argparse.Namespace,
    found: dict,
    of_corpora: Callable[[Path, dict], dict],
    write_card: Callable[[Path, dict, dict], None],
) -> None:
    """Print what was found; with corpora measure the rest, `of_corpora(corpora, training record)`, and write evaluation and card."""
    print(json.dumps(found, indent=1, ensure_ascii=False), flush=True)
    if args.corpora:
        folder = Path(args.model)
        training = json.loads((folder / "training.json").read_text())
        found |= of_corpora(Path(args.corpora), training)
        (folder / "evaluation.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        write_card(folder, training, found)


def keep_large_blocks() -> None:
    """Lets glibc reuse freed memory instead of handing it back: fresh pages cost as much as the matrix products here."""
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-4, 0)  # M_MMAP_MAX: no separate mapping for large blocks
        libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
        libc.mallopt(-2, 2**29)  # M_TOP_PAD
    except (OSError, AttributeError):
        pass  # another C library: slower, not wrong


def set_up_process(threads: int) -> None:
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)  # denormal attention weights make a softmax five times as slow
    keep_large_blocks()


def main(parser: argparse.ArgumentParser, commands: Commands) -> None:
    """Do what the command line asks for; what a command returns is printed."""
    args = parser.parse_args()
    if args.command == "train":
        set_up_process(args.threads)
    result = commands[args.command](args)
    if result is not None:
        print(json.dumps(result, indent=1))
