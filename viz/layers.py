"""What each layer would predict, as the lattice of tokens × layers in the browser draws it."""

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go

from viz.labels import plain_text, visible
from viz.theme import diverging_colour, diverging_scale, flat_scale, ink_on, layout, palette
from viz.wire import pack

HEADS_WITH_NUMBERS = 16  # more a layer leave no room for numbers in the cells


def lattice(
    top_ids: np.ndarray,
    top_probs: np.ndarray,
    entropy_bits: np.ndarray,
    piece: Callable[[int], str],
    *,
    tokens: list[str],
    layers: list[str],
    chosen: tuple[int, int],
    label: str,
    words: dict,
    version: str,
    watched: str = "",
    rank: np.ndarray | None = None,
) -> bytes:
    """What the component `lattice` draws: top_ids, top_probs [layer, pos, k], entropy_bits [layer, pos], rank [layer, pos] of the
    watched token. `version` names the prompt, the model and the watched token: the same version is not drawn again."""
    different, index = np.unique(top_ids, return_inverse=True)
    header = {
        "layers": layers,
        "tokens": tokens,
        "pieces": [visible(piece(int(i))) for i in different],
        "watched": visible(watched),
        "k": top_ids.shape[-1],
        "chosen": list(chosen),
        "label": label,
        "words": words,
        "version": version,
    }
    return pack(
        header,
        top=index.reshape(top_ids.shape).astype(np.int32),
        p=top_probs.astype(np.float32),
        entropy=entropy_bits.astype(np.float32),
        rank=(np.zeros(0) if rank is None else rank).astype(np.int32),
    )


def parts_figure(
    labels: list[str], values: np.ndarray, kinds: tuple[str, ...], words: dict[str, str], *, dark: bool
) -> go.Figure:
    """A logit as a sum: each part stands where the last one ended, the sum below. Coloured by what wrote it."""
    colours = palette(dark)
    roles = {
        "embedding": colours.residual,
        "attention": colours.query,
        "cross": colours.key,
        "mlp": colours.mlp,
        "mixer": colours.mlp,
    }
    values = np.asarray(values, np.float64)
    ends = np.cumsum(values)
    names = [*labels, words["sum"]]
    bars = go.Bar(
        y=list(range(len(names))),
        x=[*values, ends[-1]],
        base=[*(ends - values), 0.0],
        orientation="h",
        marker={"color": [*(roles.get(kind, colours.muted) for kind in kinds), colours.probability]},
        text=[f"{v:+.2f}".replace("-", "−") for v in (*values, ends[-1])],
        textposition="outside",
        cliponaxis=False,
        customdata=[plain_text(name) for name in names],
        hovertemplate="%{customdata}: %{text}<extra></extra>",
    )
    yaxis = {
        "tickvals": list(range(len(names))),
        "ticktext": [plain_text(name) for name in names],
        "autorange": "reversed",
        "showgrid": False,
    }
    low, high = min(0.0, ends.min()), max(0.0, ends.max())
    room = 0.14 * (high - low or 1)
    xaxis = {"title": {"text": words["axis"]}, "range": [low - room, high + room]}
    figure = layout(dark=dark, height=110 + 27 * len(names), xaxis=xaxis, yaxis=yaxis)
    margin = figure["margin"] | {"r": 52}  # on a phone the numbers beside the bars need more than a share of the width
    return go.Figure(bars, figure | {"bargap": 0.25, "margin": margin})


def heads_figure(values: np.ndarray, words: dict[str, str], *, dark: bool) -> go.Figure:
    """What each head added to a logit, [layer, head], blue below zero and orange above."""
    limit = float(np.abs(values).max()) or 1.0
    n_layers, n_heads = values.shape
    ends = [f"−{limit:.2f}", "0", f"+{limit:.2f}"]
    numbers = [[f"{v:+.2f}".replace("-", "−") for v in row] for row in values]
    grid = go.Heatmap(
        z=values,
        zmin=-limit,
        zmax=limit,
        colorscale=diverging_scale(dark),
        text=numbers,
        hovertemplate=f"{plain_text(words['layer'])} %{{y}}, {plain_text(words['head'])} %{{x}}: %{{text}}<extra></extra>",
        xgap=2,
        ygap=2,
        colorbar=flat_scale(words["axis"]) | {"tickvals": [-limit, 0, limit], "ticktext": ends, "ypad": 0},
    )
    inks = [ink_on(diverging_colour(float(v) / limit, dark)) for v in values.flat]
    written = go.Scatter(  # plotly's own ink in a heatmap is a grey that cannot be read on every colour
        x=np.tile(np.arange(n_heads), n_layers),
        y=np.repeat(np.arange(n_layers), n_heads),
        text=[number for row in numbers for number in row],
        textfont={"color": inks},
        mode="text",
        hoverinfo="skip",
        visible=n_heads <= HEADS_WITH_NUMBERS,
    )
    xaxis = {"title": {"text": words["head"]}, "tickvals": list(range(n_heads)), "range": [-0.5, n_heads - 0.5]}
    yaxis = {"title": {"text": words["layer"]}, "tickvals": list(range(n_layers)), "range": [-0.5, n_layers - 0.5]}
    xaxis, yaxis = (axis | {"showgrid": False, "zeroline": False} for axis in (xaxis, yaxis))
    return go.Figure([grid, written], layout(dark=dark, height=170 + 34 * n_layers, xaxis=xaxis, yaxis=yaxis))


def anatomy_figure(weights, names: dict[str, str], words: dict[str, str], *, dark: bool) -> go.Figure:
    """All parameters as nested boxes to scale: the model, its layers, in them what each weight does."""
    colours = palette(dark)
    paint = {
        "embedding": colours.residual, "position": colours.residual, "head": colours.residual, "query": colours.query,
        "key": colours.key, "value": colours.value, "qkv": colours.query, "attention output": colours.value,
        "up": colours.mlp, "gate": colours.mlp, "gate and up": colours.mlp, "down": colours.mlp,
    }  # fmt: skip
    sums: dict[tuple[str, int, str], int] = {}
    for weight in weights:
        place = (weight.side, weight.layer, weight.role)
        sums[place] = sums.get(place, 0) + weight.n_parameters
    has_sides = len({side for side, layer, _ in sums if layer >= 0}) > 1
    ids, labels, parents, values, tones = ["all"], [words["model"]], [""], [sum(sums.values())], ["rgba(0,0,0,0)"]

    def add(key: str, label: str, parent: str, value: int, tone: str) -> None:
        if key not in ids:
            ids.append(key)
            labels.append(plain_text(label).replace("\n", "<br>"))
            parents.append(parent)
            values.append(0)
            tones.append(tone)
        values[ids.index(key)] += value

    for (side, layer, role), n in sums.items():
        if not n:
            continue
        name = words["layer"].replace("{n}", str(layer)) if layer >= 0 else words["outside"]
        group = f"{side if layer >= 0 else ''}/{layer}"
        add(group, f"{words[side]}, {name}" if has_sides and layer >= 0 else name, "all", n, colours.line)
        add(f"{group}/{role}", names[role].replace(", ", ",\n"), group, n, paint.get(role, colours.muted))
    trace = go.Treemap(
        ids=ids,
        labels=labels,
        parents=parents,
        values=values,
        branchvalues="total",
        textfont={
            "color": [colours.text if tone in ("rgba(0,0,0,0)", colours.line) else colours.ground for tone in tones]
        },
        marker={"colors": tones, "line": {"color": colours.raised, "width": 2}},
        texttemplate="%{label}<br>%{value:,}",
        hovertemplate="%{label}<br>%{value:,} · %{percentRoot:.1%}<extra></extra>",
        tiling={"pad": 2},
        pathbar={"visible": True},
        sort=False,
    )
    return go.Figure(trace, layout(dark=dark, height=470, xaxis={}, yaxis={}))
