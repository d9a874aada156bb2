"""Colours and fonts, one place each.

A colour is a role and means the same on every screen. Browser components read the roles as CSS variables, which
follow light and dark by themselves; plotly figures ask `palette(dark)`. tests/unit/test_colours.py holds the contrasts and
how well the roles are told apart by eyes that lack a kind of cone: another colour has to pass it.
"""

from dataclasses import dataclass, fields

import numpy as np
from plotly.basedatatypes import BaseFigure

FONT = "Source Sans, Source Sans Pro, sans-serif"
CODE_FONT = "Source Code, Source Code Pro, monospace"
PROJECTOR_SCALE = 1.35  # how much larger everything is for the back row


@dataclass(frozen=True)
class Palette:
    """One colour a role, as #RRGGBB. `line` only parts things; `edge` bounds what can be typed into or ticked."""

    query: str
    key: str
    value: str
    residual: str
    mlp: str
    probability: str
    probability_soft: str
    on_probability: str
    positive: str
    negative: str
    muted: str
    ground: str
    raised: str
    line: str
    edge: str
    text: str


LIGHT = Palette(
    query="#3367C9",
    key="#9A3215",
    value="#1A7A50",
    residual="#667085",
    mlp="#A2640D",
    probability="#52389E",
    probability_soft="#E4DDF5",
    on_probability="#FFFFFF",
    positive="#B3560B",
    negative="#2E62B8",
    muted="#5C626D",
    ground="#FAF9F6",
    raised="#FFFFFF",
    line="#DEDAD2",
    edge="#8A8780",
    text="#22242A",
)
DARK = Palette(
    query="#6F94E7",
    key="#F69780",
    value="#70D8A9",
    residual="#AAB2C0",
    mlp="#FBC467",
    probability="#C7B3FF",
    probability_soft="#3A3157",
    on_probability="#17131F",
    positive="#F2A65E",
    negative="#8AB0FF",
    muted="#A6ABB8",
    ground="#14151A",
    raised="#1D1F26",
    line="#363A45",
    edge="#757985",
    text="#ECEAE6",
)


def palette(dark: bool) -> Palette:
    """The colours of one of the two themes."""
    return DARK if dark else LIGHT


def css_variables() -> str:
    """All roles as CSS custom properties `--ts-<role>`; `light-dark()` follows the theme without a rerun."""
    pairs = (
        f"--ts-{field.name.replace('_', '-')}:light-dark({getattr(LIGHT, field.name)},{getattr(DARK, field.name)});"
        for field in fields(Palette)
    )
    return "".join(pairs)


def sequential_scale(dark: bool) -> list[tuple[float, str]]:
    """The one scale for probabilities and attention: from the ground at 0 to the accent at 1."""
    colours = palette(dark)
    return [(0.0, colours.raised), (1.0, colours.probability)]


def diverging_scale(dark: bool) -> list[tuple[float, str]]:
    """The one scale for differences: blue below zero, ground at zero, orange above."""
    colours = palette(dark)
    return [(0.0, colours.negative), (0.5, colours.raised), (1.0, colours.positive)]


def diverging_colour(share: float, dark: bool) -> str:
    """The colour of the scale for differences at -1 … 1, as #rrggbb."""
    (_, low), (_, middle), (_, high) = diverging_scale(dark)
    ends = zip(_channels(middle), _channels(high if share > 0 else low), strict=True)
    return "#" + "".join(f"{round(a + abs(share) * (b - a)):02x}" for a, b in ends)


def ink_on(ground: str) -> str:
    """Black or white, whichever can be read better on #rrggbb: by WCAG 2 at least one has a contrast of 4.5."""
    linear = (
        (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in (v / 255 for v in _channels(ground))
    )
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#000000" if luminance > 0.179 else "#ffffff"  # where both contrasts are the same


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def flat_scale(title: str) -> dict:
    """A colour bar that lies above its picture: beside it, it would take half the width of a phone."""
    return {
        "title": {"text": title, "side": "top"},
        "orientation": "h",
        "thickness": 12,
        "len": 0.45,
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
    }


def layout(*, dark: bool, height: int, xaxis: dict, yaxis: dict) -> dict:
    """The house layout of a plotly figure: transparent ground, quiet grid, room for labels; the axes' own settings on top.

    Given to `go.Figure` in one piece: setting the same by `update_layout` takes plotly ten times as long.
    """
    colours = palette(dark)
    axis = {"gridcolor": colours.line, "zerolinecolor": colours.line, "linecolor": colours.line, "automargin": True}
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 15, "color": colours.text},
        "hoverlabel": {"font": {"family": FONT, "size": 14, "color": colours.text}, "bgcolor": colours.raised},
        "showlegend": False,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colours.muted, "activecolor": colours.probability},
        "xaxis": axis | xaxis,
        "yaxis": axis | yaxis,
    }


def enlarged(figure: BaseFigure) -> dict:
    """A figure for the back row, as plain data: type, marks, lines and height PROJECTOR_SCALE times as large."""
    drawn = figure.to_plotly_json()
    drawn["layout"]["height"] = drawn["layout"]["height"] * PROJECTOR_SCALE
    for part in (drawn["layout"], *drawn["data"]):
        _enlarge(part)
    return drawn


def _enlarge(part: dict) -> None:
    for name, value in part.items():
        if name in ("size", "width", "thickness") and not isinstance(value, str):
            part[name] = (
                [PROJECTOR_SCALE * one for one in value]
                if isinstance(value, list | tuple | np.ndarray)
                else value * PROJECTOR_SCALE
            )
        elif isinstance(value, dict):
            _enlarge(value)
