"""Lines of Python that compute what the inner screens show, with plain transformers and torch, to be copied and run."""

import re
from collections.abc import Sequence

_BITS = {  # as model_backend.hub.quantization stores them
    "8-bit": "load_in_8bit=True",
    "4-bit": "load_in_4bit=True, bnb_4bit_quant_type='nf4', bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype={dtype}",
}
_OPENS = re.compile(r"^(model = \w+\.from_pretrained\(.+?, dtype=('\w+'))", re.MULTILINE)


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
    second = "" if target is None else f"target = torch.tensor([{list(target)}])   # [1, query]\n"
    call = "model(ids, output_attentions=True)" if target is None else "model(ids, decoder_input_ids=target, output_attentions=True)"  # fmt: skip
    field = "attentions" if target is None else f"{kind}_attentions"
    return f"""import torch
from transformers import AutoModel
model = AutoModel.from_pretrained({source_of(name)!r}, dtype={dtype!r}, attn_implementation="eager")
ids = torch.tensor([{list(ids)}])
{second}weights = {call}.{field}[{layer}][0, {head}]   # [query, key]
print(weights[{query}].tolist())
"""


def lens_code(name: str, ids: Sequence[int], target: Sequence[int] | None, row: int, position: int) -> str:
    """One cell of the lattice: the likeliest tokens of a row at a position."""
    call = f"model.trace({list(ids)})" if target is None else f"model.trace({list(ids)}, {list(target)})"
    return f"""from model_backend import open_model
model = open_model({name!r})
table = {call}.lens(5, {position})   # top_ids, top_probs [layer, 1, 5]: final norm and output matrix at every layer
for token_id, p in zip(table.top_ids[{row}, 0], table.top_probs[{row}, 0]):
    print(repr(model.piece(int(token_id))), p)
"""


def cosine_code(name: str, dtype: str, a: Sequence[int], b: Sequence[int]) -> str:
    """Dot product and cosine of two static vectors, each the mean over its tokens."""
    return f"""{_table(name, dtype)}a, b = table[{list(a)}].mean(0), table[{list(b)}].mean(0)
print((a @ b).item(), torch.cosine_similarity(a, b, dim=0).item())
"""


def _table(name: str, dtype: str) -> str:
    return f"""import torch
from transformers import AutoModel
table = AutoModel.from_pretrained({source_of(name)!r}, dtype={dtype!r}).get_input_embeddings().weight.float()   # [vocab, d_model]
"""


def analogy_code(name: str, dtype: str, inputs: Sequence[Sequence[int]], found: Sequence[Sequence[int]]) -> str:
    """a − b + c of three words by the ids of their tokens, and its cosine with each word found."""
    return f"""{_table(name, dtype)}vector = lambda ids: table[ids].mean(0)
a, b, c = (vector(ids) / vector(ids).norm() for ids in {_lists(inputs)})
for ids in {_lists(found)}:
    print(torch.cosine_similarity(a - b + c, vector(ids), dim=0).item())
"""


def axis_code(
    name: str, dtype: str, low: Sequence[Sequence[int]], high: Sequence[Sequence[int]], words: Sequence[Sequence[int]]
) -> str:
    """Where words fall on the axis of pairs, all by the ids of their tokens."""
    return f"""{_table(name, dtype)}vectors = lambda words: torch.stack([table[ids].mean(0) for ids in words])
low, high, words = vectors({_lists(low)}), vectors({_lists(high)}), vectors({_lists(words)})
direction = torch.nn.functional.normalize(high - low).sum(0)
u = direction / direction.norm()
print((((words - (low + high).mean(0) / 2) @ u) / ((high - low).mean(0) @ u / 2)).tolist())
"""


def senses_code(name: str, read: Sequence[tuple[str, str, Sequence[int]]], layer: int) -> str:
    """The mean cosine distance between different senses of a word at a layer of the residual stream; `read` are the sense,
    the sentence, and the positions of the word in it."""
    lines = "".join(f"    {(sense, sentence, list(positions))!r},\n" for sense, sentence, positions in read)
    return f"""import numpy as np
from model_backend import open_model
model = open_model({name!r})
read = [   # the sense, the sentence, and at which tokens of it the word stands
{lines}]
vectors = np.stack([model.trace(text).residual({layer})[places].mean(0) for _, text, places in read])
unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
differ = np.array([[a != b for b, _, _ in read] for a, _, _ in read])
print((1 - unit @ unit.T)[differ].mean())
"""


POSITIONS = {  # kind → lines that print what is drawn first
    "learned": "vectors = torch.tensor(found.vectors[:{n}])   # [pos, d_model]\nprint(torch.cosine_similarity(vectors[0], vectors).tolist())",
    "rotary": "angles = torch.arange({n})[:, None] * torch.tensor(found.frequencies)   # [distance, pair]\nprint(angles.cos().mean(1).tolist())",
    "alibi": "print((-torch.tensor(found.slopes)[:, None] * torch.arange({n})).tolist())   # [head, distance]",
    "relative bias": "print(torch.tensor(found.bias)[0, torch.tensor(found.bucket_of)].tolist())   # head 0",
}


def positions_code(name: str, kind: str, number: int, n: int) -> str:
    """What is drawn of a model's position encoding: its first `n` positions or distances."""
    lines = POSITIONS["learned" if kind == "sinusoidal" else kind].replace("{n}", str(n))
    return f"""import torch
from model_backend import open_model
from model_backend.analysis.positions import position_encodings
model = open_model({name!r})
found = position_encodings(model)[{number}]
{lines}
"""


def _lists(groups: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[int(i) for i in group] for group in groups]


def parts_code(name: str, ids: Sequence[int], target: Sequence[int] | None, position: int, token_id: int) -> str:
    """The parts of a logit and their sum."""
    call = f"model.trace({list(ids)})" if target is None else f"model.trace({list(ids)}, {list(target)})"
    return f"""from model_backend import open_model
from model_backend.analysis.attribution import logit_attribution
model = open_model({name!r})
parts = logit_attribution({call}, {token_id}, {position})
for kind, layer, value in zip(parts.kinds, parts.layers, parts.values):
    print(kind, layer, value)
print(parts.total, parts.logit)
"""
