"""From a text to its tokens: ids, the exact bytes each token stands for, and where it sits in the text.

The convention of special tokens is that of `tokenizer(text)`: what the model's makers put around a text is put here too
(the bundled storyteller reads `<|endoftext|>` first, BERT `[CLS] … [SEP]`), and special tokens typed in the text count as
such. Tokens that the tokenizer adds have no bytes and an empty span.

Bytes are found by walking the tokens along the UTF-8 text. If they fit from end to end, the tokenization is lossless and
the spans follow from the bytes. If not, something was changed on the way in (case, accents, spaces, unknown characters):
then the bytes say what the tokens carry, the spans come from the tokenizer, and `loss` says why.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding

from model_backend.base.errors import ModelUnavailable, check_text
from model_backend.base.records import Tokenization
from model_backend.tokens.vocabulary import Vocabulary


def tokenize(vocabulary: Vocabulary, text: str, unknown_id: int | None = None) -> Tokenization:
    """Cut `text` into tokens. Raises InvalidText where the text holds half a surrogate pair, which no encoding has."""
    check_text(text)
    encoding = _encoded(vocabulary, text)
    ids = np.array(encoding.ids, np.int64)
    typed = [not mask for mask in encoding.special_tokens_mask]
    data = _walk(vocabulary, text.encode(), encoding.ids, typed)
    if data is not None:
        spans, loss = _spans_of_bytes(text, data), ""
    else:
        data, spans = _carried(vocabulary, text, encoding, typed, unknown_id)
        unknown = any(t and i == unknown_id and not part for t, i, part in zip(typed, encoding.ids, data, strict=True))
        loss = "unknown" if unknown else _loss(text, b"".join(data).decode("utf-8", "replace"))
    return Tokenization(
        text=text,
        ids=ids,
        pieces=tuple(vocabulary.piece(i) for i in encoding.ids),
        token_bytes=tuple(data),
        spans=tuple(spans),
        is_special=np.array([vocabulary.is_special(i) for i in encoding.ids], bool),
        is_lossless=not loss,
        loss=loss,
    )


def _encoded(vocabulary: Vocabulary, text: str) -> Encoding:
    """What the tokenizer makes of a text. Raises ModelUnavailable if it breaks on it, or gives ids that the model lacks."""
    try:
        encoding = vocabulary.backend.encode(text)
    except Exception as error:  # the library knows no finer kind: a missing unknown token, a pattern that runs wild
        raise ModelUnavailable(
            "The tokenizer of this model breaks on this text ({why}).",
            "Try another text; or copy tokenizer.json anew from where the model was published.",
            reason="no_tokenizer", why=str(error)[:200],
        ) from error  # fmt: skip
    highest = max(encoding.ids, default=0)
    if highest >= vocabulary.vocab_size:
        raise ModelUnavailable(
            "The tokenizer gives the number {token_id:,} to a token of this text, and the model knows {vocab_size:,} tokens.",
            "Copy tokenizer.json and the weights from the same place.",
            reason="no_tokenizer", token_id=highest, vocab_size=vocabulary.vocab_size,
        )  # fmt: skip
    return encoding


def of_ids(vocabulary: Vocabulary, ids: Sequence[int] | np.ndarray) -> Tokenization:
    """A sequence of ids as a Tokenization of the text it stands for; special tokens have no bytes and an empty span.

    Where the ids do not add up to whole characters, the text shows the rest in hex, and nothing is claimed about spans
    inside it: `is_lossless` is then false.
    """
    numbers = [int(i) for i in ids]
    text = vocabulary.decode(numbers, skip_special=True)
    typed = [not vocabulary.is_special(i) for i in numbers]
    data = _walk(vocabulary, text.encode(), numbers, typed)
    is_lossless = data is not None
    if is_lossless:
        spans = _spans_of_bytes(text, data)
    else:
        data = [vocabulary.token_bytes(i) if t else b"" for i, t in zip(numbers, typed, strict=True)]
        ends = [
            min(len(vocabulary.decode(numbers[: n + 1], skip_special=True)), len(text)) for n in range(len(numbers))
        ]
        spans = list(zip([0, *ends], ends, strict=False))
    return Tokenization(
        text=text,
        ids=np.array(numbers, np.int64),
        pieces=tuple(vocabulary.piece(i) for i in numbers),
        token_bytes=tuple(data),
        spans=tuple((min(start, end), end) for start, end in spans),
        is_special=~np.array(typed, bool),
        is_lossless=is_lossless,
        loss="" if is_lossless else "unknown",
    )


def with_start(vocabulary: Vocabulary, tokens: Tokenization, start_id: int, n: int | None = None) -> Tokenization:
    """The token with which a decoder starts, which stands for no text, and after it the first `n` tokens (None: all)."""
    special = vocabulary.is_special
    return Tokenization(
        text=tokens.text,
        ids=np.array([start_id, *tokens.ids[:n]], np.int64),
        pieces=(vocabulary.piece(start_id), *tokens.pieces[:n]),
        token_bytes=(b"", *tokens.token_bytes[:n]),
        spans=((0, 0), *tokens.spans[:n]),
        is_special=np.array([True, *(special(i) for i in tokens.ids[:n])], bool),
        is_lossless=tokens.is_lossless,
        loss=tokens.loss,
    )


def masked(vocabulary: Vocabulary, tokens: Tokenization, positions: Collection[int], mask_id: int) -> Tokenization:
    """The tokens with those at `positions` hidden: there the mask token stands, which has no bytes. Spans stay, so that they
    say what is hidden; `loss` is then "masked"."""
    hidden = [i in positions for i in range(len(tokens))]
    if not any(hidden):
        return tokens
    mask = vocabulary.piece(mask_id)
    return Tokenization(
        text=tokens.text,
        ids=np.where(hidden, mask_id, tokens.ids),
        pieces=tuple(mask if gone else piece for gone, piece in zip(hidden, tokens.pieces, strict=True)),
        token_bytes=tuple(b"" if gone else data for gone, data in zip(hidden, tokens.token_bytes, strict=True)),
        spans=tokens.spans,
        is_special=tokens.is_special | np.array(hidden, bool),
        is_lossless=False,
        loss="masked",
    )


@dataclass(slots=True)
class _Walk:
    """A place in the UTF-8 text, moving on as tokens are matched."""

    text: bytes
    at: int = 0

    def take(self, data: bytes) -> bool:
        """Move past `data` if the text goes on with it."""
        if self.text.startswith(data, self.at):
            self.at += len(data)
            return True
        return False

    def spaces(self) -> bytes:
        """Move past whitespace and return it."""
        rest = self.text[self.at : self.at + 4096]
        blank = rest[: len(rest) - len(rest.lstrip())]
        self.at += len(blank)
        return blank


def _walk(vocabulary: Vocabulary, text: bytes, ids: list[int], typed: list[bool]) -> list[bytes] | None:
    """The bytes of each token along the text, or None where they do not fit.

    Between added tokens the text runs in sections, each tokenized for itself; a section may open with a space that the
    tokenizer put there, which is then no part of the text.
    """
    walk, data, n = _Walk(text), [], 0
    while n < len(ids):
        if not typed[n]:
            data.append(b"")
            n += 1
        elif ids[n] in vocabulary.added:
            taken = _take_added(walk, vocabulary.added[ids[n]])
            if taken is None:
                return None
            data.append(taken)
            n += 1
        else:
            end = n
            while end < len(ids) and typed[end] and ids[end] not in vocabulary.added:
                end += 1
            section = [vocabulary.token_bytes(i) for i in ids[n:end]]
            joined = b"".join(section)
            if not walk.take(joined):
                if not joined.startswith(b" ") or not walk.take(joined[1:]):
                    return None
                first = next(i for i, part in enumerate(section) if part)
                section[first] = section[first][1:]
            data += section
            n = end
    return data if walk.at == len(text) else None


def _take_added(walk: _Walk, entry: dict) -> bytes | None:
    """The text of an added token, with the blanks that it swallows on either side."""
    start = walk.at
    if entry["lstrip"]:
        walk.spaces()
    if not walk.take(entry["content"].encode()):
        return None
    if entry["rstrip"]:
        walk.spaces()
    return walk.text[start : walk.at]


def _spans_of_bytes(text: str, data: list[bytes]) -> list[tuple[int, int]]:
    """Characters that each token touches; tokens that share a character share its place.

    >>> _spans_of_bytes("né", [b"n\\xc3", b"\\xa9"])
    [(0, 2), (1, 2)]
    """
    encoded = np.frombuffer(text.encode(), np.uint8)
    character = np.append(np.cumsum((encoded & 0xC0) != 0x80) - 1, len(text))  # of each byte
    spans, at = [], 0
    for part in data:
        start, end = int(character[at]), int(character[at + len(part) - 1]) + 1
        spans.append((start, end) if part else (start, start))
        at += len(part)
    return spans


def _carried(
    vocabulary: Vocabulary, text: str, encoding: Encoding, typed: list[bool], unknown_id: int | None
) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Bytes and spans of a tokenization that lost something: what the tokens carry, where the tokenizer says they sit.

    Tokenizers differ in whether a span holds the token's leading space; here it does.
    """
    data, spans, last = [], [], 0
    opens = True
    for token_id, (start, end), is_typed in zip(encoding.ids, encoding.offsets, typed, strict=True):
        part = vocabulary.token_bytes(token_id)
        if not is_typed:
            part, start, end = b"", last, last
        elif token_id == unknown_id and text[start:end] != vocabulary.piece(token_id):
            part = b""
        elif token_id in vocabulary.added:
            part = text[start:end].encode()
        elif part.startswith(b" "):
            if start > last and text[last:start].isspace():
                start = max(last, start - (len(part) - len(part.lstrip())))
            if opens and not text[start : start + 1].isspace():
                part = part[1:]
                end = end if part else start
        opens = not is_typed or token_id in vocabulary.added
        data.append(part)
        spans.append((start, end))
        last = max(last, end)
    return data, spans


def _loss(text: str, carried: str) -> str:
    """Why the tokens do not give the text back, the plainest reason first.

    >>> _loss("Hello World", "helloworld"), _loss("two  spaces", "two spaces"), _loss("café", "cafe")
    ('lowercased', 'spaces', 'normalized')
    """
    text, carried = "".join(text.split()), "".join(carried.split())
    if carried == text:
        return "spaces"
    return "lowercased" if carried == text.lower() else "normalized"
