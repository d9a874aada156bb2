"""The training loop: batches in order, one step each, a checkpoint every few minutes; stopping and going on changes nothing.

The state after a step is a function of the state before it and of the batch's number alone, so a run that was killed and
resumed from its last checkpoint walks on the same curve as one that was not.
"""

import signal
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from training import checkpoint
from training.optimiser import Network, build_optimisers, set_rate
from training.schedule import Schedule


@dataclass(frozen=True, eq=False)
class Batch:
    """`arrays` go to the model's loss; `n_tokens` moves the schedule on; `n_targets` are predicted."""

    arrays: tuple[np.ndarray, ...]
    n_tokens: int
    n_targets: int


class Batches(Protocol):
    """Batch i of a run, from i alone; i goes on past one reading of the data."""

    def __getitem__(self, i: int) -> Batch: ...


@dataclass(frozen=True)
class Settings:
    """How to train. Rates are the peaks of the schedule; `about` travels in the checkpoint for the export and the card."""

    schedule: Schedule
    muon_lr: float = 0.02
    adam_lr: float = 3e-3
    seed: int = 0
    checkpoint_seconds: float = 180.0
    held_out_every: int = 200  # steps
    log_every: int = 10  # steps
    about: dict = field(default_factory=dict)


@dataclass
class Progress:
    """Where a run stands. `history` holds one record per `log_every` steps, `held_out` one per evaluation."""

    step: int = 0
    tokens: int = 0
    batch: int = 0  # next batch to read
    plan: str = ""  # fingerprint of the data; another plan starts at its own batch 0
    seconds: float = 0.0  # of training, over all resumptions
    recent: list[list[float]] = field(default_factory=list)  # [loss, tokens] of the steps since the last record
    history: list[dict] = field(default_factory=list)
    held_out: list[dict] = field(default_factory=list)


def default_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


class Trainer:
    """`Trainer(settings, model, batches, held_out, path).run()` trains until the schedule's end or until asked to stop.

    The model has `loss(*tensors)`, the mean in nats per target, and `block_matrices()` for the optimiser. A new run begins
    with the parameters it is given.
    """

    def __init__(
        self,
        settings: Settings,
        model: Network,
        batches: Batches,
        held_out: Sequence[Batch],
        path: Path,
        plan: str = "",
        device: str | None = None,
    ):
        self.settings, self.batches, self.held_out, self.path = settings, batches, held_out, Path(path)
        self.device = device or default_device()
        torch.manual_seed(settings.seed)
        self.model = model.to(self.device)
        self.optimisers = build_optimisers(self.model, settings.muon_lr, settings.adam_lr)
        self.progress = Progress(plan=plan)
        self.stop_asked = False
        self._resume(plan)

    def _resume(self, plan: str) -> None:
        state = checkpoint.load(self.path, self.device)
        if state is None:
            return
        self.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            peaks = [group["peak_lr"] for group in optimiser.param_groups]
            optimiser.load_state_dict(saved)
            for group, peak in zip(optimiser.param_groups, peaks, strict=True):
                group["peak_lr"] = peak  # the rates asked for now win over those of the checkpoint
        torch.set_rng_state(state["rng"].cpu())
        self.progress = Progress(**state["progress"])
        if self.progress.plan != plan:
            self.progress.plan, self.progress.batch = plan, 0

    def save(self) -> None:
        checkpoint.save(
            {
                "model": self.model.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "rng": torch.get_rng_state(),
                "progress": vars(self.progress),
                "settings": asdict(self.settings),
            },
            self.path,
        )

    def _loss(self, batch: Batch) -> torch.Tensor:
        return self.model.loss(*(torch.from_numpy(array).to(self.device) for array in batch.arrays))

    def step(self) -> tuple[float, int]:
        """One optimiser step; returns the batch's loss in nats per target and its tokens."""
        p, batch = self.progress, self.batches[self.progress.batch]
        set_rate(self.optimisers, self.settings.schedule.factor(p.tokens + batch.n_tokens))
        loss = self._loss(batch)
        loss.backward()
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        p.step, p.batch, p.tokens = p.step + 1, p.batch + 1, p.tokens + batch.n_tokens
        return loss.item(), batch.n_tokens

    @torch.no_grad()
    def held_out_loss(self) -> float:
        """Mean loss over the held-out batches, nats per target."""
        self.model.eval()
        total = sum(self._loss(batch).item() * batch.n_targets for batch in self.held_out)
        self.model.train()
        return total / max(1, sum(batch.n_targets for batch in self.held_out))

    def _record(self, log) -> None:
        p, s = self.progress, self.settings
        if p.step % s.log_every == 0:
            loss, n_tokens = np.mean([r[0] for r in p.recent]).item(), sum(r[1] for r in p.recent)
            rate, before = s.schedule.factor(p.tokens), p.history[-1]["seconds"] if p.history else 0.0
            p.history.append({"step": p.step, "tokens": p.tokens, "loss": loss, "rate": rate, "seconds": p.seconds})
            p.recent.clear()
            speed = n_tokens / max(1e-9, p.seconds - before)
            log(f"step {p.step} tokens {p.tokens} loss {loss:.3f} rate {rate:.3f} {speed:.0f} tok/s")
        if s.held_out_every and p.step % s.held_out_every == 0:
            p.held_out.append({"step": p.step, "tokens": p.tokens, "loss": self.held_out_loss()})
            log(f"step {p.step} held-out loss {p.held_out[-1]['loss']:.4f}")

    def _ask_to_stop(self, *_) -> None:
        self.stop_asked = True

    def run(self, max_steps: int | None = None, log=print) -> Progress:
        """Trains to the schedule's total (or `max_steps` more steps), saves, and returns where it stands."""
        p, s = self.progress, self.settings
        last_step = None if max_steps is None else p.step + max_steps
        saved = clock = time.monotonic()
        while p.tokens < s.schedule.total and p.step != last_step and not self.stop_asked:
            p.recent.append(list(self.step()))
            now = time.monotonic()
            p.seconds, clock = p.seconds + now - clock, now
            self._record(log)
            if now - saved > s.checkpoint_seconds:
                self.save()
                saved = now
        self.save()
        return p

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the run after the present step, with a checkpoint."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
