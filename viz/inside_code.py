"""The programs under the cards of the inner screens, with what stands on the screen."""

import re
from collections.abc import Sequence

from viz.program_text import program

_BITS = {  # as model_backend.hub.quantization stores them
    "8-bit": "load_in_8bit=True",
    "4-bit": "load_in_4bit=True, bnb_4bit_quant_type='nf4', bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype={dtype}",
}
_OPENS = re.compile(r"^(model = \w+\.from_pretrained\(.+?, dtype=(\w+))", re.MULTILINE)


def source_of(name: str) -> str:
    """What transformers opens a model by, from the project's folder: a path for the models that ship, else its name."""
    return f"model_backend/{name}" if name.startswith("bundled/") else name


def quantized(code: str, quantization: str | None) -> str:
    """The same lines for a model whose matrices are stored in few bits; as they are where no model is opened."""
    if not quantization:
        return code
    code = re.sub(r"^(model = open_model\(.+)\)$", rf"\1, quantization={quantization!r})", code, flags=re.MULTILINE)
    code, n = _OPENS.subn(
        lambda found: (
            f"{found[1]}, device_map='cpu', quantization_config=BitsAndBytesConfig({_BITS[quantization].format(dtype=found[2])})"
        ),
        code,
    )
    imported = r"\1, BitsAndBytesConfig"
    return re.sub(r"^(from transformers import .+)$", imported, code, count=1, flags=re.MULTILINE) if n else code


def attention_code(
    name: str,
    dtype: str,
    ids: Sequence[int],
    target: Sequence[int] | None,
    kind: str,
    layer: int,
    head: int,
    query: int,
) -> str:
    """One query's row of one head's weights. `target` are the decoder's ids of an encoder-decoder, else None."""
    return program(
        "inside", "attention", name=source_of(name), dtype=dtype, ids=_list(ids), target=_list(target), kind=kind,
        layer=layer, head=head, query=query,
    )  # fmt: skip


def lens_code(name: str, ids: Sequence[int], target: Sequence[int] | None, row: int, position: int) -> str:
    """One cell of the lattice: the likeliest tokens of a row at a position."""
    return program("inside", "lens_cell", name=name, ids=_list(ids), target=_list(target), row=row, position=position)


def cosine_code(name: str, dtype: str, a: Sequence[int], b: Sequence[int]) -> str:
    """Dot product and cosine of two static vectors, each the mean over its tokens."""
    return program("inside", "cosine", name=source_of(name), dtype=dtype, first=_list(a), second=_list(b))


def analogy_code(name: str, dtype: str, inputs: Sequence[Sequence[int]], found: Sequence[Sequence[int]]) -> str:
    """a − b + c of three words by the ids of their tokens, and its cosine with each word found."""
    return program("inside", "analogy", name=source_of(name), dtype=dtype, inputs=_lists(inputs), found=_lists(found))


def axis_code(
    name: str, dtype: str, low: Sequence[Sequence[int]], high: Sequence[Sequence[int]], words: Sequence[Sequence[int]]
) -> str:
    """Where words fall on the axis of pairs, all by the ids of their tokens."""
    return program(
        "inside", "axis", name=source_of(name), dtype=dtype, low=_lists(low), high=_lists(high), words=_lists(words)
    )


def senses_code(name: str, read: Sequence[tuple[str, str, Sequence[int]]], layer: int) -> str:
    """The mean cosine distance between different senses of a word at a layer of the residual stream; `read` are the sense,
    the sentence, and the positions of the word in it."""
    seen = [(sense, sentence, _list(positions)) for sense, sentence, positions in read]
    return program("inside", "senses", name=name, seen=seen, layer=layer)


def positions_code(name: str, kind: str, number: int, n: int) -> str:
    """What is drawn of a model's position encoding: its first `n` positions or distances."""
    return program("inside", "positions", name=name, kind=kind, number=number, n=n)


def parts_code(name: str, ids: Sequence[int], target: Sequence[int] | None, position: int, token_id: int) -> str:
    """The parts of a logit and their sum."""
    return program(
        "inside", "parts", name=name, ids=_list(ids), target=_list(target), position=position, token_id=token_id
    )


def _list(ids: Sequence[int] | None) -> list[int] | None:
    return None if ids is None else [int(i) for i in ids]


def _lists(groups: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[int(i) for i in group] for group in groups]
