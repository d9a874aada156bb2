"""Several texts at once from one beginning: other seeds, other temperatures."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from model_backend.base.stopping import Limits, why_stop
from model_backend.base.writing_records import Grown
from model_backend.engine.model import Model, Tokens
from model_backend.engine.sampling import SamplingSettings


def write_several(
    model: Model, tokens: Tokens, ways: Sequence[tuple[SamplingSettings, int]], limits: Limits
) -> Iterator[Grown]:
    """Let a text grow for each of the (settings, seed), a token of each in turn. A full context ends a text."""
    _, begun = model.to_write(tokens, None, room=1)
    limits = replace(limits, slides=False)
    loops = {
        i: model.generate(tokens, settings, limits.max_new_tokens, seed) for i, (settings, seed) in enumerate(ways)
    }
    written: list[list[bytes]] = [[] for _ in ways]
    while loops:
        for i, steps in list(loops.items()):
            step = next(steps)
            written[i].append(model.target_vocabulary.token_bytes(step.token_id))
            stop = why_stop(
                limits,
                written[i],
                is_end=step.is_end,
                n_tokens=len(begun) + len(written[i]),
                max_positions=model.info.max_positions,
            )
            if stop is not None:
                del loops[i]
            next_token = step.next_token
            logprob_nats = next_token.logprob_nats(next_token.rank_of(step.token_id) - 1)
            yield Grown(i, step.token_id, logprob_nats, stop)
