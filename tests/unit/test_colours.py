"""The colours of viz/theme.py, for eyes that lack a kind of cone and for contrast.

What such eyes see: Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
Deficiency", the matrices at severity 1, on linear RGB. How far apart two colours are: CIEDE2000 (CIE 142-2001). Contrast: WCAG 2.2.
"""

import math
import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from viz.theme import DARK, LIGHT, diverging_scale, sequential_scale

ROOT = Path(__file__).parents[2]
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
CATEGORIES = ("query", "key", "value", "residual", "mlp", "probability")
# One unit is about what is just noticed between patches that touch; bars and lines are small and lie apart, where several units
# are missed. Ten is above that, and as much as six hues can keep for all four kinds of eyes while each can be read as text.
TOLD_APART = 10
ENDS_TOLD_APART = 40  # the ends of the scale of differences: opposite meanings
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
THEMES = {"light": LIGHT, "dark": DARK}
DEEP = dict(re.findall(r"(light|dark): ([\d.]+)", (ROOT / "viz/components/shared.js").read_text("utf-8")))


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def linear(colour) -> np.ndarray:
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def lab(colour, eyes=EYES["all cones"]) -> np.ndarray:
    """CIELAB under D65 of an sRGB colour (0…1) as those eyes see it."""
    relative = XYZ @ np.clip(eyes @ linear(colour), 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(first, second) -> float:
    """CIEDE2000 between two CIELAB colours, with the names of Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    hue, c, light = (h1 + turn / 2 if c1 * c2 else h1 + h2), (c1 + c2) / 2, (l1 + l2) / 2
    big_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(size * math.cos(math.radians(times * hue + shift)) for size, times, shift in waves)
    s_l = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    blue = math.radians(60 * math.exp(-(((hue % 360 - 275) / 25) ** 2)))
    r_t = -2 * math.sqrt(c**7 / (c**7 + 25**7)) * math.sin(blue)
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, big_h / s_h
    return math.sqrt(dl**2 + dc**2 + dh**2 + r_t * dc * dh)


def contrast(one, other) -> float:
    """The WCAG contrast of two sRGB colours (0…1)."""
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def settings(theme: str) -> dict[str, str]:
    """What Streamlit is told of that theme."""
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"][theme]


def mixed(colour: str, share: float, ground: str) -> np.ndarray:
    """`color-mix(in srgb, colour share, ground)`."""
    return share * rgb(colour) + (1 - share) * rgb(ground)


@pytest.mark.parametrize(
    "first, second, expected",
    [  # Sharma, Wu and Dalal 2005, table 1: hues on both sides of zero, greys, the blue turn, far colours
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_pairs(first, second, expected):
    assert difference(first, second) == pytest.approx(expected, abs=1e-4)


def test_eyes_without_a_cone_still_see_greys_and_white_has_the_greatest_contrast():
    for eyes in EYES.values():
        np.testing.assert_allclose(lab(np.full(3, 0.5), eyes), lab(np.full(3, 0.5)), atol=0.05)
    assert contrast(np.zeros(3), np.ones(3)) == pytest.approx(21)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_roles_are_told_apart(theme, eyes):
    for one, other in combinations(CATEGORIES, 2):
        seen = (lab(rgb(getattr(THEMES[theme], role)), EYES[eyes]) for role in (one, other))
        assert difference(*seen) >= TOLD_APART, (one, other)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_the_scale_of_probabilities_only_ever_grows_darker_or_lighter(theme, eyes):
    (_, ground), (_, accent) = sequential_scale(theme == "dark")
    lightness = [lab(mixed(accent, share, ground), EYES[eyes])[0] for share in np.linspace(0, 1, 51)]
    steps = np.diff(lightness) * (1 if theme == "dark" else -1)
    assert steps.min() > 0
    assert abs(lightness[-1] - lightness[0]) > 50


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_the_scale_of_differences_is_even_and_its_ends_are_told_apart(theme, eyes):
    (_, below), (_, ground), (_, above) = diverging_scale(theme == "dark")
    sides = [
        [lab(mixed(end, share, ground), EYES[eyes])[0] for share in np.linspace(0, 1, 51)] for end in (below, above)
    ]
    for side in sides:
        assert (np.diff(side) * (1 if theme == "dark" else -1)).min() > 0
    assert abs(sides[0][-1] - sides[1][-1]) < 10  # neither sign looks the larger
    assert difference(lab(rgb(below), EYES[eyes]), lab(rgb(above), EYES[eyes])) >= ENDS_TOLD_APART


@pytest.mark.parametrize("theme", THEMES)
def test_words_have_contrast_on_every_ground_they_stand_on(theme):
    colours = THEMES[theme]
    grounds = {name: rgb(getattr(colours, name)) for name in ("ground", "raised")}
    soft = {"probability_soft": rgb(colours.probability_soft)}
    striped = {"every other chip": mixed(colours.raised, 0.7, colours.line)}
    looked_at = {"a row looked at": mixed(colours.probability_soft, 0.55, colours.raised)}
    code = {"code": rgb(settings(theme)["codeBackgroundColor"])}
    pairs = {
        "text": code | grounds | soft | striped | looked_at,
        "muted": code | grounds | soft | striped | looked_at,
        **dict.fromkeys(("query", "value"), code | grounds | looked_at),
        "key": grounds | looked_at,
        "probability": code | grounds,
        **dict.fromkeys(("mlp", "residual", "positive", "negative"), grounds),
        "on_probability": {"probability": rgb(colours.probability)},
    }
    for role, behind in pairs.items():
        for name, ground in behind.items():
            assert contrast(rgb(getattr(colours, role)), ground) >= TEXT, (role, name)


@pytest.mark.parametrize("theme", THEMES)
def test_what_can_be_typed_into_has_a_visible_edge(theme):
    colours = THEMES[theme]
    for ground in (colours.ground, colours.raised):
        assert contrast(rgb(colours.edge), rgb(ground)) >= GRAPHIC


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_can_be_read_at_every_share_of_the_scale(theme):
    """Components write on the scale in black or white and change over at the share DEEP of shared.js."""
    colours, is_dark = THEMES[theme], theme == "dark"
    for share in np.linspace(0, 1, 401):
        ink = np.full(3, float((share > float(DEEP[theme])) != is_dark))
        assert contrast(ink, mixed(colours.probability, share, colours.raised)) >= TEXT, share


@pytest.mark.parametrize("theme", THEMES)
def test_streamlits_own_theme_has_the_same_colours(theme):
    colours = THEMES[theme]
    same = {"primaryColor": "probability", "backgroundColor": "ground", "secondaryBackgroundColor": "raised"}
    same |= {"textColor": "text", "borderColor": "line"}
    assert {key: settings(theme)[key] for key in same} == {key: getattr(colours, role) for key, role in same.items()}
    roles = ("probability", "query", "key", "value", "mlp", "residual")
    assert settings(theme)["chartCategoricalColors"][:6] == [getattr(colours, role) for role in roles]
