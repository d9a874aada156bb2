"""What lies between a text and a guess: vectors, positions, heads, layers. See the package's text."""

# pyright: reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
import numpy as np
import torch
from transformers import AutoModel

from model_backend import open_model
from model_backend.analysis.attribution import logit_attribution
from model_backend.analysis.positions import position_encodings


def attention(
    name: str,
    dtype: str,
    ids: list[int],
    target: list[int] | None,
    kind: str,
    layer: int,
    head: int,
    query: int,
) -> None:
    """One query's row of one head's weights."""
    model = AutoModel.from_pretrained(name, dtype=dtype, attn_implementation="eager")
    if target is None:
        weights = model(torch.tensor([ids]), output_attentions=True).attentions
    else:
        target_ids = torch.tensor([target])  # [1, query]
        output = model(torch.tensor([ids]), decoder_input_ids=target_ids, output_attentions=True)
        if kind == "encoder":
            weights = output.encoder_attentions
        elif kind == "cross":
            weights = output.cross_attentions
        else:
            weights = output.decoder_attentions
    print(weights[layer][0, head, query].tolist())  # a layer is [1, head, query, key]


def lens_cell(name: str, ids: list[int], target: list[int] | None, row: int, position: int) -> None:
    """One cell of the lattice: the likeliest tokens of a row at a position."""
    model = open_model(name)
    trace = model.trace(ids, target)
    table = trace.lens(5, position)  # top_ids, top_probs [layer, 1, 5]: final norm and output matrix at every layer
    for token_id, p in zip(table.top_ids[row, 0], table.top_probs[row, 0], strict=True):
        print(repr(model.piece(int(token_id))), p)


def parts(name: str, ids: list[int], target: list[int] | None, position: int, token_id: int) -> None:
    """The parts of a logit and their sum."""
    model = open_model(name)
    found = logit_attribution(model.trace(ids, target), token_id, position)
    for kind, layer, value in zip(found.kinds, found.layers, found.values, strict=True):
        print(kind, layer, value)
    print(found.total, found.logit)


def table_of(name: str, dtype: str) -> torch.Tensor:
    """The static vectors of the vocabulary."""
    model = AutoModel.from_pretrained(name, dtype=dtype)
    table = model.get_input_embeddings().weight.float()  # [vocab, d_model]
    return table


def nearest(name: str, dtype: str, words: dict[str, list[int]]) -> None:
    """The point that lies nearest to the first one, by the cosine of their static vectors; each has the ids of its tokens."""
    table = table_of(name, dtype)
    points = torch.stack([table[ids].mean(0) for ids in words.values()])  # [point, d_model]
    cosines = torch.cosine_similarity(points[1:], points[:1])
    print(list(words)[1 + cosines.argmax()], cosines.max().item())


def cosine(name: str, dtype: str, first: list[int], second: list[int]) -> None:
    """Dot product and cosine of two static vectors, each the mean over its tokens."""
    table = table_of(name, dtype)
    a, b = table[first].mean(0), table[second].mean(0)
    print((a @ b).item(), torch.cosine_similarity(a, b, dim=0).item())


def analogy(name: str, dtype: str, inputs: list[list[int]], found: list[list[int]]) -> None:
    """a − b + c of three words by the ids of their tokens, and its cosine with each word found."""
    table = table_of(name, dtype)
    a, b, c = (torch.nn.functional.normalize(table[ids].mean(0), dim=0) for ids in inputs)
    for ids in found:
        print(torch.cosine_similarity(a - b + c, table[ids].mean(0), dim=0).item())


def axis(name: str, dtype: str, low: list[list[int]], high: list[list[int]], words: list[list[int]]) -> None:
    """Where words fall on the axis of pairs, all by the ids of their tokens."""
    table = table_of(name, dtype)
    lows, highs, points = (torch.stack([table[ids].mean(0) for ids in group]) for group in (low, high, words))
    direction = torch.nn.functional.normalize(highs - lows).sum(0)
    u = direction / direction.norm()
    middle, half_span = (lows + highs).mean(0) / 2, (highs - lows).mean(0) @ u / 2
    print(((points - middle) @ u / half_span).tolist())


def senses(name: str, seen: list[tuple[str, str, list[int]]], layer: int) -> None:
    """The mean cosine distance between different senses of a word at a layer of the residual stream; `seen` are the sense,
    the sentence, and the positions of the word in it."""
    model = open_model(name)
    vectors = np.stack([model.trace(text).residual(layer)[places].mean(0) for _, text, places in seen])
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    differ = np.array([[a != b for b, _, _ in seen] for a, _, _ in seen])
    print((1 - unit @ unit.T)[differ].mean())


def positions(name: str, kind: str, number: int, n: int) -> None:
    """What is drawn of a model's position encoding: its first `n` positions or distances."""
    model = open_model(name)
    found = position_encodings(model)[number]
    if kind in ("learned", "sinusoidal"):
        vectors = torch.tensor(found.vectors[:n])  # [pos, d_model]
        print(torch.cosine_similarity(vectors[0], vectors).tolist())
    elif kind == "rotary":
        angles = torch.arange(n)[:, None] * torch.tensor(found.frequencies)  # [distance, pair]
        print(angles.cos().mean(1).tolist())
    elif kind == "alibi":
        print((-torch.tensor(found.slopes)[:, None] * torch.arange(n)).tolist())  # [head, distance]
    else:
        print(torch.tensor(found.bias)[0, torch.tensor(found.bucket_of)].tolist())  # head 0
