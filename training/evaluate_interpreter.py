"""Recomputes every number of the interpreter's model card: `python -m training.evaluate_interpreter --help`.

Reads the model folder and the corpora, and writes `evaluation.json` and `README.md` into the model folder. All translations are
greedy. The word aligner is trained anew on the training pairs.
"""

import argparse
import json
import math
from pathlib import Path

import torch
from sacrebleu.metrics import BLEU, CHRF
from torch.nn import functional as F
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from .cross_attention import encode_words, head_scores
from .interpreter import sources
from .interpreter_card import write_card
from .pairs import LANGUAGES, MARKS, Encoded, Pair, held_out_batches
from .translation_lessons import LESSONS, is_right
from .translator import PAD
from .word_aligner import WordAligner

BATCH = 64  # sentences translated at once
NEW_TOKENS = 40


def open_folder(folder: Path):
    """(model in float32 that shows its attention, tokenizer)"""
    model = AutoModelForSeq2SeqLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)


@torch.no_grad()
def translate(model, tokenizer, texts: list[str]) -> list[str]:
    """Greedy translations of source texts (marks included), in their order."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = [""] * len(texts)
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        ids = tokenizer.pad({"input_ids": tokenizer([texts[i] for i in part])["input_ids"]}, return_tensors="pt")
        out = model.generate(
            input_ids=ids["input_ids"],
            attention_mask=ids["attention_mask"],
            do_sample=False,
            num_beams=1,
            max_new_tokens=NEW_TOKENS,
        )
        for i, text in zip(part, tokenizer.batch_decode(out, skip_special_tokens=True), strict=True):
            found[i] = text.strip()
    return found


def references(pairs: list[Pair]) -> dict[str, list[str]]:
    """All translations of each English sentence."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        found.setdefault(pair.english, []).append(pair.translation)
    return found


def text_scores(translations: list[str], accepted: list[list[str]]) -> dict:
    """chrF and BLEU of sacrebleu, each sentence against all its references."""
    width = max(map(len, accepted))
    streams = [[texts[i] if i < len(texts) else None for texts in accepted] for i in range(width)]
    chrf, bleu = CHRF(), BLEU()
    found = {
        "chrf": round(chrf.corpus_score(translations, streams).score, 2),
        "bleu": round(bleu.corpus_score(translations, streams).score, 2),
        "exact": round(sum(t in texts for t, texts in zip(translations, accepted, strict=True)) / len(accepted), 4),
    }
    return {**found, "signatures": [str(chrf.get_signature()), str(bleu.get_signature())]}


@torch.no_grad()
def held_out_loss(model, tokenizer, pairs: list[Pair]) -> dict:
    """Mean loss of the true next token, the end included, over every pair with its mark."""
    marks = [tokenizer.convert_tokens_to_ids(MARKS[language]) for language in LANGUAGES]
    total, counted = 0.0, 0
    for batch in held_out_batches(Encoded.of(pairs, tokenizer.backend_tokenizer), marks, 4096):
        source, target, labels = map(torch.from_numpy, batch.arrays)
        logits = model(input_ids=source, attention_mask=(source != PAD).long(), decoder_input_ids=target).logits
        total += F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100, reduction="sum").item()
        counted += batch.n_targets
    nats = total / counted
    return {"tokens": counted, "nats_per_token": round(nats, 4), "bits_per_token": round(nats / math.log(2), 4)}


def lesson_results(model, tokenizer) -> list[dict]:
    """French lessons without mark, as a class types them; Dutch ones with theirs."""
    marked = [lesson.english if lesson.language == "fra" else f"{MARKS['nld']} {lesson.english}" for lesson in LESSONS]
    return [
        {
            "english": lesson.english,
            "language": lesson.language,
            "says": says,
            "accepted": lesson.accepted,
            "right": is_right(lesson, says),
        }
        for lesson, says in zip(LESSONS, translate(model, tokenizer, marked), strict=True)
    ]


def measure_language(model, tokenizer, language: str, training: dict, held_out: list[Pair], n_aligned: int) -> dict:
    """Loss, chrF, BLEU and the heads of one language on its held-out pairs; `n_aligned` of them for the heads."""
    accepted = references(held_out)
    translations = translate(model, tokenizer, [f"{MARKS[language]} {english}" for english in accepted])
    found = {
        "pairs": len(held_out),
        "sentences": len(accepted),
        **held_out_loss(model, tokenizer, held_out),
        **text_scores(translations, list(accepted.values())),
        "examples": [list(pair) for pair in zip(accepted, translations, strict=True)][:: max(1, len(accepted) // 12)][
            :12
        ],
    }
    backend = tokenizer.backend_tokenizer
    marks = [tokenizer.convert_tokens_to_ids(MARKS[language]) for language in LANGUAGES]
    read = training[language] + [pair for pair in training["classroom"] if pair.language == language]
    aligner = WordAligner(
        list(
            zip(
                encode_words(backend, [pair.english for pair in read]),
                encode_words(backend, [pair.translation for pair in read]),
                strict=True,
            )
        )
    )
    every = max(1, len(held_out) // n_aligned)
    return {**found, "alignment": head_scores(model, backend, marks, held_out[::every][:n_aligned], aligner)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="model_backend/bundled/interpreter", help="folder of the model")
    parser.add_argument("--corpora", help="folder of pairs; without it only the lessons are translated and printed")
    parser.add_argument("--aligned", type=int, default=600, help="held-out pairs a language for the heads")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    folder = Path(args.model)
    model, tokenizer = open_folder(folder)
    lessons = lesson_results(model, tokenizer)
    right = {name: sum(item["right"] for item in lessons if item["language"] == name) for name in LANGUAGES}
    found = {"lessons": lessons, "lessons_right": right}
    print(json.dumps(found, indent=1, ensure_ascii=False), flush=True)
    if args.corpora:
        training, held_out = sources(Path(args.corpora))
        found["languages"] = {
            language: measure_language(model, tokenizer, language, training, held_out[language], args.aligned)
            for language in LANGUAGES
        }
        (folder / "evaluation.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        write_card(folder, json.loads((folder / "training.json").read_text()), found)


if __name__ == "__main__":
    main()
