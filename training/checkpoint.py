"""A training run's whole state in one file that is always whole: written beside the old one, then renamed over it."""

import os
from pathlib import Path

import torch


def save(state: dict, path: Path) -> None:
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(path.suffix + ".part")
    with open(beside, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def of_run(out: Path) -> dict:
    """The state of the run in a folder; FileNotFoundError where it has not begun."""
    state = load(Path(out) / "checkpoint.pt")
    if state is None:
        raise FileNotFoundError(f"no checkpoint.pt in {out}: train first")
    return state


def load(path: Path, device: str = "cpu") -> dict | None:
    """The state, or None where there is no checkpoint yet."""
    return torch.load(path, map_location=device, weights_only=True) if Path(path).exists() else None
