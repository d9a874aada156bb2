"""What the Embeddings screen draws equals the record it was given."""

import numpy as np
import pytest

from viz import embeddings

LABELS = ["dog", "dog", "\n", "😀", "<b>&"]
SHOWN = ["dog", "dog", "↵", "😀", "&lt;b>&amp;"]


def places(n: int, d: int) -> np.ndarray:
    return np.random.default_rng(n).normal(size=(n, d)).astype(np.float32)


@pytest.mark.parametrize("n", [1, 5])
@pytest.mark.parametrize("dark", [False, True])
def test_a_flat_map_has_each_point_in_its_place(n, dark):
    points = places(n, 2)
    hover = [f"ids {i}" for i in range(n)]
    figure = embeddings.map_2d(points, LABELS[:n], ["first", "<second>"], hover, dark=dark)
    (cloud,) = figure.data
    np.testing.assert_array_equal(cloud.x, points[:, 0])
    np.testing.assert_array_equal(cloud.y, points[:, 1])
    assert list(cloud.text) == SHOWN[:n] and list(cloud.customdata) == hover
    assert figure.layout.yaxis.scaleanchor == "x"  # a distance is as long in both directions
    assert "text" in cloud.mode


def test_words_of_near_points_stand_on_different_sides():
    """ "top center" for both would print one word on the other."""
    crowd = np.array([[0, 0], [0.01, 0], [-0.01, 0.001], [10, 4]], np.float32)
    (cloud,) = embeddings.map_2d(crowd, ["mouse", "rabbit", "duck", "fox"], ["", ""], [""] * 4, dark=False).data
    first, second, third, alone = cloud.textposition
    assert len({first, second, third}) == 3 and alone == "top center"


def test_of_many_points_the_words_appear_under_the_pointer():
    n = embeddings.MAX_WRITTEN + 1
    (cloud,) = embeddings.map_2d(places(n, 2), [f"w{i}" for i in range(n)], ["", ""], [""] * n, dark=False).data
    assert cloud.mode == "markers" and cloud.text[n - 1] == f"w{n - 1}" and "%{text}" in cloud.hovertemplate


def test_a_map_in_space_has_each_point_in_its_place_and_equal_axes():
    points = places(5, 3)
    figure = embeddings.map_3d(points, LABELS, ["a", "b", "c"], [""] * 5, dark=False)
    (cloud,) = figure.data
    np.testing.assert_array_equal(np.stack([cloud.x, cloud.y, cloud.z], 1), points)
    assert figure.layout.scene.aspectmode == "data" and list(cloud.text) == SHOWN


@pytest.mark.parametrize("d", [2, 3])
def test_dropped_words_join_the_map_with_their_names(d):
    draw = embeddings.map_2d if d == 2 else embeddings.map_3d
    figure = draw(places(5, d), LABELS, ["a"] * d, [""] * 5, dark=False)
    new = places(1, d)
    embeddings.add_points(figure, new, ["<i>"], dark=False)
    cloud, dropped = figure.data
    assert (dropped.x[0], dropped.y[0]) == (new[0, 0], new[0, 1]) and dropped.text[0] == "&lt;i>"
    assert dropped.marker.symbol == "diamond" and dropped.marker.color != cloud.marker.color


def test_similarities_lie_on_a_scale_from_minus_one_to_one():
    cosines = np.array([[1, -0.25], [-0.25, 1]], np.float32)
    figure = embeddings.similarity_figure(cosines, ["dog", "<b>&"], {"cosine": "cosine"}, dark=False)
    (grid,) = figure.data
    np.testing.assert_array_equal(grid.z, cosines)
    assert (grid.zmin, grid.zmax) == (-1, 1)
    assert list(grid.customdata[0][1]) == ["dog", "&lt;b>&amp;"]
    assert list(figure.layout.xaxis.tickvals) == [0, 1] and figure.layout.yaxis.autorange == "reversed"


def test_the_nearest_have_the_longest_bars():
    cosine = embeddings.nearest_rows(["a\n", "b"], np.array([0.5, -0.2]), "cosine")
    assert [(row["label"], row["share"], row["note"]) for row in cosine] == [("a↵", 0.5, "0.500"), ("b", 0.0, "−0.200")]
    dot = embeddings.nearest_rows(["a", "b"], np.array([8.0, 2.0]), "dot")
    assert [row["share"] for row in dot] == [1.0, 0.25]
    distance = embeddings.nearest_rows(["a", "b"], np.array([2.0, 8.0]), "euclidean")
    assert [row["share"] for row in distance] == [1.0, 0.25]


def test_words_on_an_axis_keep_their_places():
    rows = embeddings.axis_rows(["mouse", "<b>"], np.array([-1.234, 2.0]), "small", "big")
    assert rows["low"] == "small" and rows["high"] == "big"
    assert [(row["label"], row["place"], row["note"]) for row in rows["rows"]] == [
        ("mouse", -1.234, "−1.23"), ("<b>", 2.0, "2.00"),
    ]  # fmt: skip


def test_each_sentence_is_a_line_through_the_layers_in_the_look_of_its_sense():
    points = places(9, 2).reshape(3, 3, 2)
    figure = embeddings.paths_figure(
        points, ["dog", "tree", "dog"], ["one", "<two>", "three"], ["e", "0", "1"], dark=False
    )
    for line, path in zip(figure.data, points, strict=True):
        np.testing.assert_array_equal(np.stack([line.x, line.y], 1), path)
        assert np.argmax(line.marker.size) == 2  # the last layer is the large dot
    assert [line.showlegend for line in figure.data] == [True, True, False]
    first, second, third = figure.data
    assert first.line.color == third.line.color != second.line.color
    assert first.line.dash != second.line.dash and first.marker.symbol != second.marker.symbol
    assert second.customdata[0][0] == "&lt;two>"


def test_how_far_the_senses_part_layer_by_layer():
    between, within = np.array([0.1, 0.6]), np.array([0.1, np.nan])
    words = {"between": "different", "within": "same", "axis": "distance", "layer": "layer"}
    different, same = embeddings.parting_figure(between, within, ["embedding", "layer 0"], words, dark=False).data
    np.testing.assert_array_equal(different.y, between)
    np.testing.assert_array_equal(same.y, within)
    assert different.line.dash != same.line.dash
