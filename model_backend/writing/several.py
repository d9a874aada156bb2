"""Several texts at once from one beginning: other seeds, other temperatures. And which is the best of them."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model_backend.base.arithmetic import log_softmax
from model_backend.engine.sampling import SamplingSettings
from model_backend.writing.stopping import Limits, Stop, why_stop

if TYPE_CHECKING:
    from model_backend.engine.model import Model, Tokens


@dataclass(slots=True)
class Sample:
    """A text as far as it is written: its tokens, ln p of each by the model (temperature and cuts aside), why it stopped."""

    settings: SamplingSettings
    seed: int
    ids: list[int] = field(default_factory=list)
    logprobs_nats: list[float] = field(default_factory=list)
    stop: Stop | None = None

    @property
    def joint_nats(self) -> float:
        """ln p of the whole text."""
        return float(sum(self.logprobs_nats))

    @property
    def mean_nats(self) -> float:
        """ln p a token, by which texts of different lengths can be compared; nan while there is none."""
        return self.joint_nats / len(self.logprobs_nats) if self.logprobs_nats else float("nan")


def write_several(
    model: "Model",
    tokens: "Tokens",
    samples: Sequence[Sample],
    limits: Limits,
    target: "Tokens | None" = None,
    stop_event: threading.Event | None = None,
) -> Iterator[int]:
    """Let all samples grow side by side, a token in turn; yields the index of the one that grew. A full context ends a text."""
    _, begun = model.to_write(tokens, target, room=1)
    loops = {
        i: model.generate(tokens, sample.settings, limits.max_new_tokens, sample.seed, stop_event, target)
        for i, sample in enumerate(samples)
    }
    while loops:
        for i, steps in list(loops.items()):
            step, sample = next(steps, None), samples[i]
            if step is None:  # stopped by a person
                del loops[i]
                continue
            sample.ids.append(step.token_id)
            place = step.next_token.rank_of(step.token_id) - 1
            sample.logprobs_nats.append(float(log_softmax(step.next_token.logits)[place]))
            sample.stop = why_stop(
                limits,
                [model.target_vocabulary.token_bytes(token_id) for token_id in sample.ids],
                is_end=step.is_end,
                n_tokens=len(begun) + len(sample.ids),
                max_positions=model.info.max_positions,
            )
            if sample.stop is not None:
                del loops[i]
            yield i


def best_of(samples: Sequence[Sample]) -> int | None:
    """The index of the sample with the highest mean log-probability, the first among equals; None without any token."""
    written = [i for i, sample in enumerate(samples) if sample.ids]
    return max(written, key=lambda i: samples[i].mean_nats) if written else None


def shared_start(samples: Sequence[Sample]) -> int:
    """How many tokens all samples begin with alike."""
    n = 0
    for ids in zip(*(sample.ids for sample in samples), strict=False):
        if len(set(ids)) > 1:
            break
        n += 1
    return n


def repeated_share(ids: Sequence[int], n: int = 2) -> float:
    """The share of n-grams of tokens that stood there before: 1 − distinct-n (Li et al. 2016). 0 for fewer than n + 1 tokens.

    >>> repeated_share([1, 2, 1, 2, 1])
    0.5
    """
    grams = [tuple(ids[i : i + n]) for i in range(len(ids) - n + 1)]
    return 1 - len(set(grams)) / len(grams) if len(grams) > 1 else 0.0
