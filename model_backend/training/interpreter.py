"""Trains the bundled interpreter: `python -m model_backend.training.interpreter {prepare,train,export} --help`.

prepare  reads the pairs, trains the joint tokenizer, splits and counts    -> OUT/tokenizer.json, OUT/pairs.npz, OUT/plan.json
train    trains or goes on from OUT/checkpoint.pt                          -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import GenerationConfig

from . import checkpoint
from .classroom_pairs import classroom_pairs
from .loss_curve import write_loss_curve
from .pair_tokenizer import train_pair_tokenizer, wrap_pair_tokenizer
from .pairs import LANGUAGES, MARKS, Encoded, Habits, Pair, PairBatches, held_out_batches, read_pairs, split
from .storyteller import schedule_of, set_up_process
from .trainer import Settings, Trainer, default_device
from .translation_lessons import is_lesson
from .translator import END, PAD, Shape, Translator

SEED = 20261122
HELD_OUT_PAIRS = 1000  # of the held-out pairs, looked at while training
CLASSROOM_REPEATS = 3  # in the tokenizer's text, so that llamas are one token


def sources(corpora: Path) -> tuple[dict[str, list[Pair]], dict[str, list[Pair]]]:
    """(training, held-out) pairs by source: the languages of the corpus and `classroom`; no lesson sentence in either."""
    found = {language: read_pairs(corpora, language) for language in LANGUAGES}
    missing = [language for language, pairs in found.items() if not pairs]
    if missing:
        raise FileNotFoundError(f"no pairs for {', '.join(missing)} in {corpora}")
    found["classroom"] = classroom_pairs(SEED)
    parts = {name: split([pair for pair in pairs if not is_lesson(pair)]) for name, pairs in found.items()}
    return {name: part[0] for name, part in parts.items()}, {name: part[1] for name, part in parts.items()}


def found_pairs(pairs: dict[str, list[Pair]]) -> list[Pair]:
    """Those of the corpus, without the synthetic ones."""
    return [pair for language in LANGUAGES for pair in pairs[language]]


def prepare(args: argparse.Namespace) -> dict:
    """Writes the tokenizer and the plan; the pairs themselves are read again from the corpora, by the same rules."""
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    training, held_out = sources(Path(args.corpora))
    read = found_pairs(training) + CLASSROOM_REPEATS * training["classroom"]
    texts = [text for pair in read for text in (pair.english, pair.translation)]
    train_pair_tokenizer(texts, args.vocab_size).save(str(out / "tokenizer.json"))
    everything = json.dumps([[asdict(pair) for pair in pairs] for pairs in training.values()])
    plan = {
        "seed": SEED,
        "pairs": {name: len(pairs) for name, pairs in training.items()},
        "held_out_pairs": {name: len(pairs) for name, pairs in held_out.items()},
        "english_sentences": {name: len({pair.english for pair in pairs}) for name, pairs in training.items()},
        "fingerprint": hashlib.sha256(everything.encode()).hexdigest()[:16],
    }
    (out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    return plan


def load_tokenizer(out: Path) -> tuple[Tokenizer, list[int]]:
    """The run's tokenizer and the ids of its target marks."""
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    return tokenizer, [tokenizer.token_to_id(MARKS[language]) for language in LANGUAGES]


def batches_of(training: dict[str, list[Pair]], out: Path, batch_tokens: int, habits: Habits) -> PairBatches:
    """What a run with this folder reads."""
    tokenizer, marks = load_tokenizer(out)
    read = Encoded.of([pair for pairs in training.values() for pair in pairs], tokenizer)
    return PairBatches(read, marks, tokenizer.token_to_id("."), batch_tokens, habits, SEED)


def train(args: argparse.Namespace) -> None:
    out = Path(args.out)
    tokenizer, marks = load_tokenizer(out)
    training, held_out = sources(Path(args.corpora))
    habits = Habits(repeats=(1, args.dutch_repeats))
    batches = batches_of(training, out, args.batch_tokens, habits)
    everything = found_pairs(held_out)
    looked_at = everything[:: max(1, len(everything) // HELD_OUT_PAIRS)]
    state = checkpoint.load(out / "checkpoint.pt")
    torch.manual_seed(SEED)
    model = Translator(shape_of(args))
    settings = Settings(
        schedule=schedule_of(args, state),
        muon_lr=args.muon_lr,
        adam_lr=args.adam_lr,
        checkpoint_seconds=args.checkpoint_seconds,
        about={"shape": model.shape.as_dict(), "batch_tokens": args.batch_tokens, "habits": asdict(habits)},
    )
    held_out_read = held_out_batches(Encoded.of(looked_at, tokenizer), marks, args.batch_tokens)
    plan = json.loads((out / "plan.json").read_text())
    trainer = Trainer(settings, model, batches, held_out_read, out / "checkpoint.pt", plan["fingerprint"])
    trainer.stop_on_signals()
    print(f"{model.n_parameters()} parameters on {default_device()}, {settings}", flush=True)
    trainer.run(max_steps=args.max_steps, log=lambda line: print(line, flush=True))


def write_folder(state: dict, shape: Shape, tokenizer: Tokenizer, folder: Path) -> None:
    """Model in float16, generation config (greedy, nothing forced) and tokenizer, as transformers' Auto classes open them."""
    translator = Translator(shape)
    translator.load_state_dict(state)
    marian = translator.marian.eval().to(torch.float16)
    marian.generation_config = GenerationConfig(pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=PAD)
    folder.mkdir(parents=True, exist_ok=True)
    marian.save_pretrained(str(folder))
    (folder / "model.safetensors").chmod(0o644)
    wrap_pair_tokenizer(tokenizer, shape.max_position_embeddings).save_pretrained(str(folder))


def export(args: argparse.Namespace) -> None:
    out, to = Path(args.out), Path(args.to)
    state = checkpoint.load(out / "checkpoint.pt")
    settings, progress = state["settings"], state["progress"]
    shape = Shape(**settings["about"]["shape"])
    write_folder(state["model"], shape, load_tokenizer(out)[0], to)
    about = settings["about"]
    batches = batches_of(sources(Path(args.corpora))[0], out, about["batch_tokens"], Habits(**about["habits"]))
    record = {
        **about,
        "pairs_read": batches.n_pairs(progress["batch"]),
        "n_parameters": Translator(shape).n_parameters(),
        "progress": {name: progress[name] for name in ("step", "tokens", "seconds")},
        "muon_lr": settings["muon_lr"],
        "adam_lr": settings["adam_lr"],
        "schedule": settings["schedule"],
        "hardware": args.hardware,
        "note": args.note,
        "plan": json.loads((out / "plan.json").read_text()),
    }
    (to / "training.json").write_text(json.dumps(record, indent=1) + "\n")
    write_loss_curve(progress, to, held_out_label="held-out pairs")
    print(f"step {progress['step']}, {progress['tokens']} tokens -> {to}")


def shape_of(args: argparse.Namespace) -> Shape:
    return Shape(args.vocab_size, args.max_position_embeddings, args.d_model, args.n_layers, args.n_heads, args.ffn_dim)


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--total-tokens", type=int, help="source and target tokens to read in all")
    parser.add_argument("--warmup-tokens", type=int, default=500_000)
    parser.add_argument("--decay-share", type=float, default=0.3)
    parser.add_argument(
        "--decay-now", type=int, metavar="TOKENS", help="fall to zero from here on, within so many tokens"
    )
    parser.add_argument("--from-share", type=float, help="with --decay-now: begin at this share of the peak rate")
    parser.add_argument("--batch-tokens", type=int, default=4096)
    parser.add_argument("--dutch-repeats", type=int, default=1, help="readings of each Dutch pair a pass")
    parser.add_argument("--muon-lr", type=float, default=0.02)
    parser.add_argument("--adam-lr", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-seconds", type=float, default=180.0)
    parser.add_argument("--max-steps", type=int)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True)
    for name in ("prepare", "train", "export"):
        sub = commands.add_parser(name)
        sub.add_argument("--out", required=True, help="the run's folder")
        sub.add_argument("--corpora", required=True, help="folder with eng-fra*.tsv[.xz] and eng-nld*.tsv[.xz]")
        if name != "export":
            for option, value in Shape().as_dict().items():
                sub.add_argument(f"--{option.replace('_', '-')}", type=int, default=value)
        if name == "train":
            _add_train_options(sub)
        if name == "export":
            sub.add_argument("--to", required=True, help="folder to write")
            sub.add_argument("--hardware", default="an unnamed machine", help="for the model card")
            sub.add_argument("--note", default="", help="a sentence for the model card")
    return top


def main() -> None:
    args = parser().parse_args()
    if args.command == "prepare":
        print(json.dumps(prepare(args), indent=1))
    elif args.command == "train":
        set_up_process(args.threads)
        train(args)
    else:
        export(args)


if __name__ == "__main__":
    main()
