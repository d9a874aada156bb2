"""Rows for masked-language modelling: [CLS], one or more sentences of one document in their order, [SEP].

Rows keep their own length and a batch holds rows of one length, so no position is filling and no attention mask is needed.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from training.cloze_prompts import plain
from training.masking import Masking
from training.tokenizer import id_of
from training.trainer import Batch
from training.wordpiece import CLS, SEP

SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"'”’)])\s+|\n+")
ALONE, LONG = 0.25, 0.1  # shares of the rows that want a single sentence, or more than half of the positions


def sentences_of(document: str) -> list[str]:
    """
    >>> sentences_of('He ran. "Stop!" she said.')
    ['He ran.', '"Stop!"', 'she said.']
    """
    return [sentence for part in SENTENCE_BREAK.split(document) if (sentence := part.strip())]


def encode_sentences(tokenizer: Tokenizer, documents: list[str], never: frozenset[str]) -> list[list[list[int]]]:
    """Runs of sentences as token ids; a sentence of `never` (in `plain` form) is left out and ends its run."""
    runs: list[list[str]] = []
    for document in documents:
        runs.append([])
        for sentence in sentences_of(document):
            if plain(sentence) in never:
                runs.append([])
            else:
                runs[-1].append(sentence)
    encoded = iter(tokenizer.encode_batch_fast([s for run in runs for s in run], add_special_tokens=False))
    return [[next(encoded).ids for _ in run] for run in runs if run]


def _room(rng: np.random.Generator, n_positions: int) -> int:
    """How many tokens the next row wants between its marks; 0 asks for a single sentence."""
    draw, half = rng.random(), n_positions // 2
    if draw < ALONE:
        return 0
    return int(rng.integers(half // 4, half - 1) if draw < 1 - LONG else rng.integers(half - 1, n_positions - 1))


def cut_into_rows(run: list[list[int]], n_positions: int, rng: np.random.Generator) -> list[list[int]]:
    """Each sentence once, cut only where it is longer than a row; without the marks."""
    rows: list[list[int]] = []
    room = -1  # left in the last row
    for sentence in run:
        if room >= len(sentence):
            rows[-1] += sentence
            room -= len(sentence)
            continue
        longest = n_positions - 2
        rows += [sentence[start : start + longest] for start in range(0, len(sentence), longest)]
        room = _room(rng, n_positions) - len(rows[-1])
    return rows


@dataclass(frozen=True, eq=False)
class SentenceRows:
    """tokens [total] uint16, starts [n_rows + 1] int64: row r is tokens[starts[r]:starts[r + 1]], with its marks."""

    tokens: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, rows: list[list[int]], tokenizer: Tokenizer) -> "SentenceRows":
        first, last = id_of(tokenizer, CLS), id_of(tokenizer, SEP)
        tokens = [token for row in rows for token in (first, *row, last)]
        starts = np.cumsum([0, *(len(row) + 2 for row in rows)])
        return cls(np.array(tokens, np.uint16), starts.astype(np.int64))

    @functools.cached_property
    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)

    def stack(self, index: np.ndarray) -> np.ndarray:
        """Rows of one length as [row, pos]."""
        length = int(self.lengths[index[0]])
        return self.tokens[self.starts[index, None] + np.arange(length)]


class MaskedBatches:
    """Batch i of a run: rows of one length, about `batch_tokens` positions, masks from (seed, i) alone."""

    def __init__(self, rows: SentenceRows, masking: Masking, batch_tokens: int, seed: int):
        self.rows, self.masking, self.seed = rows, masking, seed
        by_length = {length: np.flatnonzero(rows.lengths == length) for length in np.unique(rows.lengths)}
        self._groups = [(found, max(1, round(len(found) * n / batch_tokens))) for n, found in by_length.items()]
        self.n_batches = sum(n for _, n in self._groups)  # of one reading
        self._order: Callable[[int], list[np.ndarray]] = functools.lru_cache(maxsize=1)(self._shuffled)

    def _shuffled(self, reading: int) -> list[np.ndarray]:
        """Row numbers of each batch; every reading puts the rows together anew."""
        rng = np.random.default_rng((self.seed, reading))
        batches = [part for found, n in self._groups for part in np.array_split(rng.permutation(found), n)]
        return [batches[i] for i in rng.permutation(len(batches))]

    def __getitem__(self, i: int) -> Batch:
        reading, place = divmod(i, self.n_batches)
        ids = self.rows.stack(self._order(reading)[place])
        seen, positions, targets = self.masking(ids, np.random.default_rng((self.seed, 1, i)))
        return Batch((seen, positions, targets), n_tokens=ids.size, n_targets=len(targets))
