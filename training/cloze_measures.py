"""What is measured on a finished masked language model. Plain transformers in, plain numbers out."""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional as F

from training.cloze_prompts import CLOZE_PROMPTS, ClozePrompt
from training.sentence_rows import MaskedBatches
from training.two_sense_sentences import TwoSenses

TIE = 1e-6  # cosines closer than this decide nothing


@torch.inference_mode()
def masked_guesses(model, batches: MaskedBatches) -> dict:
    """Over one reading of the rows: mean nats per chosen token, and how often the right one is first or among five."""
    nats, first, five, n = 0.0, 0, 0, 0
    for i in range(batches.n_batches):
        ids, positions, targets = (torch.from_numpy(array) for array in batches[i].arrays)
        hidden = model.bert(ids).last_hidden_state.flatten(0, 1)[positions]  # [target, d_model]
        logits, label = model.cls(hidden).float(), targets.unsqueeze(1)
        nats += float(F.cross_entropy(logits, targets, reduction="sum"))
        ahead = (logits > logits.gather(1, label)).sum(-1)  # [target]
        first, five, n = first + int((ahead == 0).sum()), five + int((ahead < 5).sum()), n + len(targets)
    return {"targets": n, "nats": round(nats / n, 4), "top1": round(first / n, 4), "top5": round(five / n, 4)}


def context_ids(row: Sequence[int], place: int, mask_id: int) -> dict[str, list[int]]:
    """A row with its marks and one masked place: all else in view, and with everything after or before it masked as well.

    Masked and not cut off, so that the model sees where in the sentence the place is.

    >>> context_ids([2, 7, 8, 9, 3], 2, 4)
    {'both sides': [2, 7, 4, 9, 3], 'left side only': [2, 7, 4, 4, 3], 'right side only': [2, 4, 4, 9, 3]}
    """
    left, right = list(row[1:place]), list(row[place + 1 : -1])
    hidden_left, hidden_right = [mask_id] * len(left), [mask_id] * len(right)
    shown = {
        "both sides": (left, right),
        "left side only": (left, hidden_right),
        "right side only": (hidden_left, right),
    }
    return {name: [row[0], *before, mask_id, *after, row[-1]] for name, (before, after) in shown.items()}


@torch.inference_mode()
def context_accuracy(model, rows: list[list[int]], places: list[int], mask_id: int) -> dict:
    """How often the token at one place of each row is guessed, from its whole row and from either side alone."""
    right: dict[str, int] = dict.fromkeys(("both sides", "left side only", "right side only"), 0)
    for row, place in zip(rows, places, strict=True):
        variants = context_ids(row, place, mask_id)
        guesses = model(torch.tensor(list(variants.values()))).logits[:, place].argmax(-1)
        for name, guess in zip(variants, guesses.tolist(), strict=True):
            right[name] += guess == row[place]
    return {"rows": len(rows), **{name: round(n / len(rows), 4) for name, n in right.items()}}


@torch.inference_mode()
def lesson_result(model, tokenizer, item: ClozePrompt) -> dict:
    """Right when the likeliest token for the gap is one of the answers; with its rank and probability."""
    ids = tokenizer(item.prompt, return_tensors="pt").input_ids
    p = model(ids).logits[0, ids[0].tolist().index(tokenizer.mask_token_id)].float().softmax(-1).numpy()
    answers = tokenizer.convert_tokens_to_ids(list(item.answers))
    best = max(answers, key=lambda token: p[token])
    return {
        "topic": item.topic,
        "prompt": item.prompt,
        "answers": list(item.answers),
        "right": int(p.argmax()) in answers,
        "rank": int((p > p[best]).sum()) + 1,
        "probability": round(float(p[answers].sum()), 4),
        "says": tokenizer.convert_ids_to_tokens(int(p.argmax())),
        "top5": tokenizer.convert_ids_to_tokens(p.argsort()[::-1][:5].tolist()),
    }


def lesson_results(model, tokenizer) -> list[dict]:
    return [lesson_result(model, tokenizer, item) for item in CLOZE_PROMPTS]


@torch.inference_mode()
def word_vectors(model, tokenizer, word: str, sentences: Sequence[str]) -> np.ndarray:
    """The word's vectors [1 + layers + 1, sentence, d_model]: bare embedding, embedding with its place, after each layer."""
    token = tokenizer.convert_tokens_to_ids(word)
    found = []
    for sentence in sentences:
        ids = tokenizer(sentence, return_tensors="pt").input_ids
        place = ids[0].tolist().index(token)
        states = model(ids, output_hidden_states=True).hidden_states
        static = model.get_input_embeddings().weight[token]
        found.append(torch.stack([static, *(state[0, place] for state in states)]).float().numpy())
    return np.stack(found, axis=1)


def nearest_centroid(one: np.ndarray, other: np.ndarray) -> float:
    """Share of the vectors [n, d_model] of two senses whose cosine is larger to the centroid of their own sense.

    Each vector is left out of its own centroid; a tie counts one half, so vectors that do not differ score 0.5.
    """
    score = 0.0
    for own, foreign in ((one, other), (other, one)):
        centroids = (own.sum(0) - own) / (len(own) - 1)  # [n, d_model], row i without vector i
        lead = _cosine(own, centroids) - _cosine(own, foreign.mean(0))
        score += np.where(np.abs(lead) < TIE, 0.5, lead > 0).sum()
    return float(score / (len(one) + len(other)))


def _cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a.astype(np.float64), b.astype(np.float64)
    return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))


def sense_result(model, tokenizer, item: TwoSenses) -> dict:
    """Nearest-centroid accuracy of a word's two senses, static embedding first, then layer 0 … n."""
    one, other = (word_vectors(model, tokenizer, item.word, sense.sentences) for sense in item.senses)
    accuracy = [round(nearest_centroid(a, b), 4) for a, b in zip(one, other, strict=True)]
    return {
        "word": item.word,
        "senses": [sense.gloss for sense in item.senses],
        "sentences": [len(sense.sentences) for sense in item.senses],
        "static": accuracy[0],
        "layers": accuracy[1:],
    }
