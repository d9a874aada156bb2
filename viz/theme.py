"""Colours and fonts, one place each.

A colour is a role and means the same on every screen. Browser components read the roles as CSS variables, which
follow light and dark by themselves; plotly figures ask `palette(dark)`.
"""

from dataclasses import dataclass, fields

FONT = "Source Sans, Source Sans Pro, sans-serif"
CODE_FONT = "Source Code, Source Code Pro, monospace"


@dataclass(frozen=True)
class Palette:
    """One colour a role, as #RRGGBB."""

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
    text: str


LIGHT = Palette(
    query="#3367C9",
    key="#B5401F",
    value="#1A7A50",
    residual="#667085",
    mlp="#935B0C",
    probability="#5B3FA8",
    probability_soft="#E4DDF5",
    on_probability="#FFFFFF",
    positive="#B3560B",
    negative="#2E62B8",
    muted="#5F6570",
    ground="#FAF9F6",
    raised="#FFFFFF",
    line="#DEDAD2",
    text="#22242A",
)
DARK = Palette(
    query="#8AB0FF",
    key="#FF9F87",
    value="#6FD6A6",
    residual="#AAB2C0",
    mlp="#EDB860",
    probability="#B9A3F5",
    probability_soft="#3A3157",
    on_probability="#17131F",
    positive="#F2A65E",
    negative="#8AB0FF",
    muted="#A6ABB8",
    ground="#14151A",
    raised="#1D1F26",
    line="#363A45",
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
