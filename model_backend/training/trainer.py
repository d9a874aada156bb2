"""The training loop: rows in order, one step each batch, a checkpoint every few minutes; stopping and going on changes nothing.

The state after a step is a function of the state before it and of the row position alone, so a run that was killed and resumed
from its last checkpoint walks on the same curve as one that was not.
"""

import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch

from . import checkpoint
from .decoder import Decoder, Shape
from .optimiser import build_optimisers, set_rate
from .packing import Rows
from .schedule import Schedule


@dataclass(frozen=True)
class Settings:
    """How to train. Rates are the peaks of the schedule; `batch_rows` rows are one step."""

    shape: Shape
    schedule: Schedule
    batch_rows: int = 24
    muon_lr: float = 0.02
    adam_lr: float = 3e-3
    seed: int = 0
    checkpoint_seconds: float = 180.0
    held_out_every: int = 200  # steps
    log_every: int = 10  # steps
    fused: bool = False


@dataclass
class Progress:
    """Where a run stands. `history` holds one record per `log_every` steps, `held_out` one per evaluation."""

    step: int = 0
    tokens: int = 0
    row: int = 0  # next row to read
    plan: str = ""  # fingerprint of the rows; another plan starts at its own row 0
    seconds: float = 0.0  # of training, over all resumptions
    recent: list[float] = field(default_factory=list)  # losses since the last record
    history: list[dict] = field(default_factory=list)
    held_out: list[dict] = field(default_factory=list)


def default_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


class Trainer:
    """`Trainer(settings, rows, held_out, path).run()` trains until the schedule's end or until asked to stop."""

    def __init__(
        self,
        settings: Settings,
        rows: Rows,
        held_out: Rows,
        path: Path,
        plan: str = "",
        device: str | None = None,
        compute_dtype: torch.dtype = torch.bfloat16,
    ):
        self.settings, self.rows, self.held_out, self.path = settings, rows, held_out, Path(path)
        self.device = device or default_device()
        torch.manual_seed(settings.seed)
        self.model = Decoder(settings.shape, compute_dtype, settings.fused and self.device == "cpu").to(self.device)
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
            self.progress.plan, self.progress.row = plan, 0

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

    def _batch(self, rows: Rows, index: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        inputs, targets = rows.batch(index)
        return torch.from_numpy(inputs).to(self.device), torch.from_numpy(targets).to(self.device)

    def step(self) -> float:
        """One optimiser step; returns the batch's loss in nats per token."""
        p, n = self.progress, self.settings.batch_rows
        index = np.arange(p.row, p.row + n) % len(self.rows.rows)
        set_rate(self.optimisers, self.settings.schedule.factor(p.tokens + n * self.settings.shape.n_positions))
        loss = self.model.loss(*self._batch(self.rows, index))
        loss.backward()
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        p.step, p.row, p.tokens = p.step + 1, p.row + n, p.tokens + n * self.settings.shape.n_positions
        return loss.item()

    @torch.no_grad()
    def held_out_loss(self) -> float:
        """Mean loss over the held-out rows, nats per token."""
        n, total, counted = self.settings.batch_rows, 0.0, 0
        for start in range(0, len(self.held_out.rows), n):
            inputs, targets = self._batch(self.held_out, np.arange(start, min(start + n, len(self.held_out.rows))))
            n_targets = int((targets >= 0).sum())
            total += self.model.loss(inputs, targets).item() * n_targets
            counted += n_targets
        return total / max(1, counted)

    def _record(self, seconds: float, log) -> None:
        p, s = self.progress, self.settings
        if p.step % s.log_every == 0:
            loss, rate = sum(p.recent) / len(p.recent), s.schedule.factor(p.tokens)
            p.history.append({"step": p.step, "tokens": p.tokens, "loss": loss, "rate": rate, "seconds": p.seconds})
            p.recent.clear()
            log(
                f"step {p.step} tokens {p.tokens} loss {loss:.3f} rate {rate:.3f} {s.batch_rows * s.shape.n_positions / seconds:.0f} tok/s"
            )
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
            p.recent.append(self.step())
            now = time.monotonic()
            seconds, clock = now - clock, now
            p.seconds += seconds
            self._record(seconds, log)
            if now - saved > s.checkpoint_seconds:
                self.save()
                saved = now
        self.save()
        return p

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the run after the present step, with a checkpoint."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
