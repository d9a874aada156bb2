"""Sentence pairs: reads them, makes their spelling even, splits them by the English side, and lays them out as batches.

A file `eng-XXX*.tsv` or `.tsv.xz` holds `English<TAB>translation`, one pair a line; one English sentence may have many.
"""

import lzma
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training.corpus import fingerprint
from training.trainer import Batch
from training.translator import END, PAD

LANGUAGES = ("fra", "nld")
MARKS = {language: f">>{language}<<" for language in LANGUAGES}


@dataclass(frozen=True)
class Pair:
    english: str
    translation: str
    language: str


def even_french(text: str) -> str:
    """French as most of the data has it: one plain space before ! ? ; : and inside « », none elsewhere.

    >>> even_french("Quoi? Il dit «oui»!")
    'Quoi ? Il dit « oui » !'
    """
    text = re.sub(r"\s*([!?;]+|:(?!\d))", r" \1", text)
    text = re.sub(r"\s*»", " »", re.sub(r"«\s*", "« ", text))
    return " ".join(text.split())


def even(text: str, language: str = "eng") -> str:
    """Typewriter apostrophes, single plain spaces; French spacing for French."""
    text = " ".join(text.replace("’", "'").split())
    return even_french(text) if language == "fra" else text


def bare(english: str) -> str:
    """What the split and the lesson list go by: without case, outer marks and double spaces.

    >>> bare("I love llamas!") == bare("i love  llamas")
    True
    """
    return " ".join(english.casefold().replace("’", "'").split()).strip(" .!?…\"'")


def read_pairs(folder: Path, language: str) -> list[Pair]:
    """The pairs of `eng-LANGUAGE*.tsv[.xz]` in the file's order, each once."""
    found: dict[Pair, None] = {}
    for path in sorted(Path(folder).glob(f"eng-{language}*.tsv*")):
        with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
            for line in file:
                english, _, translation = line.rstrip("\n").partition("\t")
                if english and translation:
                    found[Pair(even(english), even(translation, language), language)] = None
    return list(found)


def split(pairs: list[Pair], held_out_per_mille: int = 20) -> tuple[list[Pair], list[Pair]]:
    """(training, held-out). The hash of the bare English sentence decides, so no English side is in both."""
    training, held_out = [], []
    for pair in pairs:
        (held_out if fingerprint(bare(pair.english)) % 1000 < held_out_per_mille else training).append(pair)
    return training, held_out


@dataclass(frozen=True, eq=False)
class Encoded:
    """Token ids of pairs without mark and end: `sources`, `small` (the source in lower case), `targets`; `languages` indexes LANGUAGES."""

    sources: list[list[int]]
    small: list[list[int]]
    targets: list[list[int]]
    languages: list[int]

    @classmethod
    def of(cls, pairs: list[Pair], tokenizer: Tokenizer) -> "Encoded":
        def ids(texts: list[str]) -> list[list[int]]:
            return [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

        return cls(
            ids([pair.english for pair in pairs]),
            ids([pair.english.lower() for pair in pairs]),
            ids([pair.translation for pair in pairs]),
            [LANGUAGES.index(pair.language) for pair in pairs],
        )


def lay_out(items: list[tuple[list[int], list[int]]]) -> Batch:
    """(source, target) ids without end -> a batch: both ended by `</s>`, the decoder's input one step behind its labels."""
    n, width_in, width_out = len(items), max(len(s) for s, _ in items) + 1, max(len(t) for _, t in items) + 1
    source, target = np.full((n, width_in), PAD, np.int64), np.full((n, width_out), PAD, np.int64)
    labels = np.full((n, width_out), -100, np.int64)
    for i, (s, t) in enumerate(items):
        source[i, : len(s) + 1] = [*s, END]
        labels[i, : len(t) + 1] = [*t, END]
        target[i, 1 : len(t) + 1] = t
    n_targets = int((labels >= 0).sum())
    return Batch((source, target, labels), int((source != PAD).sum()) + n_targets, n_targets)


def cut(items: list[tuple[list[int], list[int]]], batch_tokens: int) -> list[list[tuple[list[int], list[int]]]]:
    """Items sorted by both lengths, cut so that a batch with its filling holds about `batch_tokens`."""
    batches, current, width_in, width_out = [], [], 0, 0
    for item in sorted(items, key=lambda item: (len(item[0]), len(item[1]))):
        width_in, width_out = max(width_in, len(item[0]) + 1), max(width_out, len(item[1]) + 1)
        if current and (len(current) + 1) * (width_in + width_out) > batch_tokens:
            batches.append(current)
            current, width_in, width_out = [], len(item[0]) + 1, len(item[1]) + 1
        current.append(item)
    return [*batches, current] if current else batches


@dataclass(frozen=True)
class Habits:
    """How a pair is shown. Shares of readings: French without its mark, both sides without full stop, source in lower case."""

    unmarked: float = 0.5
    no_stop: float = 0.15
    lower_case: float = 0.05
    repeats: tuple[int, ...] = (1, 1)  # readings a pass, by language


class PairBatches:
    """Batch i of an endless reading. Every pass shows each pair once, in new company, dress and order, all by its own seed."""

    def __init__(self, encoded: Encoded, marks: list[int], stop: int, batch_tokens: int, habits: Habits, seed: int):
        """`marks`: the token ids of MARKS by language; `stop`: the id of a full stop."""
        self.encoded, self.marks, self.stop, self.seed = encoded, marks, stop, seed
        self.batch_tokens, self.habits = batch_tokens, habits
        self._starts, self._pass, self._batches = [0], -1, []

    def _dressed(self, i: int, chance: np.ndarray) -> tuple[list[int], list[int]]:
        pairs, habits = self.encoded, self.habits
        source = pairs.small[i] if chance[2] < habits.lower_case else pairs.sources[i]
        target, language = pairs.targets[i], pairs.languages[i]
        if chance[1] < habits.no_stop and source[-1:] == target[-1:] == [self.stop] and len(target) > 2:
            source, target = source[:-1], target[:-1]
        if language != 0 or chance[0] >= habits.unmarked:
            source = [self.marks[language], *source]
        return source, target

    def _load(self, number: int) -> None:
        rng = np.random.default_rng((self.seed, number))
        order = [i for i, language in enumerate(self.encoded.languages) for _ in range(self.habits.repeats[language])]
        rng.shuffle(order)
        chances = rng.random((len(order), 3))
        items = [self._dressed(i, chance) for i, chance in zip(order, chances, strict=True)]
        batches = cut(items, self.batch_tokens)
        self._batches = [batches[j] for j in rng.permutation(len(batches))]
        self._pass = number
        if number + 1 == len(self._starts):
            self._starts.append(self._starts[-1] + len(batches))

    def _items(self, i: int) -> list[tuple[list[int], list[int]]]:
        while i >= self._starts[-1]:
            self._load(len(self._starts) - 1)
        number = int(np.searchsorted(self._starts, i, side="right")) - 1
        if number != self._pass:
            self._load(number)
        return self._batches[i - self._starts[number]]

    def __getitem__(self, i: int) -> Batch:
        return lay_out(self._items(i))

    def n_pairs(self, n_batches: int) -> int:
        """How many pairs the first `n_batches` batches read."""
        return sum(len(self._items(i)) for i in range(n_batches))


def held_out_batches(encoded: Encoded, marks: list[int], batch_tokens: int) -> list[Batch]:
    """Every held-out pair once, as it stands, with its mark."""
    marked = zip(encoded.sources, encoded.targets, encoded.languages, strict=True)
    items = [([marks[language], *source], target) for source, target, language in marked]
    return [lay_out(batch) for batch in cut(items, batch_tokens)]
