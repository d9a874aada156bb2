"""What the Generation screen draws equals the records."""

import math

import numpy as np
import pytest

from model_backend import SamplingSettings
from model_backend.base.continuation_records import Node, head_of
from model_backend.base.writing_records import Beams, Finished, Hypothesis, StepCost
from model_backend.engine import sampling
from viz import generation, generation_figures

NAMES = {0: " a", 1: "<b>", 2: "\n", 3: "👩‍🚀"}
SETTINGS = SamplingSettings(temperature=0.5, top_k=3)


def choices():
    return head_of(sampling.apply(np.log([0.4, 0.3, 0.2, 0.1]).astype(np.float32), SETTINGS))


def node(index=1, parent=0, token_id=1, dice=0.7, rank=2, **changes) -> Node:
    about = dict(
        index=index, parent=parent, depth=index, token_id=token_id, piece=NAMES.get(token_id, "?"), logprob_nats=math.log(0.3),
        joint_nats=index * math.log(0.3), p_model=0.3, p_final=9 / 29, rank=rank, dice=dice, begins=16 / 29, ends=25 / 29,
        choices=choices(), n_read=1, seconds=0.002, cache_bytes=384, is_end=False,
    )  # fmt: skip
    return Node(**about | changes)


def test_the_rows_show_both_probabilities_and_what_was_cut():
    """At T = 0.5 (0.4, 0.3, 0.2) become their squares over 0.29: 16/29, 9/29, 4/29."""
    rows = generation.choice_rows(choices(), NAMES.get, node())
    assert [row["label"] for row in rows] == ["·a", "<b>", "↵", "👩‍🚀"]
    assert [row["kept"] for row in rows] == [True, True, True, False]
    assert [row["chosen"] for row in rows] == [False, True, False, False]
    assert [row["final_share"] for row in rows] == pytest.approx([1, 9 / 16, 4 / 16, 0], abs=1e-5)
    assert [row["share"] for row in rows] == pytest.approx([p * 29 / 16 for p in (0.4, 0.3, 0.2, 0.1)], abs=1e-5)
    assert rows[0]["final"] == "55\u00a0%" and rows[3]["p"] == "10\u00a0%"


def test_a_token_from_far_down_gets_a_row_of_its_own():
    rows = generation.choice_rows(
        choices(), NAMES.get, node(token_id=99, rank=5000, p_final=0.0, p_model=1e-7, dice=None)
    )
    assert rows[-1]["rank"] == 5000 and rows[-1]["chosen"] and not rows[-1]["kept"]


def test_the_strip_puts_each_token_where_the_dice_look():
    strip = generation.strip(choices(), NAMES.get, node())
    assert [part["to"] for part in strip["parts"]] == pytest.approx([16 / 29, 25 / 29, 1], abs=1e-6)
    assert [part["from"] for part in strip["parts"]] == pytest.approx([0, 16 / 29, 25 / 29], abs=1e-6)
    hit = [part["label"] for part in strip["parts"] if part["from"] <= strip["dice"] < part["to"]]
    assert hit == ["<b>"]
    assert generation.strip(choices(), NAMES.get, node(dice=None)) is None


def test_what_has_fallen_out_is_marked_on_both_sides():
    path = (node(1), node(2, 1, 2))
    line = generation.text_line(["x"] * 90, path, 91, at=2)
    assert line["hidden"] == 10 and all(token["out"] for token in line["begun"])
    assert [(word["out"], word["now"]) for word in line["written"]] == [(True, False), (False, True)]


def test_the_tree_bears_probabilities_on_edges_and_sums_at_leaves():
    root = node(0, None)
    nodes = [root, node(1, 0), node(2, 1, 2, dice=None), node(3, 1, 0)]
    below = {0: [1], 1: [2, 3], 2: [], 3: []}
    data = generation.tree(nodes, below.get, at=3, on_path={0, 1, 3}, begun="text")["nodes"]
    assert [one["edge"] for one in data] == ["", *["30\u00a0%"] * 3]
    assert [one["leaf"] for one in data] == ["", "", "−2.41", "−3.61"]
    assert [one["state"] for one in data] == ["drawn", "drawn", "forced", "drawn"]
    assert [one["way"] for one in data] == [True, True, False, True]


def test_the_beam_tree_marks_the_best_and_the_dropped():
    tried = (
        Hypothesis(0, None, 1, 0, math.log(0.5), math.log(0.5), "kept", False),
        Hypothesis(1, None, 1, 1, math.log(0.2), math.log(0.2), "dropped", False),
        Hypothesis(2, 0, 2, 3, math.log(0.9), math.log(0.45), "finished", True),
        Hypothesis(3, 0, 2, 2, math.log(0.1), math.log(0.05), "finished", True),
    )
    beams = Beams(tried, (Finished(2, (0, 3), math.log(0.45), math.log(0.45) / 2),), True)
    data = generation.beam_tree(beams, NAMES.get, "text")["nodes"]
    assert [one["id"] for one in data] == [-1, 0, 2, 1, 3]
    assert [one["state"] for one in data] == ["kept", "kept", "finished", "dropped", "dropped"]
    assert [one["way"] for one in data] == [True, True, True, False, False]
    assert [one["leaf"] for one in data] == ["", "", "−0.40", "−1.61", "−3.00"]
    assert [one["edge"] for one in data[1:]] == ["50\u00a0%", "90\u00a0%", "20\u00a0%", "10\u00a0%"]
    assert [one["parent"] for one in data] == [None, -1, 0, -1, 0]


def test_the_file_holds_every_step_with_its_likeliest_tokens():
    data = generation.export((node(1), node(2, 1, 2, dice=None)), NAMES.get, model="m")
    assert data["model"] == "m" and [step["id"] for step in data["steps"]] == [1, 2]
    assert data["steps"][0]["dice"] == 0.7 and data["steps"][1]["dice"] is None
    assert data["steps"][1]["chosen_by"] == "person"
    assert [one["token"] for one in data["steps"][0]["likeliest"]] == [" a", "<b>", "\n", "👩‍🚀"]
    assert data["steps"][0]["likeliest"][0]["p_final"] == pytest.approx(16 / 29, abs=1e-6)


@pytest.mark.parametrize("dark", [False, True])
def test_the_costs_are_drawn_in_milliseconds_and_kilobytes(dark):
    costs = [StepCost(5, 0.010, 5, 0.011, 1920), StepCost(1, 0.002, 6, 0.013, 2304)]
    times = generation_figures.step_times(costs, dark, ("step", "ms", "with", "without"))
    assert [list(line.y) for line in times.data] == [[10, 2], [11, 13]]
    assert [line.line.dash for line in times.data] == ["solid", "dash"]
    assert list(generation_figures.cache_sizes(costs, dark, ("step", "kB")).data[0].y) == [1.92, 2.304]


@pytest.mark.parametrize(("n", "text"), [(0, "0 B"), (999, "999 B"), (61_440, "61.4 kB"), (3_145_728, "3.15 MB")])
def test_sizes_are_in_powers_of_a_thousand(n, text):
    assert generation.bytes_text(n) == text.replace(" ", "\u00a0")
