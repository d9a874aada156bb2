"""Beam search: the `width` likeliest beginnings are followed side by side, and all that was kept or dropped is recorded.

The rules are those of transformers' `generate(num_beams=width)`: a finished text competes by its joint log-probability divided
by length ** length_penalty (Wu et al. 2016 in its simplest form), and the search ends when no open text can beat the finished
ones as things stand.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from transformers import DynamicCache, EncoderDecoderCache

from model_backend.base.errors import InvalidSettings
from model_backend.base.memory import memory_guard
from model_backend.base.sentences import Sentence
from model_backend.base.writing_records import Beams, Finished, Hypothesis
from model_backend.engine.incremental import batch, cache_name
from model_backend.engine.model import Model, Tokens
from model_backend.engine.passes import during


def beam_search(
    model: Model,
    tokens: Tokens,
    width: int,
    max_new_tokens: int = 20,
    length_penalty: float = 1.0,
    target: Tokens | None = None,
) -> Iterator[Beams]:
    """Search on from `tokens` (for an encoder-decoder from `target`), one Beams a step; the last is_done.

    Each step looks at the 2 · width likeliest continuations (more where a model has several end tokens), as transformers does;
    less likely ones are in no record. Raises what `generate` raises, and InvalidSettings for a width below 1.
    """
    if width < 1:
        raise InvalidSettings(
            "A beam cannot have the width {value}.", "It has to be 1 or more.", setting="width", value=width
        )
    source, ids = model.to_write(tokens, target, room=1)
    n_steps = min(max_new_tokens, model.info.max_positions - len(ids))
    return _search(model, source, ids, width, n_steps, length_penalty)


def _search(model, source, ids, width, n_steps, length_penalty) -> Iterator[Beams]:
    rules = model.makers_rules(len(ids) + n_steps)
    n_looked_at = max(2, 1 + len(model.end_ids)) * width
    reader = _BeamReader(model.network, source, width)
    written = torch.tensor(ids)[None].repeat(width, 1)  # [beam, pos]
    scores = torch.full((width,), -1e9)  # [beam]; at first all beams are the same text, so only one counts
    scores[0] = 0.0
    unread, parents = written, [None] * width
    tried: list[Hypothesis] = []
    finished: list[Finished] = []
    for depth in range(1, n_steps + 1):
        ln_p = torch.log_softmax(reader.logits_after(unread), dim=-1)  # [beam, vocab]
        if rules is not None:  # transformers' processors compute on the CPU
            ln_p = rules.applied(written, ln_p.cpu())
        joint, places = (ln_p + scores[:, None].to(ln_p.device)).flatten().topk(n_looked_at)
        beams, new_ids = (places // ln_p.shape[1]).cpu(), (places % ln_p.shape[1]).cpu()
        logprobs, joint = ln_p.flatten()[places].tolist(), joint.cpu()
        looks = []
        for place, (beam, token_id) in enumerate(zip(beams.tolist(), new_ids.tolist(), strict=True)):
            is_over = token_id in model.end_ids or depth == n_steps
            state = "finished" if is_over and place < width else "dropped"
            parent = parents[beam]
            looks.append(
                Hypothesis(
                    len(tried) + place, parent, depth, token_id, logprobs[place], float(joint[place]), state,
                    token_id in model.end_ids,
                )
            )  # fmt: skip
            if state == "finished":
                text = (*written[beam, len(ids) :].tolist(), token_id)
                score = float(joint[place] / depth**length_penalty)
                finished.append(Finished(looks[-1].index, text, float(joint[place]), score))
        is_over = torch.tensor([look.is_end or depth == n_steps for look in looks])
        running, chosen = (joint + is_over * -1e9).topk(width)
        looks = [
            replace(look, state="kept") if place in chosen.tolist() and not is_over[place] else look
            for place, look in enumerate(looks)
        ]
        tried += looks
        finished = sorted(finished, key=lambda text: -text.score)[:width]
        scores, written = running, torch.cat([written[beams[chosen]], new_ids[chosen, None]], dim=1)
        parents, unread = [looks[place].index for place in chosen.tolist()], written[:, -1:]
        can_improve = len(finished) < width or float(running[0] / depth**length_penalty) > finished[-1].score
        if bool(is_over.all()) or not can_improve:
            break
        reader.reorder(beams[chosen])
        yield Beams(tuple(tried), tuple(finished), is_done=False)
    yield Beams(tuple(tried), tuple(finished), is_done=True)


class _BeamReader:
    """Reads `width` texts at once; the cache follows the beams."""

    def __init__(self, network: Any, source: np.ndarray | None, width: int) -> None:
        self._network = network
        self._device = next(network.parameters()).device
        config = self._network.config
        if source is None:
            self._cache: Any = DynamicCache(config=config)
            self._fixed = {cache_name(network): self._cache, "logits_to_keep": 1}
            self._ids = "input_ids"
            return
        with memory_guard(Sentence("beam search")), during():
            encoded = network.get_encoder()(input_ids=batch(source, network))
            encoded.last_hidden_state = encoded.last_hidden_state.repeat_interleave(width, dim=0)
        self._cache = EncoderDecoderCache(DynamicCache(config=config), DynamicCache(config=config))
        self._fixed = {cache_name(network): self._cache, "encoder_outputs": encoded}
        self._ids = "decoder_input_ids"

    def logits_after(self, ids: torch.Tensor) -> torch.Tensor:
        """[beam, vocab] float32 on the model's device, after ids [beam, pos] which follow what was read before."""
        with memory_guard(Sentence("beam search")), during():
            output = self._network(**{self._ids: ids.to(self._device)}, **self._fixed, use_cache=True)
            return output.logits[:, -1].float()

    def reorder(self, beams: torch.Tensor) -> None:
        """Let row i go on from the text of row beams[i]."""
        with during():
            self._cache.reorder_cache(beams.to(self._device))
