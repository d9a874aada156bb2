"""The figures of the Prediction screen: numbers in, plotly figures out."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from viz.labels import plain_text
from viz.prediction import choices
from viz.theme import layout, palette

MAX_TICKS = 24
MAX_TICK_LETTERS = 10


def entropy_curve(
    entropy_bits: np.ndarray, labels: Sequence[str], focus: int, tick: Callable[[int], str], unit: str, *, dark: bool
) -> go.Figure:
    """Entropy [pos] of the prediction after each token, the focused one marked. `labels` name the tokens, one each;
    `tick(bits)` is the text of a whole number of bits on the vertical axis, `unit` the word for bits."""
    colours = palette(dark)
    positions = list(range(len(entropy_bits)))
    curve = go.Scatter(
        x=positions,
        y=entropy_bits.astype(np.float32),
        mode="lines+markers",
        line={"color": colours.residual, "width": 2},
        marker={
            "size": [15 if i == focus else 7 for i in positions],
            "color": [colours.probability if i == focus else colours.residual for i in positions],
        },
        customdata=[
            [plain_text(label), choices(float(bits))] for label, bits in zip(labels, entropy_bits, strict=True)
        ],
        hovertemplate=f"%{{customdata[0]}}<br>%{{y:.2f}} {plain_text(unit)} ≙ %{{customdata[1]}}<extra></extra>",
    )
    step = -(-len(positions) // MAX_TICKS)
    shown = [i for i in positions if i == focus or (i % step == 0 and abs(i - focus) > step // 2)]
    top = max(float(entropy_bits.max()), 1.0)
    every = 1 if top <= 4 else 2 if top <= 9 else 4  # two lines a tick need room
    bits = list(range(0, math.ceil(top * 1.08) + 1, every))
    xaxis = {
        "zeroline": False,
        "tickvals": shown,
        "ticktext": [_short(labels[i]) for i in shown],
        "range": [-0.5, len(positions) - 0.5],
        "showgrid": False,
    }
    yaxis = {"tickvals": bits, "ticktext": [tick(b) for b in bits], "range": [0, top * 1.12]}
    return go.Figure(curve, layout(dark=dark, height=300, xaxis=xaxis, yaxis=yaxis))


def loss_curve(p: float, others: Sequence[float], words: dict[str, str], *, dark: bool) -> go.Figure:
    """Loss −ln p over the probability p of the right token: the curve, the other tokens of the prompt on it, and this one.

    `words` has the titles "p" and "loss" of the axes and the label "this" of the large dot.
    """
    colours = palette(dark)
    highest = max(5.0, *(-math.log(max(x, 1e-300)) for x in (p, *others))) * 1.08
    xs = np.concatenate([np.exp(-np.linspace(highest, 1, 60)), np.linspace(math.exp(-1), 1, 40)[1:]])
    here = -math.log(max(p, 1e-300))
    traces = [
        go.Scatter(x=xs, y=-np.log(xs), mode="lines", line={"color": colours.muted, "width": 2}, hoverinfo="skip"),
        go.Scatter(
            x=list(others),
            y=[-math.log(max(x, 1e-300)) for x in others],
            mode="markers",
            marker={"size": 8, "color": colours.residual},
            hovertemplate="p = %{x:.3g}<br>−ln p = %{y:.2f}<extra></extra>",
        ),
        go.Scatter(
            x=[p],
            y=[here],
            mode="markers+text",
            marker={"size": 16, "color": colours.probability},
            text=[plain_text(words["this"])],
            textposition="middle right" if p < 0.05 else "top right" if p < 0.7 else "top left",
            textfont={"size": 16, "color": colours.text},
            hovertemplate="p = %{x:.3g}<br>−ln p = %{y:.2f}<extra></extra>",
        ),
    ]
    xaxis = {
        "title": {"text": words["p"]},
        "range": [-0.03, 1.03],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "zeroline": False,
    }
    yaxis = {"title": {"text": words["loss"]}, "range": [-highest * 0.04, highest]}
    return go.Figure(traces, layout(dark=dark, height=320, xaxis=xaxis, yaxis=yaxis))


def _short(label: str) -> str:
    """A tick text of at most MAX_TICK_LETTERS letters."""
    cut = label if len(label) <= MAX_TICK_LETTERS else label[: MAX_TICK_LETTERS - 1] + "…"
    return plain_text(cut)
