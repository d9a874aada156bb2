"""How a tokenizer cuts one word, step by step, with the ranks that the model really uses.

Byte-pair encoding starts from single bytes (or characters) and joins two neighbours at a time. While it was learned, the
commonest pair of the training text was joined first and got rank 0, the next got rank 1, and so on; to cut a new word, the
pair with the lowest rank is joined again and again until no neighbours stand in the table.

Worked example, with the table  0: l+o   1: lo+w   2: e+r   3: low+er:

    l o w e r      l+o is rank 0, e+r is rank 2: join l+o
    lo w e r       lo+w is rank 1, e+r is rank 2: join lo+w
    low e r        only e+r is in the table
    low er         low+er is rank 3
    lower          one piece is left: done

Sources: P. Gage, "A New Algorithm for Data Compression", The C Users Journal 12(2), 1994; R. Sennrich, B. Haddow, A. Birch,
"Neural Machine Translation of Rare Words with Subword Units", ACL 2016. WordPiece and Unigram tokenizers do not merge; how
they cut is in `segmentation.py`, behind the same `merge_steps`.
"""

import json
import re
import weakref
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from model_backend.tokens.segmentation import Match, Segmentation, best_segmentations, longest_matches
from model_backend.tokens.vocabulary import byte_alphabet

KINDS = {"BPE": "bpe", "WordPiece": "wordpiece", "Unigram": "unigram", "WordLevel": "wordlevel"}
_BYTE_OF = byte_alphabet()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a word: `token` as the vocabulary spells it, the text `bytes` it stands for, its id (-1: not in the vocabulary)."""

    token: str
    bytes: bytes
    id: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbours that the merge table can join. `position` is that of the left one; rank 0 was learned first."""

    position: int
    left: str
    right: str
    rank: int


@dataclass(frozen=True, slots=True)
class MergeStep:
    """One merge: the pieces before it, every pair of neighbours that stands in the table, and the pair that is joined.

    `merged` is the pair of lowest rank, the leftmost of equals; `positions` are all the places (of left pieces, in `pieces`)
    where it is joined before another pair has its turn.
    """

    pieces: tuple[Piece, ...]
    pairs: tuple[Pair, ...]
    merged: Pair
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch that is cut on its own; no merge crosses its border. `steps` is filled by BPE, `matches` by WordPiece,
    `choices` (best first) by Unigram. `whole` says that the stretch was taken as one token at once: "special" for a
    special token, "known" where the tokenizer looks a word up before it cuts."""

    text: str
    start: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    steps: tuple[MergeStep, ...] = ()
    matches: tuple[Match, ...] = ()
    choices: tuple[Segmentation, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class MergeTrace:
    """How `word` was cut. `kind` is "bpe", "wordpiece", "unigram" or "wordlevel"; `agrees` says that the pieces are those
    which the tokenizer itself gives for this word alone; `n_merges` is the length of the merge table (0 without one)."""

    word: str
    kind: str
    chunks: tuple[Chunk, ...]
    agrees: bool
    n_merges: int = 0

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for chunk in self.chunks for piece in chunk.pieces)


Row = tuple[list[str], list[Pair], Pair, list[int]]


def merge_all(pieces: list[str], ranks: dict[tuple[str, str], int], prefix: str = "") -> list[Row]:
    """Join neighbours by rank until none stands in the table; one entry a step: pieces before, pairs, pair joined, positions.

    One occurrence is joined at a time, lowest rank first and leftmost among equals, as the tokenizers library does; merges of
    the same pair that follow each other directly make one step. `pieces` holds the result afterwards. `prefix` is the mark of
    a piece inside a word ("##" in some tables, mostly empty): the right piece loses it when it is joined.

    >>> word = list("lower")
    >>> steps = merge_all(word, {("l", "o"): 0, ("lo", "w"): 1, ("e", "r"): 2, ("low", "er"): 3})
    >>> [step[2].rank for step in steps], word
    ([0, 1, 2, 3], ['lower'])
    """
    steps: list[Row] = []
    while pairs := _pairs(pieces, ranks):
        best = min(pairs, key=lambda pair: (pair.rank, pair.position))
        if (
            steps and steps[-1][2].rank == best.rank
        ):  # the same pair again: its place in the row before is further right
            steps[-1][3].append(best.position + len(steps[-1][3]))
        else:
            steps.append((list(pieces), pairs, best, [best.position]))
        pieces[best.position : best.position + 2] = [best.left + best.right.removeprefix(prefix)]
    return steps


def _pairs(pieces: list[str], ranks: dict[tuple[str, str], int]) -> list[Pair]:
    neighbours = enumerate(pairwise(pieces))
    return [Pair(i, *pair, ranks[pair]) for i, pair in neighbours if pair in ranks]


class Cutter:
    """A tokenizer taken apart: its merge table, its vocabulary and its rules, read from its own JSON. Build once, use often.

    Takes a Model, a transformers fast tokenizer, a `tokenizers.Tokenizer` or the text of a tokenizer.json.
    """

    def __init__(self, tokenizer: Any) -> None:
        from tokenizers import Tokenizer

        if hasattr(tokenizer, "vocabulary"):  # a Model
            tokenizer = tokenizer.vocabulary.backend
        tokenizer = getattr(tokenizer, "backend_tokenizer", tokenizer)
        text = tokenizer if isinstance(tokenizer, str) else tokenizer.to_str()
        spec = json.loads(text)
        self.model = spec["model"] | {"dropout": None}
        self.kind = KINDS[spec["model"]["type"]]
        self.is_byte_level = "ByteLevel" in json.dumps([spec["pre_tokenizer"], spec["decoder"], spec["normalizer"]])
        self.added = {entry["content"]: entry["id"] for entry in spec["added_tokens"]}
        self.backend = Tokenizer.from_str(
            text
        )  # our own copy: padding, truncation and dropout of the caller do not reach it
        self.backend.no_padding()
        self.backend.no_truncation()
        if self.kind == "bpe":
            self.backend.model.dropout = None

    @cached_property
    def ranks(self) -> dict[tuple[str, str], int]:
        """The merge table: (left, right) -> rank, 0 = learned first; empty for tokenizers that do not merge."""
        merges = self.model.get("merges", ())
        pairs = (merge.split(" ") if isinstance(merge, str) else merge for merge in merges)
        return {(left, right): rank for rank, (left, right) in enumerate(pairs)}

    @cached_property
    def made_by(self) -> dict[str, int]:
        """Token -> rank of the first merge that makes it; a token that is not here is a start piece or was added by hand."""
        table: dict[str, int] = {}
        prefix = self.model.get("continuing_subword_prefix") or ""
        for (left, right), rank in self.ranks.items():
            table.setdefault(left + right.removeprefix(prefix), rank)
        return table

    def made_by_id(self, token_id: int) -> int | None:
        """Rank of the first merge that makes this token, or None where no merge does."""
        return self.made_by.get(self.backend.id_to_token(token_id) or "")

    def piece(self, token: str) -> Piece:
        """The piece for a token of the vocabulary."""
        token_id = self.backend.token_to_id(token)
        return Piece(token, self.bytes_of(token), -1 if token_id is None else token_id)

    def bytes_of(self, token: str) -> bytes:
        """The text bytes a token stands for; marks such as `▁`, `##` and `</w>` become what they mean."""
        if token in self.added:
            return token.encode()
        if self.is_byte_level:
            return b"".join(bytes([_BYTE_OF[c]]) if c in _BYTE_OF else c.encode() for c in token)
        if re.fullmatch(r"<0x[0-9A-Fa-f]{2}>", token):
            return bytes([int(token[3:5], 16)])
        prefix, suffix = self.model.get("continuing_subword_prefix"), self.model.get("end_of_word_suffix")
        return token.removeprefix(prefix or "").removesuffix(suffix or "").replace("▁", " ").encode()

    def trace(self, word: str) -> MergeTrace:
        """How this word was cut, checked against the tokenizer's own answer for the word alone."""
        chunks = tuple(chunk for part in self._split_added(word) for chunk in self._chunks(part))
        own = self.backend.encode(word, add_special_tokens=False)
        agrees = [piece.token for chunk in chunks for piece in chunk.pieces] == own.tokens
        return MergeTrace(word, self.kind, chunks, agrees, len(self.ranks))

    def _split_added(self, text: str) -> list[str]:
        if not any(token in text for token in self.added):
            return [text]
        longest_first = sorted(self.added, key=len, reverse=True)
        return [part for part in re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text) if part]

    def _chunks(self, part: str) -> list[Chunk]:
        if part in self.added:
            whole = (self.piece(part),)
            return [Chunk(part, whole, whole, whole="special")]
        if self.backend.normalizer is not None:
            part = self.backend.normalizer.normalize_str(part)
        stretches = [part]
        if self.backend.pre_tokenizer is not None:
            stretches = [stretch for stretch, _ in self.backend.pre_tokenizer.pre_tokenize_str(part)]
        cut = {"bpe": self._merge, "wordpiece": self._match, "unigram": self._choose, "wordlevel": self._look_up}[
            self.kind
        ]
        return [cut(stretch) for stretch in stretches if stretch]

    def _text(self, stretch: str) -> str:
        return self.bytes_of(stretch).decode(errors="backslashreplace")

    def _merge(self, stretch: str) -> Chunk:
        if self.model.get("ignore_merges") and self.backend.token_to_id(stretch) is not None:
            whole = (self.piece(stretch),)
            return Chunk(self._text(stretch), whole, whole, whole="known")
        symbols = self._start(stretch)
        start = tuple(map(self.piece, symbols))
        prefix = self.model.get("continuing_subword_prefix") or ""
        steps = tuple(
            MergeStep(tuple(map(self.piece, row)), tuple(pairs), merged, tuple(positions))
            for row, pairs, merged, positions in merge_all(symbols, self.ranks, prefix)
        )
        return Chunk(self._text(stretch), start, tuple(map(self.piece, symbols)), steps)

    def _start(self, stretch: str) -> list[str]:
        """The pieces a word begins as: characters that the vocabulary knows, else their bytes, else the unknown token."""
        prefix, suffix = self.model.get("continuing_subword_prefix") or "", self.model.get("end_of_word_suffix") or ""
        symbols: list[str] = []
        unknown = self.model.get("unk_token")
        for i, character in enumerate(stretch):
            symbol = (prefix if i else "") + character + (suffix if i == len(stretch) - 1 else "")
            as_bytes = [f"<0x{byte:02X}>" for byte in symbol.encode()]
            if self.backend.token_to_id(symbol) is not None:
                symbols.append(symbol)
            elif self.model.get("byte_fallback") and all(self.backend.token_to_id(b) is not None for b in as_bytes):
                symbols += as_bytes
            elif unknown is not None and not (self.model.get("fuse_unk") and symbols[-1:] == [unknown]):
                symbols.append(unknown)
        return symbols

    def _match(self, stretch: str) -> Chunk:
        vocabulary, model = self.backend.token_to_id, self.model
        found = longest_matches(
            stretch, vocabulary, model["continuing_subword_prefix"], model["max_input_chars_per_word"]
        )
        tokens = [match.token for match in found] if found and found[-1].token else [model["unk_token"]]
        start = tuple(Piece(c, c.encode(), -1) for c in stretch)
        return Chunk(stretch, start, tuple(map(self.piece, tokens)), matches=tuple(found))

    def _choose(self, stretch: str) -> Chunk:
        own = [self.piece(token.value) for token in self.backend.model.tokenize(stretch)]
        choices = best_segmentations(stretch, self._scores, self.model["unk_id"], n=3)
        start = tuple(Piece(c, self.bytes_of(c), -1) for c in stretch)
        return Chunk(self._text(stretch), start, tuple(own), choices=tuple(choices))

    @cached_property
    def _scores(self) -> dict[str, float]:
        return {token: score for token, score in self.model["vocab"]}

    def _look_up(self, stretch: str) -> Chunk:
        known = self.backend.token_to_id(stretch) is not None
        whole = (self.piece(stretch if known else self.model["unk_token"]),)
        return Chunk(stretch, whole, whole, whole="known" if known else "unknown")


_cutters: weakref.WeakKeyDictionary[object, Cutter] = weakref.WeakKeyDictionary()


def cutter_for(tokenizer: object) -> Cutter:
    """The Cutter of a Model or a tokenizer, built once and kept as long as that lives (reading 100,000 merges takes half a second)."""
    if isinstance(tokenizer, str):
        return Cutter(tokenizer)
    if tokenizer not in _cutters:
        _cutters[tokenizer] = Cutter(tokenizer)
    return _cutters[tokenizer]


def merge_steps(tokenizer: object, word: str) -> MergeTrace:
    """How `tokenizer` (a Model, a transformers or a tokenizers tokenizer, or the text of a tokenizer.json) cuts `word`."""
    return cutter_for(tokenizer).trace(word)
