"""Projector mode enlarges a plotly figure without touching the figure itself."""

import plotly.graph_objects as go
import pytest

from viz.theme import PROJECTOR_SCALE, enlarged, layout


def test_type_marks_lines_and_height_grow_and_the_data_stay():
    figure = go.Figure(
        [go.Scatter(x=[1, 2], y=[3, 4], marker={"size": [5, 10]}, line={"width": 2}, textfont={"size": 20})],
        layout(dark=False, height=200, xaxis={"title": "x", "tickfont": {"size": 10}}, yaxis={}),
    )
    drawn = go.Figure(enlarged(figure))
    assert (drawn.layout.height, drawn.layout.xaxis.tickfont.size) == pytest.approx((270, 13.5))
    assert drawn.layout.font.size == pytest.approx(figure.layout.font.size * PROJECTOR_SCALE)
    assert drawn.data[0].marker.size == pytest.approx((6.75, 13.5))
    assert (drawn.data[0].line.width, drawn.data[0].textfont.size) == pytest.approx((2.7, 27))
    assert (drawn.data[0].x, drawn.data[0].y) == ((1, 2), (3, 4))
    assert (figure.layout.height, figure.data[0].marker.size) == (200, (5, 10))
