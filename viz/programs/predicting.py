"""What a model makes of a text: its guess, its loss, the lens, and what is drawn and written. See the package's text."""

# transformers asks for a LongTensor, a type that torch gives to no tensor
# pyright: reportArgumentType=false
from typing import Any

import numpy
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)


def opened(name: str, dtype: str, kind: str) -> tuple[Any, Any]:
    """A tokenizer and a model by the name that transformers knows them by."""
    tokenizer = AutoTokenizer.from_pretrained(name)
    if kind == "decoder":
        model = AutoModelForCausalLM.from_pretrained(name, dtype=dtype).requires_grad_(False)
    elif kind == "encoder":
        model = AutoModelForMaskedLM.from_pretrained(name, dtype=dtype).requires_grad_(False)
    else:
        model = AutoModelForSeq2SeqLM.from_pretrained(name, dtype=dtype).requires_grad_(False)
    return tokenizer, model


def read(model: Any, ids: list[int], target: list[int] | None) -> torch.Tensor:
    """The logits after every position; an encoder-decoder's are those of its target."""
    if target is None:
        logits = model(torch.tensor([ids])).logits  # [1, pos, vocab]
    else:
        logits = model(torch.tensor([ids]), decoder_input_ids=torch.tensor([target])).logits  # [1, target pos, vocab]
    return logits


def tokens(name: str, text: str) -> None:
    """The tokens of a text, without the special ones that a tokenizer adds, and how many they are."""
    tokenizer = AutoTokenizer.from_pretrained(name)
    ids = tokenizer(text, add_special_tokens=False).input_ids
    print(ids)
    print([tokenizer.decode(token_id) for token_id in ids])
    print(len(ids))


def guess(name: str, dtype: str, kind: str, ids: list[int], target: list[int] | None, position: int) -> None:
    """The likeliest token at a position and its probability."""
    tokenizer, model = opened(name, dtype, kind)
    logits = read(model, ids, target)
    p = logits[0, position].float().softmax(-1)  # [vocab]
    best = p.argmax()
    print(repr(tokenizer.decode(best)), p[best].item())


def lens(
    name: str, dtype: str, kind: str, family: str, ids: list[int], target: list[int] | None, position: int
) -> None:
    """The best guess of every row of the lattice at a position: the logit lens."""
    tokenizer, model = opened(name, dtype, kind)
    if target is None:
        output = model(torch.tensor([ids]), output_hidden_states=True)
        states = output.hidden_states  # layers + 1 of [1, pos, d_model]
    else:
        target_ids = torch.tensor([target])
        output = model(torch.tensor([ids]), decoder_input_ids=target_ids, output_hidden_states=True)
        states = output.decoder_hidden_states  # layers + 1 of [1, target pos, d_model]
    if family == "gpt2":
        states = [*map(model.transformer.ln_f, states[:-1]), states[-1]]  # the last one was normed already
    elif family == "gpt_neox":
        states = [*map(model.gpt_neox.final_layer_norm, states[:-1]), states[-1]]  # the last one was normed already
    elif family not in ("bert", "marian"):
        states = [*map(model.model.norm, states[:-1]), states[-1]]  # the last one was normed already
    for row, state in enumerate(states):
        if family == "bert":
            logits = model.cls(state)
        elif family == "marian":
            logits = model.lm_head(state) + model.final_logits_bias
        else:
            logits = model.lm_head(state)
        p = logits[0, position].float().softmax(-1)
        print(row, repr(tokenizer.decode(p.argmax())), p.max().item())


def loss(name: str, dtype: str, kind: str, text: str, position: int) -> None:
    """The loss after a position and the mean over the text."""
    tokenizer, model = opened(name, dtype, kind)
    ids = tokenizer(text, return_tensors="pt").input_ids  # [1, pos]
    ln_p = model(ids).logits[0].float().log_softmax(-1)  # [pos, vocab]
    losses = -ln_p[:-1].gather(1, ids[0, 1:, None])[:, 0]  # [pos - 1], in nats
    print(losses[position].item(), losses.mean().item())


def translation_loss(name: str, dtype: str, kind: str, text: str, target: list[int], position: int) -> None:
    """As `loss`, after a position of the target, whose ids begin with the start token."""
    tokenizer, model = opened(name, dtype, kind)
    ids = tokenizer(text, return_tensors="pt").input_ids  # [1, source pos]
    target_ids = torch.tensor([target])  # [1, target pos], the start token first
    logits = model(ids, decoder_input_ids=target_ids).logits[0]  # [target pos, vocab]
    ln_p = logits.float().log_softmax(-1)
    losses = -ln_p[:-1].gather(1, target_ids[0, 1:, None])[:, 0]  # [target pos - 1], in nats
    print(losses[position].item(), losses.mean().item())


def gap_loss(name: str, dtype: str, kind: str, text: str, position: int, positions: list[int]) -> None:
    """Each of `positions` hidden in turn: the loss at `position`, and the mean."""
    tokenizer, model = opened(name, dtype, kind)
    ids = tokenizer(text, return_tensors="pt").input_ids  # [1, pos]
    losses = {}
    for i in positions:
        hidden = ids.clone()
        hidden[0, i] = tokenizer.mask_token_id
        logits = model(hidden).logits[0, i].float()  # [vocab]
        losses[i] = -logits.log_softmax(-1)[ids[0, i]].item()  # in nats
    print(losses[position], sum(losses.values()) / len(losses))


def final(
    z: torch.Tensor,
    written: torch.Tensor,
    temperature: float,
    top_k: int,
    top_p: float,
    min_p: float,
    repetition_penalty: float,
    presence_penalty: float,
    frequency_penalty: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """From logits z [vocab] to final probabilities p, in falling order, and the ids `order` that they belong to."""
    if repetition_penalty != 1:
        seen = written.unique()
        z[seen] = torch.where(z[seen] > 0, z[seen] / repetition_penalty, z[seen] * repetition_penalty)
    if presence_penalty or frequency_penalty:
        count = torch.bincount(written, minlength=len(z))
        z = z - presence_penalty * (count > 0) - frequency_penalty * count
    if temperature == 0:
        p, order = torch.ones(1), z.argmax().view(1)  # T = 0: the largest score takes all
    else:
        if temperature != 1:
            z = z / temperature
        if top_k:
            z[z < z.topk(top_k).values[-1]] = -torch.inf
        p, order = z.softmax(-1).sort(descending=True)
        if top_p < 1:
            p[p.cumsum(-1) - p >= top_p] = 0
        if min_p > 0:
            p[p < min_p * p[0]] = 0
        p = p / p.sum()
    return p, order


def sampling(
    name: str,
    dtype: str,
    kind: str,
    ids: list[int],
    target: list[int] | None,
    position: int,
    temperature: float,
    top_k: int,
    top_p: float,
    min_p: float,
    repetition_penalty: float,
    presence_penalty: float,
    frequency_penalty: float,
) -> None:
    """The final probability of the favourite, how many tokens are left, and one that is drawn."""
    tokenizer, model = opened(name, dtype, kind)
    logits = read(model, ids, target)
    z = logits[0, position].float()  # [vocab]
    if target is None:
        written = torch.tensor(ids[: position + 1])
    else:
        written = torch.tensor(target[: position + 1])
    p, order = final(
        z, written, temperature, top_k, top_p, min_p, repetition_penalty, presence_penalty, frequency_penalty
    )
    print(repr(tokenizer.decode(order[0])), p[0].item(), int((p > 0).sum()))
    print(repr(tokenizer.decode(order[torch.multinomial(p, 1)])))


def processors(
    name: str,
    dtype: str,
    kind: str,
    ids: list[int],
    target: list[int] | None,
    position: int,
    temperature: float,
    top_k: int,
    top_p: float,
    min_p: float,
    repetition_penalty: float,
    presence_penalty: float,
    frequency_penalty: float,
) -> None:
    """One token by the rules of transformers' own processors."""
    tokenizer, model = opened(name, dtype, kind)
    logits = read(model, ids, target)
    scores = logits[:, position].float()  # [1, vocab]
    if target is None:
        history = torch.tensor([ids[: position + 1]])
    else:
        history = torch.tensor([target[: position + 1]])
    if repetition_penalty != 1:
        scores = RepetitionPenaltyLogitsProcessor(repetition_penalty)(history, scores)
    if presence_penalty or frequency_penalty:
        count = torch.bincount(history[0], minlength=scores.shape[1])
        scores = scores - frequency_penalty * count - presence_penalty * (count > 0)
    if temperature == 0:
        token = scores.argmax(-1)  # T = 0: the largest score takes all
    else:
        if temperature != 1:
            scores = TemperatureLogitsWarper(temperature)(history, scores)
        if top_k:
            scores = TopKLogitsWarper(top_k)(history, scores)
        if top_p < 1:
            scores = TopPLogitsWarper(top_p)(history, scores)
        if min_p > 0:
            scores = MinPLogitsWarper(min_p)(history, scores)
        p = scores.softmax(-1)
        print(p.max().item(), int((p > 0).sum()))
        token = torch.multinomial(p, 1)[0]
    print(repr(tokenizer.decode(token)))


def writing(
    name: str,
    dtype: str,
    kind: str,
    ids: list[int],
    target: list[int] | None,
    seed: int,
    n: int,
    temperature: float,
    top_k: int,
    top_p: float,
    min_p: float,
    repetition_penalty: float,
    presence_penalty: float,
    frequency_penalty: float,
) -> None:
    """The loop: n tokens, each drawn by the dice of the seed."""
    tokenizer, model = opened(name, dtype, kind)
    dice = numpy.random.default_rng(seed)
    for _ in range(n):
        logits = read(model, ids, target)
        z = logits[0, -1].float()  # [vocab]
        if target is None:
            written = torch.tensor(ids)
        else:
            written = torch.tensor(target)
        p, order = final(
            z, written, temperature, top_k, top_p, min_p, repetition_penalty, presence_penalty, frequency_penalty
        )
        place = torch.searchsorted(p.cumsum(-1), dice.random(), right=True)
        if target is None:
            ids = [*ids, int(order[place])]
        else:
            target = [*target, int(order[place])]
    if target is None:
        print(tokenizer.decode(ids))
    else:
        print(tokenizer.decode(target))
