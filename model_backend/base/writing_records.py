"""What is written from one beginning in other ways than token by token: several texts side by side, a beam search, and the
same text with and without the key-value cache."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from model_backend.base.stopping import Stop


@dataclass(frozen=True, slots=True)
class Grown:
    """One token more of the text `index`: its id, its ln p by the model (temperature and cuts aside), and why the text ends
    with it, if it does."""

    index: int
    token_id: int
    logprob_nats: float
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as far as it is written: its tokens, ln p of each, why it stopped."""

    ids: tuple[int, ...] = ()
    logprobs_nats: tuple[float, ...] = ()
    stop: Stop | None = None

    @property
    def joint_nats(self) -> float:
        """ln p of the whole text."""
        return float(sum(self.logprobs_nats))

    @property
    def mean_nats(self) -> float:
        """ln p a token, by which texts of different lengths can be compared; nan while there is none."""
        return self.joint_nats / len(self.logprobs_nats) if self.logprobs_nats else float("nan")


def grown_samples(steps: Iterable[Grown], n: int) -> list[Sample]:
    """The `n` texts as far as they have grown."""
    texts: list[list[Grown]] = [[] for _ in range(n)]
    for step in steps:
        texts[step.index].append(step)
    return [
        Sample(
            tuple(step.token_id for step in text),
            tuple(step.logprob_nats for step in text),
            text[-1].stop if text else None,
        )
        for text in texts
    ]


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


State = Literal["kept", "dropped", "finished"]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A token that was tried after `parent` (None = the beginning): ln p of it, the sum so far, and what became of it."""

    index: int
    parent: int | None
    depth: int
    token_id: int
    logprob_nats: float
    joint_nats: float
    state: State
    is_end: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A text that competes: its last hypothesis, its ids, the sum of ln p, and the score after the length penalty."""

    index: int
    ids: tuple[int, ...]
    joint_nats: float
    score: float


@dataclass(frozen=True, slots=True)
class Beams:
    """All that a search has tried so far, the best finished texts by falling score, and whether it has ended."""

    hypotheses: tuple[Hypothesis, ...]
    finished: tuple[Finished, ...]
    is_done: bool


@dataclass(frozen=True, slots=True)
class StepCost:
    """One step: tokens and seconds it reads with the cache, tokens and seconds without, bytes of the cache after it."""

    n_read: int
    seconds: float
    n_read_without: int
    seconds_without: float
    cache_bytes: int
