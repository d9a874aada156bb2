"""How well each cross-attention head points at the word that a word aligner would link.

Row t of a decoder's cross-attention belongs to the t-th token fed in, and its output predicts the next one. So a target word can
be looked up in the rows that predict its tokens ("predicting") or in the rows that read them ("reading"); both are measured.
Attention is added over the tokens of a source word and averaged over the tokens of a target word. Beside the single heads, the
mean of each layer's heads is measured, for a layer may share the work among them.
"""

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from transformers import MarianMTModel

from training.pairs import LANGUAGES, Pair
from training.translator import END, PAD
from training.word_aligner import Alignment, Links, WordAligner, error_rate, position_prior

CONVENTIONS = ("predicting", "reading")
MEAN = "mean"  # in place of a head's number


def word_ids(encoding: Encoding) -> list[int]:
    """The word of each token; an encoding without special tokens has one for every token."""
    return [word for word in encoding.word_ids if word is not None]


def words_of(encoding: Encoding) -> list[str]:
    """The words as the tokenizer sees them: between spaces, punctuation and elisions its own, lower case.

    `encoding` is one without special tokens; `word_ids` index the list.
    """
    words = [""] * (1 + max(word_ids(encoding), default=-1))
    for token, word in zip(encoding.tokens, word_ids(encoding), strict=True):
        words[word] += token
    return [word.strip("▁").casefold() for word in words]


def encode_words(tokenizer: Tokenizer, texts: list[str]) -> list[list[str]]:
    return [words_of(encoding) for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]


def pointed_at(attention: np.ndarray, source_words: list[int], target_words: list[int], first_row: int) -> np.ndarray:
    """The source word each target word looks at most, -1 where a mark or the end token draws more than any word.

    attention [..., row, source token] of a source `mark, tokens, </s>`; `source_words`, `target_words` give the word of each
    token; the first target token is looked up in row `first_row` -> [..., n_target_words]
    """
    n_source, n_target = max(source_words) + 1, max(target_words) + 1
    into_words = np.zeros((attention.shape[-1], n_source + 2))
    into_words[np.arange(1, 1 + len(source_words)), source_words] = 1.0
    into_words[0, n_source] = into_words[1 + len(source_words), n_source + 1] = 1.0
    of_words = np.zeros((n_target, attention.shape[-2]))
    of_words[target_words, first_row + np.arange(len(target_words))] = 1.0
    of_words /= of_words.sum(1, keepdims=True)
    best = (of_words @ attention @ into_words).argmax(-1)
    return np.where(best < n_source, best, -1)


def as_links(best: np.ndarray) -> Links:
    return frozenset((int(s), t) for t, s in enumerate(best) if s >= 0)


def agreement(found: list[Links], reference: list[Alignment]) -> float:
    """Of the target words that have a sure link, the share whose link found is sure.

    >>> agreement([frozenset({(0, 0), (0, 1)})], [Alignment(frozenset({(0, 0), (1, 1)}), frozenset({(0, 0), (1, 1)}))])
    0.5
    """
    hits = sum(len({t for _, t in a & r.sure}) for a, r in zip(found, reference, strict=True))
    return hits / max(1, sum(len({t for _, t in r.sure}) for r in reference))


@torch.no_grad()
def cross_attention(model: MarianMTModel, source: list[int], target: list[int]) -> np.ndarray:
    """source `mark, tokens, </s>`, target tokens without end -> [layer, head, 1 + n_target, n_source]"""
    out = model(
        input_ids=torch.tensor([source]),
        decoder_input_ids=torch.tensor([[PAD, *target]]),
        output_attentions=True,
        use_cache=False,
    )
    return torch.stack(out.cross_attentions)[:, 0].float().numpy()


def head_scores(
    model: MarianMTModel, tokenizer: Tokenizer, marks: list[int], pairs: list[Pair], aligner: WordAligner
) -> dict:
    """Scores of every head, and of each layer's mean, in both conventions, best first; beside them the same relative place."""
    found: dict[tuple[int, int | str, str], list[Links]] = {}
    diagonal, reference = [], []
    for pair in pairs:
        source, target = (tokenizer.encode(text, add_special_tokens=False) for text in (pair.english, pair.translation))
        words = words_of(source), words_of(target)
        reference.append(aligner.align(*words))
        diagonal.append(as_links(position_prior(len(words[0]), len(words[1]))[:, 1:].argmax(1)))
        ids = [marks[LANGUAGES.index(pair.language)], *source.ids, END]
        attention = cross_attention(model, ids, target.ids)
        n_heads = attention.shape[1]
        attention = np.concatenate([attention, attention.mean(1, keepdims=True)], 1)
        for first_row, convention in enumerate(CONVENTIONS):
            best = pointed_at(attention, word_ids(source), word_ids(target), first_row)
            for layer, head in np.ndindex(best.shape[:2]):
                name = (layer, head if head < n_heads else MEAN, convention)
                found.setdefault(name, []).append(as_links(best[layer, head]))

    def measure(links: list[Links]) -> dict[str, float]:
        return {
            "error_rate": round(error_rate(links, reference), 4),
            "agreement": round(agreement(links, reference), 4),
        }

    scores = [
        {"layer": layer, "head": head, "convention": convention, **measure(links)}
        for (layer, head, convention), links in found.items()
    ]
    scores.sort(key=lambda score: score["error_rate"])
    return {
        "pairs": len(pairs),
        "sure_links": sum(len(alignment.sure) for alignment in reference),
        "diagonal": measure(diagonal),
        "heads": [score for score in scores if score["head"] != MEAN],
        "layer_means": [score for score in scores if score["head"] == MEAN],
    }
