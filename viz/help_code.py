"""Lines of Python that compute a screen's main number with plain transformers and torch, to be copied and run.

Each function takes what stands on the screen and gives a program that prints the number. `ids` are those the model reads, `target`
the decoder's of an encoder-decoder, else None.
"""

from collections.abc import Sequence

from model_backend.base.families import family_of
from viz.inside_code import source_of

CLASSES = {
    "decoder": "AutoModelForCausalLM",
    "encoder": "AutoModelForMaskedLM",
    "encoder-decoder": "AutoModelForSeq2SeqLM",
}


def opening(kind: str, name: str, dtype: str) -> str:
    """The lines that open the model and its tokenizer."""
    source = source_of(name)
    return f"""import torch
from transformers import {CLASSES[kind]}, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained({source!r})
model = {CLASSES[kind]}.from_pretrained({source!r}, dtype={dtype!r}).requires_grad_(False)
"""


def reading(kind: str, ids: Sequence[int], target: Sequence[int] | None) -> tuple[str, str]:
    """(the lines that make the tensors of ids, the call's arguments)."""
    lines = f"ids = torch.tensor([{list(ids)}])   # [1, pos]\n"
    if target is None:
        return lines, "ids"
    return lines + f"target = torch.tensor([{list(target)}])   # [1, target pos]\n", "ids, decoder_input_ids=target"


def tokens_code(name: str, text: str) -> str:
    """The tokens of a text, without the special ones that a tokenizer adds, and how many they are."""
    return f"""from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained({source_of(name)!r})
ids = tokenizer({text!r}, add_special_tokens=False).input_ids
print(ids)
print([tokenizer.decode(token_id) for token_id in ids])
print(len(ids))
"""


def guess_code(kind: str, name: str, dtype: str, ids, target, position: int) -> str:
    """The likeliest token at a position and its probability."""
    tensors, arguments = reading(kind, ids, target)
    return f"""{opening(kind, name, dtype)}{tensors}logits = model({arguments}).logits[0, {position}].float()   # [vocab]
p = logits.softmax(-1)
best = p.argmax()
print(repr(tokenizer.decode(best)), p[best].item())
"""


def lens_code(kind: str, name: str, family: str, dtype: str, ids, target, position: int) -> str:
    """The best guess of every row of the lattice at a position: the logit lens."""
    tensors, arguments = reading(kind, ids, target)
    states = "decoder_hidden_states" if kind == "encoder-decoder" else "hidden_states"
    lines = f"{opening(kind, name, dtype)}{tensors}states = model({arguments}, output_hidden_states=True).{states}   # layers + 1 of [1, pos, d_model]\n"
    known = family_of(family)
    if known.final_norm:
        lines += (
            f"states = [*map(model.{known.final_norm}, states[:-1]), states[-1]]   # the last one was normed already\n"
        )
    return f"""{lines}for row, state in enumerate(states):
    p = {known.to_logits}[0, {position}].float().softmax(-1)
    print(row, repr(tokenizer.decode(p.argmax())), p.max().item())
"""


def can_read_states(family: str) -> bool:
    """Whether the lens can be written in a few lines for this family."""
    return bool(family_of(family).to_logits)


def nearest_code(name: str, dtype: str, labels: Sequence[str], ids: Sequence[Sequence[int]]) -> str:
    """The point that lies nearest to the first one, by the cosine of their static vectors."""
    points = ", ".join(f"{label!r}: {list(tokens)}" for label, tokens in zip(labels, ids, strict=True))
    return f"""import torch
from transformers import AutoModel
table = AutoModel.from_pretrained({source_of(name)!r}, dtype={dtype!r}).get_input_embeddings().weight.float()   # [vocab, d_model]
tokens = {{{points}}}
points = torch.stack([table[ids].mean(0) for ids in tokens.values()])   # [point, d_model]
cosines = torch.cosine_similarity(points[1:], points[:1])
print(list(tokens)[1 + cosines.argmax()], cosines.max().item())
"""


def chosen_lines(settings) -> str:
    """From logits z [vocab] to final probabilities p, in falling order, and the ids `order` they belong to."""
    lines = []
    if settings.repetition_penalty != 1:
        r = settings.repetition_penalty
        lines += ["seen = history.unique()", f"z[seen] = torch.where(z[seen] > 0, z[seen] / {r}, z[seen] * {r})"]
    if settings.presence_penalty or settings.frequency_penalty:
        lines += ["count = torch.bincount(history, minlength=len(z))"]
        lines += [f"z = z - {settings.presence_penalty} * (count > 0) - {settings.frequency_penalty} * count"]
    if settings.temperature == 0:
        lines += ["p, order = torch.ones(1), z.argmax().view(1)   # T = 0: the largest score takes all"]
        return "\n".join(lines) + "\n"
    if settings.temperature != 1:
        lines += [f"z = z / {settings.temperature}   # temperature"]
    if settings.top_k:
        lines += [f"z[z < z.topk({settings.top_k}).values[-1]] = -torch.inf   # top-k"]
    lines += ["p, order = z.softmax(-1).sort(descending=True)"]
    if settings.top_p < 1:
        lines += [f"p[p.cumsum(-1) - p >= {settings.top_p}] = 0   # top-p"]
    if settings.min_p > 0:
        lines += [f"p[p < {settings.min_p} * p[0]] = 0   # min-p"]
    return "\n".join([*lines, "p = p / p.sum()"]) + "\n"


def sampling_code(kind: str, name: str, dtype: str, ids, target, position: int, settings) -> str:
    """The final probability of the favourite, and one token that is drawn."""
    tensors, arguments = reading(kind, ids, target)
    read = "ids" if target is None else "target"
    history = f"history = {read}[0, :{position + 1}]\n" if settings.has_penalties else ""
    return f"""{opening(kind, name, dtype)}{tensors}z = model({arguments}).logits[0, {position}].float()   # [vocab]
{history}{chosen_lines(settings)}print(repr(tokenizer.decode(order[0])), p[0].item(), int((p > 0).sum()))
print(repr(tokenizer.decode(order[torch.multinomial(p, 1)])))
"""


def writing_code(kind: str, name: str, dtype: str, ids, target, settings, seed: int, n: int) -> str:
    """The loop: n tokens, each drawn by the dice of the seed."""
    grows = "ids" if target is None else "target"
    tensors, arguments = reading(kind, ids, target)
    history = f"history = {grows}[0]\n" if settings.has_penalties else ""
    body = f"z = model({arguments}).logits[0, -1].float()   # [vocab]\n{history}{chosen_lines(settings)}"
    return f"""import numpy
{opening(kind, name, dtype)}{tensors}dice = numpy.random.default_rng({seed})
for _ in range({n}):
{"".join(f"    {line}" for line in body.splitlines(keepends=True))}    place = torch.searchsorted(p.cumsum(-1), dice.random(), right=True)
    {grows} = torch.cat([{grows}, order[place].view(1, 1)], 1)
print(tokenizer.decode({grows}[0]))
"""
