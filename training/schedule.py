"""The learning rate as a function of tokens seen: warm-up, constant, linear decay to zero.

The trapezoid (warm-up-stable-decay, Hu et al. 2024, "MiniCPM", section 4; Hägele et al. 2024) needs no length fixed in advance:
until the decay begins every run is the same, so its end can be moved while it runs.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Schedule:
    """All in tokens.

    >>> s = Schedule(warmup=100, decay_start=800, total=1000)
    >>> s.factor(50), s.factor(500), s.factor(900), s.factor(1000)
    (0.5, 1.0, 0.5, 0.0)
    """

    warmup: int
    decay_start: int
    total: int

    @classmethod
    def trapezoid(cls, total: int, warmup: int, decay_share: float) -> "Schedule":
        return cls(warmup=warmup, decay_start=round(total * (1.0 - decay_share)), total=total)

    def decaying_from(self, tokens: int, length: int, share: float | None = None) -> "Schedule":
        """From `tokens` on straight to zero within `length`, beginning at the present rate or at `share` of the peak."""
        total = tokens + length
        return Schedule(self.warmup, round(total - length / (share or self.factor(tokens))), total)

    def factor(self, tokens: int) -> float:
        """Share of the peak rate after `tokens` tokens, 0 … 1."""
        rising = min(1.0, tokens / self.warmup) if self.warmup else 1.0
        if tokens <= self.decay_start:
            return rising
        left = (self.total - tokens) / max(1, self.total - self.decay_start)
        return min(rising, max(0.0, left))

    def as_dict(self) -> dict[str, int]:
        return asdict(self)
