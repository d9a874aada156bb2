"""The Embeddings screen: neighbours, maps, analogies and axes against scikit-learn and plain arithmetic."""

import json
import re

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity

from tests.app.inside import plain, printed, rows

WORDS = "dog, cat, horse, king, queen, red, blue"


def vectors(words: list[str]) -> np.ndarray:
    """The mean of each word's token embeddings, with the space before it, from plain transformers."""
    tokenizer, model = plain()
    table = model.transformer.wte.weight.detach().numpy()
    return np.stack([table[tokenizer(" " + w, add_special_tokens=False).input_ids].mean(0) for w in words])


def words_on(at) -> str:
    return " ".join(html.proto.body for html in at.get("html"))


def test_neighbours_are_those_of_the_full_space(open_screen):
    at = open_screen("embeddings", words=WORDS)
    assert not at.exception
    names = WORDS.split(", ")
    cosines = cosine_similarity(vectors(names))[0]
    order = [i for i in np.argsort(-cosines) if i != 0]
    found = rows(at, "embeddings_near_bars")
    assert [row["label"] for row in found] == [names[i] for i in order]
    assert [float(row["note"].replace("−", "-")) for row in found] == pytest.approx(cosines[order], abs=6e-4)


def test_the_map_says_scikit_learns_explained_variance(open_screen):
    at = open_screen("embeddings", words=WORDS)
    expected = PCA(2).fit(vectors(WORDS.split(", "))).explained_variance_ratio_.sum()
    shown = re.search(r"The picture shows <b>([\d.]+)", words_on(at)).group(1)
    assert float(shown) == pytest.approx(100 * expected, abs=0.6)


def test_an_analogy_keeps_its_inputs_in_the_ranking(open_screen):
    at = open_screen("embeddings", words=WORDS)
    found = rows(at, "analogy_bars")
    a, b, c = (v / np.linalg.norm(v) for v in vectors(["king", "man", "woman"]))
    target = a - b + c
    expected = float(a @ target / np.linalg.norm(target))
    king = next(row for row in found if row["label"] == "king")
    assert king["muted"] and king["note"].startswith(f"{expected:.3f}")


def test_words_lie_on_an_axis_where_arithmetic_puts_them(open_screen):
    at = open_screen("embeddings", words=WORDS)
    at.text_area(key="axis_pairs").input("small, big\nlittle, large")
    at.text_area(key="axis_words").input("mouse, elephant").run()
    low, high = vectors(["small", "little"]), vectors(["big", "large"])
    differences = high - low
    direction = (differences / np.linalg.norm(differences, axis=1, keepdims=True)).sum(0)
    direction /= np.linalg.norm(direction)
    span = differences.mean(0) @ direction / 2
    expected = (vectors(["mouse", "elephant"]) - (low.mean(0) + high.mean(0)) / 2) @ direction / span
    (axis,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(".axis")]
    places = {row["label"]: row["place"] for row in json.loads(axis.proto.json)["rows"]}
    assert [places["mouse"], places["elephant"]] == pytest.approx(expected, abs=1e-3)


def test_the_code_of_the_pair_prints_its_dot_product_and_cosine(open_screen, monkeypatch):
    at = open_screen("embeddings", words=WORDS)
    dog, cat = vectors(["dog", "cat"])
    found = [float(x) for x in printed(at.code[0].value, monkeypatch).split()]
    assert found == pytest.approx([dog @ cat, dog @ cat / np.linalg.norm(dog) / np.linalg.norm(cat)], abs=1e-4)


def test_neighbours_after_a_layer_stand_beside_those_of_the_embedding(open_screen):
    at = open_screen("embeddings", words=WORDS, vectors=4)
    names = WORDS.split(", ")
    cosines = cosine_similarity(vectors(names))[0]
    static, after = rows(at, "embeddings_near_static"), rows(at, "embeddings_near_bars")
    assert [row["label"] for row in static] == [names[i] for i in np.argsort(-cosines) if i != 0]
    assert [row["note"] for row in static] != [row["note"] for row in after]


def test_the_map_of_the_bundled_vocabulary_ships_and_needs_no_fitting(open_screen, monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("a map was asked for")

    monkeypatch.setattr("model_backend.projection_jobs.ProjectionJobs.submit", refuse)
    at = open_screen("embeddings", points="vocabulary")
    at.segmented_control(key="embeddings_method").set_value("umap").run()
    assert not at.exception
    assert re.search(r"trustworthiness of <b>0\.\d\d</b>", words_on(at))


def test_of_very_many_points_the_first_are_compared_and_it_is_said(open_screen):
    at = open_screen("embeddings", points="vocabulary")
    assert "Compared are the first 100 of 2,000 points." in words_on(at)


@pytest.mark.parametrize("words", ["", "dog", ",,,", "👩‍🚀, 你好, <b>", "zzzzzzzz qqqq, dog"])
def test_odd_lists_of_words_are_answered_in_words(open_screen, words):
    at = open_screen("embeddings", words=words)
    assert not at.exception


def test_other_points_and_layers_can_be_chosen(open_screen):
    for parameters in (
        {"points": "prompt", "prompt": "The dog saw a cat"},
        {"points": "vocabulary"},
        {"words": WORDS, "vectors": 3},
    ):
        at = open_screen("embeddings", **parameters)
        assert not at.exception and "The picture shows" in words_on(at)
