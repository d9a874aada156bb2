"""Writes and draws the loss of a training run over the tokens it has seen."""

import json
from pathlib import Path

HELD_OUT_TEXT = "held-out text, classroom text left out"


def write_loss_curve(progress: dict, folder: Path, held_out_label: str = HELD_OUT_TEXT) -> None:
    """`loss_curve.json` (the records) and `loss_curve.png` (the picture) from a checkpoint's progress."""
    training = [
        {
            "tokens": r["tokens"],
            "loss": round(r["loss"], 4),
            "rate": round(r["rate"], 4),
            "seconds": round(r["seconds"]),
        }
        for r in progress["history"]
    ]
    held_out = [{"tokens": r["tokens"], "loss": round(r["loss"], 4)} for r in progress["held_out"]]
    record = {"unit": "nats per token", "training": training, "held_out": held_out}
    (Path(folder) / "loss_curve.json").write_text(json.dumps(record) + "\n")
    if training:
        _draw(record, Path(folder) / "loss_curve.png", held_out_label)


def _draw(record: dict, path: Path, held_out_label: str) -> None:
    from matplotlib.figure import Figure

    training, held_out = record["training"], record["held_out"]
    millions = [r["tokens"] / 1e6 for r in training]
    losses = [r["loss"] for r in training]
    figure = Figure(figsize=(7.2, 4.8), dpi=120, layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    top.plot(millions, losses, color="#98A6BE", linewidth=1, label="training text, mean of 10 steps")
    marks = {"color": "#3367C9", "linewidth": 2, "marker": "o", "markersize": 3}
    top.plot([r["tokens"] / 1e6 for r in held_out], [r["loss"] for r in held_out], **marks, label=held_out_label)
    everything = losses + [r["loss"] for r in held_out]
    top.set_ylim(min(everything) - 0.1, min(7.0, max(everything) + 0.1))
    top.set_ylabel("loss (nats per token)")
    top.legend(frameon=False)
    bottom.plot(millions, [100 * r["rate"] for r in training], color="#C2482B", linewidth=1.5)
    bottom.set_ylabel("rate (% of peak)")
    bottom.set_ylim(0, 110)
    bottom.set_xlabel("tokens seen (millions)")
    for axes in (top, bottom):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)
