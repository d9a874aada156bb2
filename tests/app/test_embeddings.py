"""The Embeddings screen: neighbours, maps, analogies and axes against scikit-learn and plain arithmetic."""

import json
import re

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity

from model_backend.maps import projection_jobs
from tests.app.inside import plain, printed, rows, words_on

WORDS = "dog, cat, horse, king, queen, red, blue"


@pytest.fixture(scope="module")
def words_screen(open_screen):
    """The screen with WORDS, for tests that only read it."""
    at = open_screen("embeddings", words=WORDS)
    assert not at.exception
    return at


def vectors(words: list[str]) -> np.ndarray:
    """The mean of each word's token embeddings, with the space before it, from plain transformers."""
    tokenizer, model = plain()
    table = model.transformer.wte.weight.detach().numpy()
    return np.stack([table[tokenizer(" " + w, add_special_tokens=False).input_ids].mean(0) for w in words])


def axis_places(at) -> dict[str, float]:
    (axis,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(".axis")]
    return {row["label"]: row["place"] for row in json.loads(axis.proto.json)["rows"]}


def test_neighbours_are_those_of_the_full_space(words_screen):
    names = WORDS.split(", ")
    cosines = cosine_similarity(vectors(names))[0]
    order = [i for i in np.argsort(-cosines) if i != 0]
    found = rows(words_screen, "embeddings_near_bars")
    assert [row["label"] for row in found] == [names[i] for i in order]
    assert [float(row["note"].replace("−", "-")) for row in found] == pytest.approx(cosines[order], abs=6e-4)


def test_the_map_says_scikit_learns_explained_variance(words_screen):
    expected = PCA(2).fit(vectors(WORDS.split(", "))).explained_variance_ratio_.sum()
    shown = re.search(r"The picture shows <b>([\d.]+)", words_on(words_screen)).group(1)
    assert float(shown) == pytest.approx(100 * expected, abs=0.6)


def test_an_analogy_keeps_its_inputs_in_the_ranking(words_screen):
    found = rows(words_screen, "analogy_bars")
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
    places = axis_places(at)
    assert [places["mouse"], places["elephant"]] == pytest.approx(expected, abs=1e-3)


def test_the_code_of_each_card_prints_its_numbers(words_screen, monkeypatch):
    """Plain transformers, or plain arithmetic on the residual stream, against what stands on the screen."""
    pair, analogy, axis, senses, positions = (printed(code.value, monkeypatch) for code in words_screen.code)
    dog, cat = vectors(["dog", "cat"])
    expected = [dog @ cat, dog @ cat / np.linalg.norm(dog) / np.linalg.norm(cat)]
    assert [float(x) for x in pair.split()] == pytest.approx(expected, abs=1e-4)
    notes = [row["note"].split(" ")[0].replace("−", "-") for row in rows(words_screen, "analogy_bars")]
    assert [f"{float(x):.3f}" for x in analogy.split()] == notes
    assert json.loads(axis) == pytest.approx(list(axis_places(words_screen).values()), abs=1e-3)
    assert f"different senses are <b>{float(senses):.2f}</b> apart" in words_on(words_screen)
    table = plain()[1].transformer.wpe.weight.detach().numpy()[:64]
    assert json.loads(positions) == pytest.approx(cosine_similarity(table[:1], table)[0], abs=1e-4)


def test_neighbours_after_a_layer_stand_beside_those_of_the_embedding(open_screen):
    at = open_screen("embeddings", words=WORDS, vectors=4)
    names = WORDS.split(", ")
    cosines = cosine_similarity(vectors(names))[0]
    static, after = rows(at, "embeddings_near_static"), rows(at, "embeddings_near_bars")
    assert [row["label"] for row in static] == [names[i] for i in np.argsort(-cosines) if i != 0]
    assert [row["note"] for row in static] != [row["note"] for row in after]


def test_the_maps_of_the_bundled_vocabulary_ship_and_need_no_fitting(open_screen, monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("a map was asked for")

    monkeypatch.setattr("model_backend.maps.projection_jobs.ProjectionJobs.submit", refuse)
    at = open_screen("embeddings", points="vocabulary")
    assert "Compared are the first 100 of 2,000 points." in words_on(at)
    at.segmented_control(key="embeddings_dimensions").set_value(3)
    at.segmented_control(key="embeddings_method").set_value("tsne").run()
    assert not at.exception
    assert re.search(r"trustworthiness of <b>0\.\d\d</b>", words_on(at))


@pytest.fixture
def own_maps(monkeypatch, tmp_path):
    """Maps of this test alone: a folder of their own, and no worker left behind."""
    monkeypatch.setenv("TOKENSCOPE_CACHE", str(tmp_path))
    yield projection_jobs.jobs()
    projection_jobs.jobs().close()


def test_a_map_is_made_beside_the_screen_can_be_stopped_and_takes_new_words(open_screen, own_maps):
    """Catches: a stopped map that begins again by itself, one that is made anew at each run, one of other words shown."""
    at = open_screen("embeddings", words=WORDS)
    at.segmented_control(key="embeddings_method").set_value("tsne").run()
    (job,) = own_maps._jobs.values()
    at.button(key="embeddings_map_stop").click().run()
    assert job.stage == "cancelled" and "Stopped." in words_on(at.run())
    at.button(key="embeddings_map_again").click().run()
    again = own_maps.find(job.key)
    assert again is not job and again.result(120).points.shape == (7, 2)
    at.text_input(key="embeddings_dropped").input("puppy, wolf").run()
    assert not at.exception and re.search(r"trustworthiness of <b>\d\.\d\d</b>", words_on(at))
    assert "t-SNE cannot place new points" in words_on(at)
    at.text_area(key="embeddings_words").input(WORDS + ", green").run()
    _, of_eight = at.session_state["_map_job"]
    assert of_eight != job.key and own_maps.find(of_eight).result(120).points.shape == (8, 2)


@pytest.mark.parametrize("words", ["", "dog", ",,,", "👩‍🚀, 你好, <b>", "zzzzzzzz qqqq, dog"])
def test_odd_lists_of_words_are_answered_in_words(open_screen, words):
    at = open_screen("embeddings", words=words)
    assert not at.exception


def test_other_points_and_layers_can_be_chosen(open_screen):
    at = open_screen("embeddings", points="prompt", prompt="The cat and the cat saw a dog", vectors=3)
    assert not at.exception and "The picture shows" in words_on(at)
    pair = re.findall(r"<bdi>(.*?)</bdi>", words_on(at).partition("In all dimensions")[2])[:2]
    assert pair[0] != pair[1]  # the same token twice is no news
