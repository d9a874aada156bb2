"""Lines of Python that compute what the inner screens show, with plain transformers and torch, to be copied and run."""

from collections.abc import Sequence


def source_of(name: str) -> str:
    """What transformers opens a model by, from the project's folder: a path for the models that ship, else its name."""
    return f"model_backend/{name}" if name.startswith("bundled/") else name


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
    return f"""import torch
from transformers import AutoModel
table = AutoModel.from_pretrained({source_of(name)!r}, dtype={dtype!r}).get_input_embeddings().weight.float()   # [vocab, d_model]
a, b = table[{list(a)}].mean(0), table[{list(b)}].mean(0)
print((a @ b).item(), torch.cosine_similarity(a, b, dim=0).item())
"""


def parts_code(name: str, ids: Sequence[int], target: Sequence[int] | None, position: int, token_id: int) -> str:
    """The parts of a logit and their sum."""
    call = f"model.trace({list(ids)})" if target is None else f"model.trace({list(ids)}, {list(target)})"
    return f"""from model_backend import open_model
from model_backend.attribution import logit_attribution
model = open_model({name!r})
parts = logit_attribution({call}, {token_id}, {position})
for kind, layer, value in zip(parts.kinds, parts.layers, parts.values):
    print(kind, layer, value)
print(parts.total, parts.logit)
"""
