"""Why a model stops writing: its end token, a stop word, the length that was asked for, a full context.

A model never stops by itself: the program around it does, for one of these reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Reason = Literal["end", "stop word", "length", "context"]


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: after so many new tokens, at one of the stop words, and at a full context unless the text may `slide`."""

    max_new_tokens: int = 40
    stop_words: tuple[str, ...] = ()
    slides: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Why it stopped; of a stop word which one, and at which byte of what was written it begins."""

    reason: Reason
    word: str = ""
    at_byte: int = 0


def find_stop_word(token_bytes: Sequence[bytes], words: Sequence[str]) -> Stop | None:
    """The first stop word in a text that was written as these tokens; a word may span several of them, or a part of one.

    Bytes are compared, so a word is found too where a token ends inside one of its characters.

    >>> find_stop_word([b" The", b" en", b"d."], ["end"])
    Stop(reason='stop word', word='end', at_byte=5)
    """
    text = b"".join(token_bytes)
    found = [(at, word) for word in words if word and (at := text.find(word.encode("utf-8", "surrogatepass"))) >= 0]
    if not found:
        return None
    at_byte, word = min(found, key=lambda pair: (pair[0], -len(pair[1])))
    return Stop("stop word", word, at_byte)


def why_stop(
    limits: Limits, token_bytes: Sequence[bytes], *, is_end: bool, n_tokens: int, max_positions: int
) -> Stop | None:
    """Whether to stop after what was written, `token_bytes`; `n_tokens` counts the text with what stood there before."""
    if is_end:
        return Stop("end")
    found = find_stop_word(token_bytes, limits.stop_words)
    if found is not None:
        return found
    if n_tokens >= max_positions and not limits.slides:
        return Stop("context")
    return Stop("length") if len(token_bytes) >= limits.max_new_tokens else None
