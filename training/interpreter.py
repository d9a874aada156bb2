"""Trains the bundled interpreter: `python -m training.interpreter {prepare,train,export} --help`.

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

from training import checkpoint, program
from training.classroom_pairs import classroom_pairs
from training.fast_ops import product_type
from training.pair_tokenizer import train_pair_tokenizer, wrap_pair_tokenizer
from training.pairs import LANGUAGES, MARKS, Encoded, Habits, Pair, PairBatches, held_out_batches, read_pairs, split
from training.tokenizer import id_of
from training.trainer import default_device
from training.translation_lessons import is_lesson
from training.translator import END, PAD, Shape, Translator

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
    return tokenizer, [id_of(tokenizer, MARKS[language]) for language in LANGUAGES]


def batches_of(training: dict[str, list[Pair]], out: Path, batch_tokens: int, habits: Habits) -> PairBatches:
    """What a run with this folder reads."""
    tokenizer, marks = load_tokenizer(out)
    read = Encoded.of([pair for pairs in training.values() for pair in pairs], tokenizer)
    return PairBatches(read, marks, id_of(tokenizer, "."), batch_tokens, habits, SEED)


def train(args: argparse.Namespace) -> None:
    out = Path(args.out)
    tokenizer, marks = load_tokenizer(out)
    training, held_out = sources(Path(args.corpora))
    habits = Habits(repeats=(1, args.dutch_repeats))
    batches = batches_of(training, out, args.batch_tokens, habits)
    everything = found_pairs(held_out)
    looked_at = everything[:: max(1, len(everything) // HELD_OUT_PAIRS)]
    torch.manual_seed(SEED)
    model = Translator(shape_of(args), product_type(default_device()))
    about = {"shape": model.shape.as_dict(), "batch_tokens": args.batch_tokens, "habits": asdict(habits)}
    held_out_read = held_out_batches(Encoded.of(looked_at, tokenizer), marks, args.batch_tokens)
    program.run(args, program.settings_of(args, about), model, batches, held_out_read)


def write_folder(state: dict, shape: Shape, tokenizer: Tokenizer, folder: Path) -> None:
    """Model in float16, generation config (greedy, nothing forced) and tokenizer, as transformers' Auto classes open them."""
    translator = Translator(shape)
    translator.load_state_dict(state)
    marian = translator.marian.eval().half()
    marian.generation_config = GenerationConfig(pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=PAD)
    folder.mkdir(parents=True, exist_ok=True)
    marian.save_pretrained(str(folder))
    (folder / "model.safetensors").chmod(0o644)
    wrap_pair_tokenizer(tokenizer, shape.max_position_embeddings).save_pretrained(str(folder))


def export_checkpoint(args: argparse.Namespace) -> None:
    out = Path(args.out)
    state = checkpoint.of_run(out)
    about = state["settings"]["about"]
    shape = Shape(**about["shape"])
    write_folder(state["model"], shape, load_tokenizer(out)[0], Path(args.to))
    batches = batches_of(sources(Path(args.corpora))[0], out, about["batch_tokens"], Habits(**about["habits"]))
    n_pairs = batches.n_pairs(state["progress"]["batch"])
    about |= {"pairs_read": n_pairs, "n_parameters": Translator(shape).n_parameters()}
    program.finish_export(args, state, about, "held-out pairs")


def shape_of(args: argparse.Namespace) -> Shape:
    return Shape(args.vocab_size, args.max_position_embeddings, args.d_model, args.n_layers, args.n_heads, args.ffn_dim)


def parser() -> argparse.ArgumentParser:
    top, subs = program.parsers(__doc__)
    for sub in subs.values():
        sub.add_argument("--corpora", required=True, help="folder with eng-fra*.tsv[.xz] and eng-nld*.tsv[.xz]")
    for name in ("prepare", "train"):
        program.add_shape_options(subs[name], Shape().as_dict())
    program.add_train_options(subs["train"], warmup_tokens=500_000, muon_lr=0.02, adam_lr=2e-3, threads=1)
    subs["train"].add_argument("--batch-tokens", type=int, default=4096)
    subs["train"].add_argument("--dutch-repeats", type=int, default=1, help="readings of each Dutch pair a pass")
    return top


COMMANDS = {"prepare": prepare, "train": train, "export": export_checkpoint}

if __name__ == "__main__":
    program.main(parser(), COMMANDS)
