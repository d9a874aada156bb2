"""Draws the loss of a training run over the tokens it has seen."""

import json
from pathlib import Path


def write_loss_curve(progress: dict, folder: Path) -> None:
    """`loss_curve.json` (the records) and `loss_curve.png` (the picture) from a checkpoint's progress."""
    folder = Path(folder)
    record = {
        "unit": "nats per token",
        "training": [
            {
                "tokens": r["tokens"],
                "loss": round(r["loss"], 4),
                "rate": round(r["rate"], 4),
                "seconds": round(r["seconds"]),
            }
            for r in progress["history"]
        ],
        "held_out": [{"tokens": r["tokens"], "loss": round(r["loss"], 4)} for r in progress["held_out"]],
    }
    (folder / "loss_curve.json").write_text(json.dumps(record))
    _draw(record, folder / "loss_curve.png")


def _draw(record: dict, path: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.0), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    training, held_out = record["training"], record["held_out"]
    axes.plot(
        [r["tokens"] / 1e6 for r in training],
        [r["loss"] for r in training],
        color="#A8B4C8",
        linewidth=1,
        label="training text (mean of 10 steps)",
    )
    if held_out:
        axes.plot(
            [r["tokens"] / 1e6 for r in held_out],
            [r["loss"] for r in held_out],
            color="#3367C9",
            linewidth=2,
            marker="o",
            markersize=3,
            label="held-out text (without the classroom text)",
        )
    axes.set_xlabel("tokens seen (millions)")
    axes.set_ylabel("loss (nats per token)")
    axes.set_ylim(
        bottom=min(r["loss"] for r in training + held_out) - 0.3,
        top=min(7.0, max(r["loss"] for r in training)) if training else None,
    )
    rate = axes.twinx()
    rate.plot(
        [r["tokens"] / 1e6 for r in training],
        [100 * r["rate"] for r in training],
        color="#C2482B",
        linewidth=1,
        linestyle="--",
        label="learning rate",
    )
    rate.set_ylabel("learning rate (% of its peak)", color="#C2482B")
    rate.set_ylim(0, 320)
    rate.set_yticks([0, 50, 100])
    lines = axes.get_lines() + rate.get_lines()
    axes.legend(lines, [line.get_label() for line in lines], loc="upper right", frameon=False)
    axes.grid(alpha=0.25)
    figure.savefig(path)
