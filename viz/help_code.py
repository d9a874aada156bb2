"""The program under a screen's help: it computes the screen's main number, with what stands on the screen.

`ids` are those the model reads, `target` the decoder's of an encoder-decoder, else None.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from model_backend.base.families import family_of
from viz.inside_code import source_of
from viz.program_text import program


def tokens_code(name: str, text: str) -> str:
    """The tokens of a text, without the special ones that a tokenizer adds, and how many they are."""
    return program("predicting", "tokens", name=source_of(name), text=text)


def guess_code(kind: str, name: str, dtype: str, ids, target, position: int) -> str:
    """The likeliest token at a position and its probability."""
    return program("predicting", "guess", **_model(kind, name, dtype), **_texts(ids, target), position=position)


def lens_code(kind: str, name: str, family: str, dtype: str, ids, target, position: int) -> str:
    """The best guess of every row of the lattice at a position: the logit lens."""
    return program(
        "predicting", "lens", **_model(kind, name, dtype), family=family, **_texts(ids, target), position=position
    )


def can_read_states(family: str) -> bool:
    """Whether the lens can be written in a few lines for this family."""
    return family_of(family).has_short_lens


def nearest_code(name: str, dtype: str, labels: Sequence[str], ids: Sequence[Sequence[int]]) -> str:
    """The point that lies nearest to the first one, by the cosine of their static vectors."""
    words = {label: [int(i) for i in tokens] for label, tokens in zip(labels, ids, strict=True)}
    return program("inside", "nearest", name=source_of(name), dtype=dtype, words=words)


def sampling_code(kind: str, name: str, dtype: str, ids, target, position: int, settings, by: str = "sampling") -> str:
    """The final probability of the favourite, and one token that is drawn; `by` torch alone ("sampling"), or by transformers'
    "processors"."""
    return program(
        "predicting", by,
        **_model(kind, name, dtype), **_texts(ids, target), position=position, **asdict(settings),
    )  # fmt: skip


def writing_code(kind: str, name: str, dtype: str, ids, target, settings, seed: int, n: int) -> str:
    """The loop: n tokens, each drawn by the dice of the seed."""
    return program(
        "predicting", "writing", **_model(kind, name, dtype), **_texts(ids, target), seed=seed, n=n, **asdict(settings)
    )


def loss_code(name: str, dtype: str, text: str, position: int) -> str:
    """The loss after `position` and the mean over the prompt.

    `dtype` is the number format the app uses: left out, transformers takes that of the file, and the third digit differs.
    """
    return program("predicting", "loss", **_model("decoder", name, dtype), text=text, position=position)


def translation_loss_code(name: str, dtype: str, text: str, target_ids: Sequence[int], position: int) -> str:
    """As `loss_code`, for a translator: the loss after `position` of the target, whose ids begin with the start token."""
    opened = _model("encoder-decoder", name, dtype)
    target = [int(i) for i in target_ids]
    return program("predicting", "translation_loss", **opened, text=text, target=target, position=position)


def gap_loss_code(name: str, dtype: str, text: str, position: int, positions: Sequence[int]) -> str:
    """Each of `positions` hidden in turn: the loss at `position`, and the mean."""
    opened, hidden = _model("encoder", name, dtype), [int(i) for i in positions]
    return program("predicting", "gap_loss", **opened, text=text, position=position, positions=hidden)


def _model(kind: str, name: str, dtype: str) -> dict[str, Any]:
    return {"name": source_of(name), "dtype": dtype, "kind": kind}


def _texts(ids: Sequence[int], target: Sequence[int] | None) -> dict[str, Any]:
    return {"ids": [int(i) for i in ids], "target": None if target is None else [int(i) for i in target]}
