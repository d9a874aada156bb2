"""Recomputes every number of the interpreter's model card: `python -m training.evaluate_interpreter --help`.

Reads the model folder and the corpora, and writes `evaluation.json` and `README.md` into the model folder. All translations are
greedy. The word aligner is trained anew on the training pairs.
"""

import math
from pathlib import Path
from typing import Any

import torch
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from torch.nn import functional as F
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from training import program
from training.cards import arithmetic, train_options, write
from training.cross_attention import encode_words, head_scores
from training.interpreter import sources
from training.pairs import LANGUAGES, MARKS, Encoded, Pair, held_out_batches
from training.translation_lessons import LESSONS, is_right
from training.translator import PAD
from training.word_aligner import WordAligner

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
    streams: Any = [[texts[i] if i < len(texts) else None for texts in accepted] for i in range(width)]
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


# --- the card ----------------------------------------------------------------------------------------------------------------


NAMES = {"fra": "French", "nld": "Dutch"}
SOURCES = {
    "fra": ("English-French pairs of Tatoeba (tatoeba.org), at most 8 English words", "CC BY 2.0 FR"),
    "nld": ("English-Dutch pairs of Tatoeba, at most 8 English words", "CC BY 2.0 FR"),
    "classroom": ("**synthetic** template pairs of this project (`classroom_pairs.py`), half French, half Dutch", "the project's own"),
}  # fmt: skip


def data_table(plan: dict) -> str:
    rows = ["| source | licence | pairs | held out | English sentences |", "|---|---|---:|---:|---:|"]
    for name, count in plan["pairs"].items():
        what, licence = SOURCES[name]
        held_out, english = plan["held_out_pairs"][name], plan["english_sentences"][name]
        rows.append(f"| `{name}`: {what} | {licence} | {count:,} | {held_out:,} | {english:,} |")
    return "\n".join(rows)


def quality_table(languages: dict) -> str:
    rows = [
        "| into | held-out pairs | English sentences | loss (nats/token) | bits/token | chrF | BLEU | word for word a reference |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {NAMES[name]} | {m['pairs']:,} | {m['sentences']:,} | {m['nats_per_token']:.3f} | {m['bits_per_token']:.3f} "
        f"| {m['chrf']:.1f} | {m['bleu']:.1f} | {m['exact']:.0%} |"
        for name, m in languages.items()
    ]
    return "\n".join(rows)


def heads_table(alignment: dict) -> str:
    """All heads and the layers' means in the better of their two conventions, best first, and the diagonal."""
    rows = ["| layer | head | rows | AER | agreement on sure links |", "|---:|---:|---|---:|---:|"]
    seen = set()
    for score in sorted(alignment["heads"] + alignment["layer_means"], key=lambda score: score["error_rate"]):
        if (score["layer"], score["head"]) not in seen:
            seen.add((score["layer"], score["head"]))
            rows.append(
                f"| {score['layer']} | {score['head']} | {score['convention']} | {score['error_rate']:.3f} | {score['agreement']:.1%} |"
            )
    same_place = alignment["diagonal"]
    rows.append(f"| | same relative place | | {same_place['error_rate']:.3f} | {same_place['agreement']:.1%} |")
    return "\n".join(rows)


def best_head_sentence(name: str, alignment: dict) -> str:
    best, mean = alignment["heads"][0], alignment["layer_means"][0]
    place_wins = alignment["diagonal"]["error_rate"] < best["error_rate"]
    return (
        f"{NAMES[name]}: layer {best['layer']}, head {best['head']} (counted from 0), in the rows {best['convention']} "
        f"the word: alignment error rate **{best['error_rate']:.3f}**, {best['agreement']:.1%} of "
        f"{alignment['sure_links']:,} sure links in {alignment['pairs']:,} held-out pairs. The mean over the heads of "
        f"layer {mean['layer']}: {mean['error_rate']:.3f}, {mean['agreement']:.1%}. Pointing at the same relative "
        f"place: {alignment['diagonal']['error_rate']:.3f}, {alignment['diagonal']['agreement']:.1%}"
        + (", better than any head: such short sentences go nearly word by word." if place_wins else ".")
    )


def lessons_table(lessons: list[dict]) -> str:
    rows = ["| English | into | says | accepted |", "|---|---|---|---|"]
    rows += [
        f"| {item['english']} | {NAMES[item['language']]} | {item['says']} | {'yes' if item['right'] else 'no: ' + item['accepted'][0]} |"
        for item in lessons
    ]
    return "\n".join(rows)


def training_paragraph(training: dict) -> str:
    shape, progress, habits = training["shape"], training["progress"], training["habits"]
    n_pairs = sum(count for name, count in training["plan"]["pairs"].items())
    return (
        f"Marian shape: {shape['n_layers']} + {shape['n_layers']} layers, post-norm, {shape['d_model']} dimensions, "
        f"{shape['n_heads']} heads, feed-forward {shape['ffn_dim']:,} with ReLU, sine positions, "
        f"{shape['vocab_size']:,} joint tokens, one embedding for both sides and the head, no dropout, no label "
        f"smoothing; {training['n_parameters']:,} parameters (the shared embedding counted once; positions are "
        f"computed), stored as float16. {progress['step']:,} steps of about {training['batch_tokens']:,} source and "
        f"target tokens, {progress['tokens'] / 1e6:.2f} M in all ({training['pairs_read']:,} pair readings, "
        f"{training['pairs_read'] / n_pairs:.1f} passes over {n_pairs:,} pairs), in {progress['seconds'] / 60:.0f} "
        f"minutes on {training['hardware']}. Muon for the blocks' matrices (peak rate {training['muon_lr']:g}), AdamW "
        f"for the rest ({training['adam_lr']:g}), {arithmetic(training)}; warm-up, constant, then a straight fall to "
        f"zero (lower half of the picture). French sources carry their mark in {1 - habits['unmarked']:.0%} of "
        f"readings, both sides lose their full stop in {habits['no_stop']:.0%}, the source is in lower case in "
        f"{habits['lower_case']:.0%}. {training['note']}"
    )


def write_card(folder: Path, training: dict, found: dict) -> None:
    """README.md in the model folder; `training` is its training.json, `found` its evaluation.json."""
    languages, lessons = found["languages"], found["lessons"]
    examples = [f"- {english} → {said}" for m in languages.values() for english, said in m["examples"]]
    write(
        folder,
        "interpreter",
        n_french=sum(item["language"] == "fra" for item in lessons),
        right_french=found["lessons_right"]["fra"],
        n_dutch=sum(item["language"] == "nld" for item in lessons),
        right_dutch=found["lessons_right"]["nld"],
        n_positions=training["shape"]["max_position_embeddings"],
        training=training_paragraph(training),
        data=data_table(training["plan"]),
        signature=" and ".join(f"`{text}`" for text in languages["fra"]["signatures"]),
        quality=quality_table(languages),
        examples="\n".join(["Held-out sentences at regular intervals:", "", *examples]),
        best="\n".join(f"- {best_head_sentence(name, m['alignment'])}" for name, m in languages.items()),
        heads=heads_table(languages["fra"]["alignment"]),
        heads_dutch=heads_table(languages["nld"]["alignment"]),
        lessons=lessons_table(lessons),
        train_options=train_options(
            training, f"--batch-tokens {training['batch_tokens']} --dutch-repeats {training['habits']['repeats'][1]}"
        ),
    )


def main() -> None:
    parser = program.evaluation_parser(__doc__, "interpreter")
    parser.add_argument("--aligned", type=int, default=600, help="held-out pairs a language for the heads")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, tokenizer = open_folder(Path(args.model))
    lessons = lesson_results(model, tokenizer)
    right = {name: sum(item["right"] for item in lessons if item["language"] == name) for name in LANGUAGES}

    def languages(corpora: Path, _: dict) -> dict:
        training, held_out = sources(corpora)
        found = {
            name: measure_language(model, tokenizer, name, training, held_out[name], args.aligned) for name in LANGUAGES
        }
        return {"languages": found}

    program.finish_evaluation(args, {"lessons": lessons, "lessons_right": right}, languages, write_card)


if __name__ == "__main__":
    main()
