"""A text as a tokenizer cuts it, and the three plain yardsticks that need no tokenizer: bytes, characters, words."""

import re
from dataclasses import dataclass

OPENAI = {  # who reads through it
    "cl100k_base": "GPT-3.5 and GPT-4",
    "o200k_base": "GPT-4o and later",
}
OPENAI_SIZES = {"cl100k_base": 100_256, "o200k_base": 199_998}  # merge ranks, without the special tokens
NO_OPENAI_DATA = (
    "Its merge ranks are not on this machine and could not be downloaded; `pip install rs-bpe` brings them along."
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as one tokenizer cuts it. `ids` and `token_bytes` have one entry a token (special tokens left out).

    `reason` is empty, or says why this tokenizer is not available; then there are no tokens. `source` says where its data
    came from, `is_lossless` that the bytes joined are the UTF-8 bytes of the text. `vocab_size` 0 = not a fixed list.
    """

    name: str
    title: str
    ids: tuple[int, ...] = ()
    token_bytes: tuple[bytes, ...] = ()
    source: str = ""
    reason: str = ""
    is_lossless: bool = True
    vocab_size: int = 0

    def __post_init__(self) -> None:
        if self.ids and len(self.ids) != len(self.token_bytes):
            raise ValueError(f"{len(self.ids)} ids for {len(self.token_bytes)} tokens")

    @property
    def n_tokens(self) -> int:
        return len(self.token_bytes)

    @property
    def is_available(self) -> bool:
        return not self.reason


def by_bytes(text: str) -> Cut:
    """One token a UTF-8 byte; the id is the byte.

    >>> by_bytes("hé").ids
    (104, 195, 169)
    """
    data = text.encode()
    return Cut("bytes", "Bytes (UTF-8)", tuple(data), tuple(bytes([byte]) for byte in data), vocab_size=256)


def by_characters(text: str) -> Cut:
    """One token a code point; the id is the number Unicode gives it.

    >>> by_characters("hé").ids
    (104, 233)
    """
    return Cut(
        "characters",
        "Characters (code points)",
        tuple(map(ord, text)),
        tuple(c.encode() for c in text),
        vocab_size=0x110000,
    )


def by_words(text: str) -> Cut:
    """One token a stretch without white space, with the white space before it. No ids: there is no list of all words.

    >>> by_words("How are  you? ").token_bytes
    (b'How', b' are', b'  you?', b' ')
    """
    return Cut(
        "words", "Words (cut at white space)", (), tuple(word.encode() for word in re.findall(r"\s*\S+|\s+$", text))
    )


PLAIN = {"bytes": by_bytes, "characters": by_characters, "words": by_words}
