"""The figures of the Generation screen: what a step costs."""

from collections.abc import Sequence

import plotly.graph_objects as go

from model_backend.base.writing_records import StepCost
from viz.theme import layout, palette

HEIGHT = 260


def step_times(costs: Sequence[StepCost], dark: bool, names: Sequence[str]) -> go.Figure:
    """Milliseconds of each step, solid with the cache, dashed without; names: x axis, y axis, with, without."""
    colours, steps = palette(dark), list(range(len(costs)))
    x_title, y_title, with_cache, without = names
    return go.Figure(
        data=[
            _line(steps, [1e3 * cost.seconds for cost in costs], with_cache, colours.probability, "solid"),
            _line(steps, [1e3 * cost.seconds_without for cost in costs], without, colours.mlp, "dash"),
        ],
        layout=layout(
            dark=dark, height=HEIGHT, xaxis={"title": x_title}, yaxis={"title": y_title, "rangemode": "tozero"}
        )
        | {"showlegend": True, "legend": {"orientation": "h", "y": 1.15, "x": 0}},
    )


def cache_sizes(costs: Sequence[StepCost], dark: bool, names: Sequence[str]) -> go.Figure:
    """Kilobytes (1,000 bytes) in the cache after each step; names: x axis, y axis."""
    x_title, y_title = names
    sizes = [cost.cache_bytes / 1e3 for cost in costs]
    return go.Figure(
        data=[_line(list(range(len(costs))), sizes, y_title, palette(dark).key, "solid")],
        layout=layout(
            dark=dark, height=HEIGHT, xaxis={"title": x_title}, yaxis={"title": y_title, "rangemode": "tozero"}
        ),
    )


def _line(x: list, y: list, name: str, colour: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, name=name, mode="lines+markers", line={"color": colour, "dash": dash, "width": 2}, marker={"size": 5}
    )
