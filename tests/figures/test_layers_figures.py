"""What the Layers screen draws equals the record it was given."""

import numpy as np
import pytest

from model_backend.base.anatomy_records import Weight
from tests.figures.test_attention_figures import opened
from tests.unit.test_colours import contrast, rgb
from viz import inside_code, layers
from viz.theme import palette

PIECES = {0: " dog", 1: "\n", 2: "😀", 3: "<b>&"}
WORDS = {"sum": "the logit", "axis": "logit", "layer": "layer", "head": "head"}


def lattice(n_rows: int, n_pos: int, **more) -> bytes:
    rng = np.random.default_rng(n_pos)
    numbers = dict(
        top_ids=rng.integers(0, 4, (n_rows, n_pos, 1)), top_probs=rng.random((n_rows, n_pos, 1)), entropy_bits=rng.random((n_rows, n_pos)),
        tokens=["·dog"] * n_pos, layers=[f"layer {i}" for i in range(n_rows)], chosen=(n_rows - 1, n_pos - 1),
    )  # fmt: skip
    return layers.lattice(piece=PIECES.get, label="l", words={}, version="v", **(numbers | more))


@pytest.mark.parametrize("n_pos", [1, 5])
def test_each_cell_holds_its_own_token_probability_and_entropy(n_pos):
    ids = np.arange(3 * n_pos).reshape(3, n_pos, 1) % 4
    probs = np.linspace(0, 1, 3 * n_pos, dtype=np.float32).reshape(3, n_pos, 1)
    header, arrays = opened(lattice(3, n_pos, top_ids=ids, top_probs=probs))
    expected = np.array(["·dog", "↵", "😀", "<b>&"])[ids]
    assert np.array(header["pieces"])[arrays["top"]].tolist() == expected.tolist()
    np.testing.assert_array_equal(arrays["p"], probs)
    assert header["tokens"] == ["·dog"] * n_pos  # repeated tokens stay apart
    assert arrays["rank"].size == 0 and header["watched"] == ""


def test_a_followed_token_brings_its_ranks():
    ranks = np.array([[900, 3], [1, 12]])
    header, arrays = opened(lattice(2, 2, watched=" cat", rank=ranks))
    assert header["watched"] == "·cat"
    np.testing.assert_array_equal(arrays["rank"], ranks)


@pytest.mark.parametrize("dark", [False, True])
def test_the_parts_stand_where_the_last_one_ended_and_end_at_the_sum(dark):
    values = np.array([1.5, -0.5, 2.0], np.float32)
    figure = layers.parts_figure(
        ["<b>", "attention", "MLP"], values, ("embedding", "attention", "mlp"), WORDS, dark=dark
    )
    (bars,) = figure.data
    assert list(bars.base) == [0, 1.5, 1.0, 0] and list(bars.x) == [1.5, -0.5, 2.0, 3.0]
    assert list(bars.text) == ["+1.50", "−0.50", "+2.00", "+3.00"]
    assert list(figure.layout.yaxis.ticktext) == ["&lt;b>", "attention", "MLP", "the logit"]
    low, high = figure.layout.xaxis.range
    assert low < 0 and high > 3.0


def test_parts_below_zero_stay_in_the_picture():
    figure = layers.parts_figure(["a", "b"], np.array([-4.0, 1.0]), ("embedding", "mlp"), WORDS, dark=False)
    assert figure.layout.xaxis.range[0] < -4 and figure.layout.xaxis.range[1] > 0


def test_the_heads_are_coloured_on_a_scale_with_zero_in_the_middle():
    values = np.array([[0.2, -0.8], [0.0, 0.4]])
    grid, _ = layers.heads_figure(values, WORDS, dark=False).data
    np.testing.assert_array_equal(grid.z, values)
    assert (grid.zmin, grid.zmax) == (-0.8, 0.8)
    assert grid.text[0][1] == "−0.80"
    flat = layers.heads_figure(np.zeros((1, 1)), WORDS, dark=False).data[0]
    assert (flat.zmin, flat.zmax) == (-1, 1)


@pytest.mark.parametrize("dark", [False, True])
def test_the_numbers_of_the_heads_can_be_read_on_every_colour(dark):
    """Catches: one ink for all cells, pale on the strongest colours."""
    values = np.linspace(-1, 1, 32).reshape(2, 16)
    grid, written = layers.heads_figure(values, WORDS, dark=dark).data
    ends = [rgb(colour) for _, colour in grid.colorscale]
    assert written.visible and list(written.text) == [number for row in grid.text for number in row]
    for x, y, ink in zip(written.x, written.y, written.textfont.color, strict=True):
        ground = [np.interp(values[y, x], [-1, 0, 1], [end[i] for end in ends]) for i in range(3)]
        assert contrast(rgb(ink), np.array(ground)) >= 4.5
    assert not layers.heads_figure(np.ones((1, 17)), WORDS, dark=dark).data[1].visible


def weight(name: str, role: str, layer: int, n: int, side: str = "decoder") -> Weight:
    return Weight(name=name, role=role, side=side, layer=layer, shape=(n,), n_parameters=n, share=0.0, is_bias=False)


@pytest.mark.parametrize("dark", [False, True])
def test_the_names_in_the_boxes_can_be_read(dark):
    names, words = {"up": "MLP up"}, {"model": "all", "layer": "layer {n}", "decoder": "decoder"}
    (boxes,) = layers.anatomy_figure([weight("up", "up", 0, 4)], names, words, dark=dark).data
    for box, ink, tone in zip(boxes.ids, boxes.textfont.color, boxes.marker.colors, strict=True):
        ground = palette(dark).ground if box == "all" else tone
        bright = [sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in (ink, ground)]
        assert abs(bright[0] - bright[1]) > 250


def test_the_boxes_of_the_anatomy_add_up_and_have_the_size_of_their_weights():
    weights = [
        weight("wte", "embedding", -1, 100), weight("q", "query", 0, 10), weight("q.bias", "query", 0, 2),
        weight("up", "up", 0, 40), weight("q1", "query", 1, 12), weight("head", "head", -1, 0),
    ]  # fmt: skip
    names = {"embedding": "embedding", "query": "query", "up": "MLP up", "head": "output"}
    words = {"model": "all", "outside": "outside", "layer": "layer {n}", "encoder": "encoder", "decoder": "decoder"}
    (boxes,) = layers.anatomy_figure(weights, names, words, dark=False).data
    values = dict(zip(boxes.ids, boxes.values, strict=True))
    children = {}
    for box, parent in zip(boxes.ids, boxes.parents, strict=True):
        children.setdefault(parent, []).append(box)
    assert values["all"] == 164
    for parent, boxes_inside in children.items():
        assert not parent or values[parent] == sum(values[box] for box in boxes_inside)
    labels = dict(zip(boxes.ids, boxes.labels, strict=True))
    (query,) = [box for box in boxes.ids if labels[box] == "query" and "/0/" in box]
    assert values[query] == 12
    assert "output" not in boxes.labels  # a tied matrix has no box of its own


def test_code_quotes_names_and_finds_the_models_that_ship():
    code = inside_code.attention_code("bundled/storyteller", "float32", [0, 5], None, "decoder", 2, 3, 1)
    assert "'model_backend/bundled/storyteller'" in code and "layer = 2\nhead = 3\nquery = 1\n" in code
    compile(code, "code", "exec")
    code = inside_code.attention_code("a'b/c", "float32", [0, 5], [1, 2], "cross", 0, 0, 1)
    assert (
        "output.cross_attentions\n" in code and "target = [1, 2]\n" in code and "decoder_input_ids=target_ids" in code
    )
    compile(code, "code", "exec")
