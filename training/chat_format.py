"""How a conversation is written as tokens: each message stands between the mark of its role and `<|end|>`.

    <|endoftext|><|system|>You are Pip.<|end|><|user|>Hi!<|end|><|assistant|>Hello!<|end|>

The assistant's words and the mark that ends them are what is learnt; the rest is only read.
"""

from collections.abc import Iterable

import numpy as np
from tokenizers import Tokenizer

from training.corpus import END
from training.tokenizer import id_of

ROLES = ("system", "user", "assistant")
END_OF_TURN = "<|end|>"
CHAT_TEMPLATE = (
    "{{- bos_token }}"
    "{%- for message in messages %}"
    "{{- '<|' + message['role'] + '|>' + message['content'] | trim + '<|end|>' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"
)


def mark(role: str) -> str:
    return f"<|{role}|>"


def written(messages: Iterable[dict[str, str]]) -> str:
    """The conversation as text with its marks, without the `<|endoftext|>` before it."""
    return "".join(f"{mark(message['role'])}{message['content']}{END_OF_TURN}" for message in messages)


def encode_dialogues(tokenizer: Tokenizer, dialogues: list[list[dict[str, str]]]) -> list[list[int]]:
    """Token ids of each conversation, without `<|endoftext|>`."""
    texts = [written(messages) for messages in dialogues]
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


def learnt(rows: np.ndarray, tokenizer: Tokenizer) -> np.ndarray:
    """Which targets count: rows [n, length + 1] of packed conversations and plain documents -> [n, length] bool.

    A target counts inside an assistant's turn, its end mark included, and everywhere in a plain document. What the last mark before
    a target is decides: `<|assistant|>`, or `<|endoftext|>` (or nothing, where a document goes on from another row).
    """
    end, stop, assistant = (id_of(tokenizer, token) for token in (END, END_OF_TURN, mark("assistant")))
    openings = [id_of(tokenizer, mark(role)) for role in ROLES]
    is_mark = np.isin(rows, [end, stop, *openings])
    last = np.maximum.accumulate(np.where(is_mark, np.arange(rows.shape[1]), -1), axis=1)[
        :, :-1
    ]  # index of the last mark
    before = np.where(last >= 0, np.take_along_axis(rows, np.maximum(last, 0), axis=1), end)
    opens = np.isin(rows[:, 1:], openings)
    return (before == assistant) | ((before == end) & ~opens)
