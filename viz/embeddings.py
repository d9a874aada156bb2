"""The figures of the Embeddings screen: places and similarities in, plotly figures and component data out."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from viz.label_places import label_places
from viz.labels import plain_text, visible
from viz.theme import Palette, diverging_scale, flat_scale, layout, palette

MAX_WRITTEN = 90  # points whose words can be written beside them


def map_2d(
    points: np.ndarray, labels: Sequence[str], axes: Sequence[str], hover: Sequence[str], *, dark: bool
) -> go.Figure:
    """A map of points [point, 2]. Few points carry their words; of many the words appear under the pointer."""
    colours = palette(dark)
    written = len(labels) <= MAX_WRITTEN
    texts = [plain_text(visible(label)) for label in labels]
    trace = (go.Scatter if written else go.Scattergl)(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers+text" if written else "markers",
        text=texts,
        textposition=label_places(points, texts) if written else "top center",
        textfont={"size": 15, "color": colours.text},
        marker={"size": 9 if written else 6, "color": colours.probability, "opacity": 0.9 if written else 0.65},
        customdata=[plain_text(line) for line in hover],
        hovertemplate="<b>%{text}</b><br>%{customdata}<extra></extra>",
        selected={"marker": {"color": colours.positive, "size": 15}},
        unselected={"marker": {"opacity": 0.55}},
    )
    quiet = {"zeroline": False, "showticklabels": False, "showgrid": True}
    height = 560
    figure = layout(
        dark=dark,
        height=height,
        xaxis=quiet | {"title": {"text": axes[0]}},
        yaxis=quiet | {"title": {"text": axes[1]}, "scaleanchor": "x"},
    )
    return go.Figure(trace, figure | {"dragmode": "pan", "clickmode": "event+select", "uirevision": "map"})


def map_3d(
    points: np.ndarray, labels: Sequence[str], axes: Sequence[str], hover: Sequence[str], *, dark: bool
) -> go.Figure:
    """A map of points [point, 3], to be turned."""
    colours = palette(dark)
    written = len(labels) <= MAX_WRITTEN
    trace = go.Scatter3d(
        x=points[:, 0],
        y=points[:, 1],
        z=points[:, 2],
        mode="markers+text" if written else "markers",
        text=[plain_text(visible(label)) for label in labels],
        textfont={"size": 13, "color": colours.text},
        marker={"size": 5 if written else 3, "color": colours.probability, "opacity": 0.85},
        customdata=[plain_text(line) for line in hover],
        hovertemplate="<b>%{text}</b><br>%{customdata}<extra></extra>",
    )
    axis = {
        "showticklabels": False,
        "gridcolor": colours.line,
        "zeroline": False,
        "backgroundcolor": "rgba(0,0,0,0)",
        "color": colours.muted,
    }
    scene = {f"{name}axis": axis | {"title": {"text": title}} for name, title in zip("xyz", axes, strict=True)}
    figure = layout(dark=dark, height=600, xaxis={}, yaxis={})
    return go.Figure(trace, figure | {"scene": scene | {"aspectmode": "data"}, "uirevision": "map"})


def nearest_rows(labels: Sequence[str], values: np.ndarray, metric: str) -> list[dict]:
    """Rows for the bars component: the nearest first, the bar as long as the cosine; of a distance, as near as the nearest."""
    if metric == "cosine":
        shares = np.clip(values, 0, 1)
    elif metric == "dot":
        shares = np.clip(values / max(float(np.abs(values).max(initial=0)), 1e-9), 0, 1)
    else:
        shares = float(values.min(initial=np.inf)) / np.maximum(values, 1e-9)
    return [
        {"label": visible(label), "share": float(share), "note": signed(float(value)), "token": True}
        for label, share, value in zip(labels, shares, values, strict=True)
    ]


def signed(value: float, digits: int = 3) -> str:
    """A number with a true minus sign.

    >>> signed(-0.5), signed(2)
    ('−0.500', '2.000')
    """
    return f"{value:.{digits}f}".replace("-", "−")


def axis_rows(labels: Sequence[str], places: np.ndarray, low: str, high: str) -> dict:
    """Words on an axis for its component: −1 is a typical low end, 1 a typical high end."""
    rows = [
        {"label": visible(label), "place": float(place), "note": signed(float(place), 2)}
        for label, place in zip(labels, places, strict=True)
    ]
    return {"low": low, "high": high, "rows": rows}


def similarity_figure(cosines: np.ndarray, labels: Sequence[str], words: dict[str, str], *, dark: bool) -> go.Figure:
    """All cosines [point, point] as a matrix, on the scale of differences: blue at −1, orange at 1. Of more than 50 points
    every eighth has its name beside it."""
    n = len(labels)
    ticks = list(range(0, n, 8 if n > 50 else 1))
    names = [plain_text(visible(label)) for label in labels]
    trace = go.Heatmap(
        z=cosines,
        zmin=-1,
        zmax=1,
        colorscale=diverging_scale(dark),
        customdata=[[[row, column] for column in names] for row in names],
        hovertemplate="%{customdata[0]} · %{customdata[1]}: %{z:.3f}<extra></extra>",
        xgap=1,
        ygap=1,
        colorbar=flat_scale(words["cosine"]) | {"tickvals": [-1, 0, 1], "ypad": 0},
    )
    axis = {"tickvals": ticks, "ticktext": [names[i] for i in ticks], "showgrid": False, "zeroline": False}
    sizes = [max(9, min(15, room // len(ticks))) for room in (330, 560)]  # of what fits on a phone, too
    figure = layout(
        dark=dark,
        height=150 + max(240, min(600, 20 * n)),
        xaxis=axis | {"tickangle": -90, "tickfont": {"size": sizes[0]}},
        yaxis=axis | {"autorange": "reversed", "tickfont": {"size": sizes[1]}},
    )
    return go.Figure(trace, figure)


DASHES = ("solid", "dash", "dot", "dashdot")


def _sense_colours(senses: Sequence[str], colours: Palette) -> dict[str, tuple[str, str, str]]:
    """Sense → (colour, dash, marker), in the order of their first appearance."""
    tones = (colours.query, colours.key, colours.value, colours.mlp)
    markers = ("circle", "diamond", "square", "triangle-up")
    names = list(dict.fromkeys(senses))
    return {name: (tones[i % 4], DASHES[i % 4], markers[i % 4]) for i, name in enumerate(names)}


def paths_figure(
    points: np.ndarray, senses: Sequence[str], names: Sequence[str], layers: Sequence[str], *, dark: bool
) -> go.Figure:
    """Ways through the layers: points [occurrence, layer, 2], a line each, in the colour, dash and marker of its sense."""
    colours = palette(dark)
    looks = _sense_colours(senses, colours)
    n_layers = points.shape[1]
    traces, named = [], set()
    for path, sense, name in zip(points, senses, names, strict=True):
        tone, dash, marker = looks[sense]
        traces.append(
            go.Scatter(
                x=path[:, 0],
                y=path[:, 1],
                mode="lines+markers",
                name=plain_text(sense) or "–",
                legendgroup=sense,
                showlegend=sense not in named,
                line={"color": tone, "width": 2, "dash": dash},
                marker={"color": tone, "symbol": marker, "size": [5] * (n_layers - 1) + [14]},
                customdata=[[plain_text(name), plain_text(layer)] for layer in layers],
                hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
            )
        )
        named.add(sense)
    quiet = {"zeroline": True, "showticklabels": False}
    figure = layout(dark=dark, height=420, xaxis=quiet, yaxis=quiet)
    return go.Figure(
        traces, figure | {"showlegend": True, "legend": {"orientation": "h", "y": 1.12, "font": {"size": 15}}}
    )


def parting_figure(
    between: np.ndarray, within: np.ndarray, layers: Sequence[str], words: dict[str, str], *, dark: bool
) -> go.Figure:
    """Mean distance between senses and within one, over the layers."""
    colours = palette(dark)
    lines = {words["between"]: (between, colours.positive, "solid"), words["within"]: (within, colours.muted, "dash")}
    traces = [
        go.Scatter(
            x=list(range(len(layers))),
            y=values,
            mode="lines+markers",
            name=plain_text(name),
            line={"color": tone, "width": 3, "dash": dash},
            marker={"size": 8},
            customdata=[plain_text(layer) for layer in layers],
            hovertemplate="%{customdata}: %{y:.3f}<extra></extra>",
        )
        for name, (values, tone, dash) in lines.items()
    ]
    ticks = list(range(len(layers)))
    xaxis = {
        "tickvals": ticks,
        "ticktext": [plain_text(layer) for layer in layers],
        "showgrid": False,
        "tickangle": -40,
    }
    figure = layout(dark=dark, height=420, xaxis=xaxis, yaxis={"title": {"text": words["axis"]}, "rangemode": "tozero"})
    return go.Figure(
        traces, figure | {"showlegend": True, "legend": {"orientation": "h", "y": 1.12, "font": {"size": 15}}}
    )


def lines_figure(
    lines: dict[str, np.ndarray], words: dict[str, str], *, dark: bool, strong: str = "", x: np.ndarray | None = None
) -> go.Figure:
    """Curves over a distance, one a head or pair; `strong` names the one that is drawn boldly."""
    colours = palette(dark)
    tones = (colours.query, colours.key, colours.value, colours.mlp, colours.residual)
    traces = [
        go.Scatter(
            x=list(range(len(values))) if x is None else x.tolist(),
            y=np.asarray(values, np.float32),
            mode="lines",
            name=plain_text(name),
            line={
                "color": colours.probability if name == strong else tones[i % len(tones)],
                "width": 4 if name == strong else 1.8,
                "dash": "solid" if name == strong else DASHES[i // len(tones) % len(DASHES)],
            },
            hovertemplate=f"{plain_text(name)}<br>%{{x}}: %{{y:.3f}}<extra></extra>",
        )
        for i, (name, values) in enumerate(lines.items())
    ]
    figure = layout(dark=dark, height=400, xaxis={"title": {"text": words["x"]}}, yaxis={"title": {"text": words["y"]}})
    return go.Figure(traces, figure | {"showlegend": len(lines) <= 16, "legend": {"font": {"size": 13}}})


def add_points(figure: go.Figure, points: np.ndarray, labels: Sequence[str], *, dark: bool) -> None:
    """Words dropped into a finished map, in another colour and shape, always with their names."""
    colours = palette(dark)
    shared = {
        "mode": "markers+text",
        "text": [plain_text(visible(label)) for label in labels],
        "textfont": {"size": 16, "color": colours.positive},
        "marker": {"symbol": "diamond", "size": 12 if points.shape[1] == 2 else 6, "color": colours.positive},
        "hovertemplate": "<b>%{text}</b><extra></extra>",
    }
    if points.shape[1] == 2:
        figure.add_trace(go.Scatter(x=points[:, 0], y=points[:, 1], textposition="top center", **shared))
    else:
        figure.add_trace(go.Scatter3d(x=points[:, 0], y=points[:, 1], z=points[:, 2], **shared))
