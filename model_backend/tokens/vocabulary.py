"""The tokens a tokenizer has: their exact bytes, how they are displayed, which are special.

How a family writes bytes into its vocabulary is read from the tokenizer's own description (tokenizer.json), never
guessed from class names:

- byte-level BPE (GPT-2, Llama 3, Qwen): every byte is one printable character of a fixed alphabet;
- SentencePiece BPE and Unigram (Llama 2, Gemma, T5): `▁` is a space, `<0xE2>` one byte where bytes are a fallback;
- WordPiece (BERT): `##` marks a continuation, spaces are in no token.
"""

import json
import threading
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from tokenizers import Tokenizer

SPACE_MARK = "▁"


def byte_alphabet() -> dict[str, int]:
    """The character that stands for each byte in byte-level BPE (GPT-2, 2019): printable Latin-1 characters stand for
    themselves, the other 68 bytes for the characters from U+0100 on, in order.

    >>> byte_alphabet()["Ġ"], byte_alphabet()["A"]
    (32, 65)
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + i): byte for i, byte in enumerate(others)}


_BYTE_OF = byte_alphabet()


def display(data: bytes) -> str:
    """Bytes as text where they are whole UTF-8, else as hex in brackets; U+FFFD never stands in for anything.

    >>> display(b" dog"), display(bytes([0xF0, 0x9F]))
    (' dog', '⟨F0 9F⟩')
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return hex_display(data)


def hex_display(data: bytes) -> str:
    """Bytes as hex in brackets: `⟨F0 9F⟩`."""
    return f"⟨{data.hex(' ').upper()}⟩"


def decode_bytes(data: bytes) -> str:
    """Whole UTF-8 characters as text, each run of stray bytes as hex.

    >>> decode_bytes("né".encode()[:2] + b"!")
    'n⟨C3⟩!'
    """
    parts, start = [], 0
    while start < len(data):
        try:
            parts.append(data[start:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            parts.append(data[start : start + error.start].decode("utf-8"))
            parts.append(hex_display(data[start + error.start : start + error.end]))
            start += error.end
    return "".join(parts)


class Vocabulary:
    """The token table of one tokenizer. Built when first asked, then every look-up is an index; safe between threads."""

    def __init__(self, backend: Tokenizer, special_ids: frozenset[int], vocab_size: int) -> None:
        self.backend = backend
        self.vocab_size = vocab_size
        self.description = json.loads(backend.to_str())
        self.added = {entry["id"]: entry for entry in self.description.get("added_tokens", [])}
        self.special_ids = special_ids | {i for i, entry in self.added.items() if entry["special"]}
        self._lock = threading.Lock()
        self._table: tuple[bytes, ...] | None = None

    def __reduce__(self) -> tuple:
        return Vocabulary, (self.backend, self.special_ids, self.vocab_size)

    @cached_property
    def style(self) -> str:
        """How bytes are written: "byte-level", "spaces marked", "word pieces" or "plain"."""
        parts = _parts(self.description, "pre_tokenizer") + _parts(self.description, "decoder")
        types = {part["type"] for part in parts}
        model = self.description["model"]
        if "ByteLevel" in types:
            return "byte-level"
        if model.get("type") == "WordPiece" or "WordPiece" in types:
            return "word pieces"
        marked = any(
            SPACE_MARK in json.dumps(part, ensure_ascii=False) for part in _parts(self.description, "normalizer")
        )
        if model.get("byte_fallback") or marked or types & {"Metaspace", "ByteFallback"}:
            return "spaces marked"
        return "plain"

    @cached_property
    def strips_leading_space(self) -> bool:
        """Whether the tokenizer's own decoder drops the space it put before the text."""
        for part in _parts(self.description, "decoder"):
            if part["type"] == "Strip" and part.get("start"):
                return True
            if part["type"] == "Metaspace":
                return part.get("prepend_scheme", "always") != "never"
        return False

    @property
    def table(self) -> tuple[bytes, ...]:
        """Bytes of every id in 0 … vocab_size - 1; ids that the tokenizer does not use have none."""
        if self._table is None:
            with self._lock:
                if self._table is None:
                    self._table = self._build()
        return self._table

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes a token stands for wherever it occurs; a special or added token stands for its name."""
        return self.table[token_id]

    def piece(self, token_id: int) -> str:
        """A token as it is displayed: its text, hex if part of a character, a special name; `⟨id 99⟩` if it has no text."""
        data = self.table[token_id]
        return display(data) if data else f"⟨id {token_id}⟩"

    def is_special(self, token_id: int) -> bool:
        """Whether a token steers the model instead of standing for text."""
        return int(token_id) in self.special_ids

    def is_continuation(self, token_id: int) -> bool:
        """Whether a token goes on with the word before it where that is written (WordPiece: `##`)."""
        prefix = self.description["model"].get("continuing_subword_prefix")
        token = self.backend.id_to_token(int(token_id)) if prefix and self.style == "word pieces" else None
        return token is not None and token.startswith(prefix) and token != prefix

    def decode(self, ids: Sequence[int] | np.ndarray, skip_special: bool = False) -> str:
        """The text of a whole sequence: characters may span tokens, and an incomplete one is shown in hex.

        Where spaces are in no token (WordPiece) the tokenizer's own decoder sets them.
        """
        ids = [int(i) for i in ids if not (skip_special and self.is_special(i))]
        if self.style in ("word pieces", "plain"):
            return self.backend.decode(ids, skip_special_tokens=False)
        parts = [self.table[i] for i in ids]
        if self.strips_leading_space:
            first = next((n for n, i in enumerate(ids) if i not in self.added), None)
            if first is not None and parts[first].startswith(b" "):
                parts[first] = parts[first][1:]
        return decode_bytes(b"".join(parts))

    def _build(self) -> tuple[bytes, ...]:
        table = [b""] * self.vocab_size
        for token, token_id in self.backend.get_vocab(with_added_tokens=True).items():
            if token_id < self.vocab_size:
                added = self.added.get(token_id)
                table[token_id] = self._bytes_of(token) if added is None else added["content"].encode()
        return tuple(table)

    def _bytes_of(self, token: str) -> bytes:
        """From the way a token is written in the vocabulary to the bytes it stands for."""
        if self.style == "byte-level":
            if all(character in _BYTE_OF for character in token):
                return bytes(_BYTE_OF[character] for character in token)
            return token.encode()
        if self.style == "word pieces":
            prefix = self.description["model"].get("continuing_subword_prefix", "##")
            return token.removeprefix(prefix).encode()
        if self.style == "spaces marked":
            if len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
                return bytes([int(token[3:5], 16)])
            return token.replace(SPACE_MARK, " ").encode()
        return token.removesuffix(self.description["model"].get("end_of_word_suffix") or "").encode()


def _parts(description: dict, name: str) -> list[dict]:
    """The steps of a tokenizer's component, a sequence taken apart."""
    component = description.get(name)
    if component is None:
        return []
    if component["type"] == "Sequence":
        steps = component.get("pretokenizers") or component.get("decoders") or component.get("normalizers") or []
        return [part for step in steps for part in _parts({name: step}, name)]
    return [component]
