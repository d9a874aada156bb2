"""What is measured on a finished language model: bits per byte, lesson prompts, contrasts, endings.

Plain transformers in, plain numbers out.
"""

import math

import numpy as np
import torch

from training.lesson_prompts import COLOURS, CONTRASTS, LESSON_PROMPTS, SPREAD_PROMPT, LessonPrompt

STORY_OPENINGS = (
    "Once upon a time there was a little",
    "One day, a girl named Lily",
    "Tom and his dog went to the",
    "The old king had three",
    "In the middle of the forest lived a",
    "It was a rainy day and Mia",
    "The little bird was sad because",
    "There was once a poor farmer who",
    "Ben found a big red box. He opened it and",
    "The sun was shining and all the children",
)


def n_bytes(documents: list[str]) -> int:
    """Size of the texts in UTF-8; marks between documents count nothing."""
    return sum(len(document.encode()) for document in documents)


def windows(ids: list[int], end: int, length: int) -> list[tuple[list[int], int]]:
    """(inputs and last target, first target that counts) so that each token counts once, with at least half a window before it.

    >>> windows([1, 2, 3, 4, 5], end=0, length=4)
    [([0, 1, 2, 3, 4], 0), ([2, 3, 4, 5, 0], 2)]
    """
    stream = [end, *ids, end]
    n_targets = len(stream) - 1
    found, done, start = [], 0, 0
    while done < n_targets:
        stop = min(start + length, n_targets)
        found.append((stream[start : stop + 1], done - start))
        done = stop
        start = max(0, min(stop - length // 2, n_targets - length))
    return found


@torch.inference_mode()
def total_bits(model, documents: list[list[int]], end: int, batch_size: int = 32) -> float:
    """Bits for all tokens of all documents and their ends, each document read from its start mark."""
    length = model.config.n_positions
    pieces = sorted((w for ids in documents for w in windows(ids, end, length)), key=lambda w: len(w[0]))
    bits = 0.0
    for start in range(0, len(pieces), batch_size):
        batch = pieces[start : start + batch_size]
        width = max(len(tokens) for tokens, _ in batch)
        table = torch.full((len(batch), width), end)
        counted = torch.zeros(len(batch), width - 1, dtype=torch.bool)
        for row, (tokens, first) in enumerate(batch):
            table[row, : len(tokens)] = torch.tensor(tokens)
            counted[row, first : len(tokens) - 1] = True
        logits = model(table[:, :-1]).logits.float()  # [row, pos, vocab]
        nats = torch.nn.functional.cross_entropy(logits.transpose(1, 2), table[:, 1:], reduction="none")  # [row, pos]
        bits += float(nats[counted].double().sum()) / math.log(2)
    return bits


@torch.inference_mode()
def next_probabilities(model, tokenizer, prompt: str) -> np.ndarray:
    """Probability of every token after the prompt, [vocab]; the tokenizer puts its start mark before it."""
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    return model(ids).logits[0, -1].float().softmax(-1).numpy()


def first_token(tokenizer, word: str) -> int:
    """Id of the first token of a word in the middle of a sentence."""
    return tokenizer(" " + word, add_special_tokens=False).input_ids[0]


def lesson_result(model, tokenizer, item: LessonPrompt) -> dict:
    """Right when the likeliest next token begins one of the answers; with its rank and probability."""
    p = next_probabilities(model, tokenizer, item.prompt)
    right = {first_token(tokenizer, answer) for answer in item.answers}
    best = max(right, key=lambda token: p[token])
    return {
        "topic": item.topic,
        "prompt": item.prompt,
        "answers": list(item.answers),
        "right": int(p.argmax()) in right,
        "rank": int((p > p[best]).sum()) + 1,
        "probability": round(float(p[list(right)].sum()), 4),
        "says": tokenizer.decode([int(p.argmax())]),
    }


def lesson_results(model, tokenizer) -> list[dict]:
    return [lesson_result(model, tokenizer, item) for item in LESSON_PROMPTS]


def contrast_results(model, tokenizer) -> list[dict]:
    """Per prompt: the probability of the words that fit it, and of the same words after the other prompt."""
    found = []
    for contrast in CONTRASTS:
        p = [next_probabilities(model, tokenizer, prompt) for prompt in contrast.prompts]
        for side, words in enumerate(contrast.words):
            tokens = list({first_token(tokenizer, word) for word in words})
            here, there = float(p[side][tokens].sum()), float(p[1 - side][tokens].sum())
            found.append(
                {
                    "prompt": contrast.prompts[side],
                    "words": list(words),
                    "probability": round(here, 4),
                    "after_the_other_prompt": round(there, 4),
                    "says": tokenizer.decode([int(p[side].argmax())]),
                }
            )
    return found


def spread_result(model, tokenizer) -> dict:
    """How the probability spreads over the colours where any of them will do."""
    p = next_probabilities(model, tokenizer, SPREAD_PROMPT)
    colours = {colour: round(float(p[first_token(tokenizer, colour)]), 4) for colour in COLOURS}
    entropy = float(-(p[p > 0] * np.log2(p[p > 0])).sum())
    return {
        "prompt": SPREAD_PROMPT,
        "colours": colours,
        "sum": round(sum(colours.values()), 4),
        "entropy_bits": round(entropy, 3),
    }


def greedy_texts(model, tokenizer, n_tokens: int = 40) -> list[str]:
    """Each story opening with its likeliest continuation."""
    texts = []
    for opening in STORY_OPENINGS:
        ids = tokenizer(opening, return_tensors="pt").input_ids
        out = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=n_tokens,
            do_sample=False,
            pad_token_id=tokenizer.eos_token_id,
        )
        texts.append(tokenizer.decode(out[0], skip_special_tokens=True))
    return texts


def ending_share(model, tokenizer, n_stories: int = 50, n_tokens: int = 200, seed: int = 0) -> dict:
    """Share of sampled stories (temperature 0.8, top-k 40) that reach `<|endoftext|>` in time, and one of them."""
    torch.manual_seed(seed)
    ids = tokenizer([STORY_OPENINGS[0]] * n_stories, return_tensors="pt").input_ids
    out = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=n_tokens,
        do_sample=True,
        temperature=0.8,
        top_k=40,
        pad_token_id=tokenizer.eos_token_id,
    )
    ended = [bool((row[ids.shape[1] :] == tokenizer.eos_token_id).any()) for row in out]
    return {
        "n": n_stories,
        "tokens": n_tokens,
        "share": sum(ended) / n_stories,
        "example": tokenizer.decode(out[0], skip_special_tokens=True),
    }
