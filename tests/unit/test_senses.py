"""A word in several sentences: its tokens, its path, and how far its senses part, against plain transformers and sklearn."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise, silhouette_score

from model_backend import BackendError
from model_backend.analysis.senses import occurrences_in, sense_paths, senses, silhouette
from tests.tiny_models import network

SENTENCES = [
    ("dog", "the dog's bark was barely heard"),
    ("dog", "Hello bark bark"),
    ("tree", "two spaces and bark"),
    ("tree", "Hello World! BARK"),
]


@pytest.fixture(scope="module")
def found(tiny):
    return senses(tiny("gpt2"), "bark", SENTENCES)


def test_the_word_is_found_where_it_stands(tiny, found):
    assert [(o.sentence, o.sense) for o in found.occurrences] == [
        (0, "dog"), (1, "dog"), (1, "dog"), (2, "tree"), (3, "tree"),
    ]  # fmt: skip
    for occurrence in found.occurrences:
        text = SENTENCES[occurrence.sentence][1]
        assert text[slice(*occurrence.span)].lower() == "bark"
        assert "bark" in "".join(occurrence.pieces).lower()  # and "barely" was not taken


@pytest.mark.parametrize("family", ["gpt2", "bert", "t5"])
def test_vectors_are_the_hidden_states_of_transformers(tiny, family):
    model = tiny(family)
    found = senses(model, "bark", SENTENCES[:2])
    occurrence = found.occurrences[-1]
    ids = torch.tensor([model.tokenize(SENTENCES[1][1]).ids.tolist()])
    plain = network(family).get_encoder() if family == "t5" else network(family)
    with torch.inference_mode():
        hidden = plain(ids, output_hidden_states=True).hidden_states
    for layer in range(model.info.n_layers):  # the last of transformers is already normed
        expected = hidden[layer][0, occurrence.positions.tolist()].mean(0)
        np.testing.assert_allclose(found.vectors[-1, layer], expected, atol=1e-5)
    assert found.sees_what_follows == (family != "gpt2")


def test_how_far_senses_part_is_what_scikit_learn_says(found):
    labels = [occurrence.sense for occurrence in found.occurrences]
    same = np.array([[a == b for a in labels] for b in labels])
    upper = np.triu(np.ones_like(same), 1)
    for layer in range(found.vectors.shape[1]):
        vectors = found.vectors[:, layer].astype(np.float64)
        distances = pairwise.cosine_distances(vectors)
        if layer:  # the embedding of one token at one position may come twice
            assert found.silhouette[layer] == pytest.approx(
                silhouette_score(vectors, labels, metric="cosine"), abs=1e-5
            )
        assert found.within[layer] == pytest.approx(distances[same & upper].mean(), abs=1e-5)
        assert found.between[layer] == pytest.approx(distances[~same & upper].mean(), abs=1e-5)


@pytest.mark.parametrize("labels", [[0, 0, 1, 1, 1, 2, 2, 0], [0, 1, 1, 1, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5, 6, 6]])
def test_silhouette_is_that_of_scikit_learn(labels):
    distances = pairwise.euclidean_distances(np.random.default_rng(0).normal(size=(8, 3)))
    expected = silhouette_score(distances, labels, metric="precomputed")
    assert silhouette(distances, np.array(labels)) == pytest.approx(expected, abs=1e-9)


def test_silhouette_by_hand():
    """Points 0, 1 | 4 on a line: (4 − 1)/4, (3 − 1)/3, and 0 for the one alone."""
    distances = np.abs(np.subtract.outer([0, 1, 4], [0, 1, 4])).astype(float)
    assert silhouette(distances, np.array([0, 0, 1])) == pytest.approx((3 / 4 + 2 / 3 + 0) / 3)
    assert np.isnan(silhouette(distances, np.array([0, 0, 0])))
    assert np.isnan(silhouette(distances, np.array([0, 1, 2])))


def test_paths_are_one_pca_of_all_layers(found):
    unit = found.vectors / np.linalg.norm(found.vectors, axis=-1, keepdims=True)
    for is_centred in (False, True):
        flat = (unit - unit.mean(0) if is_centred else unit).reshape(-1, unit.shape[-1])
        expected = PCA(2).fit(flat)
        paths = sense_paths(found, is_centred=is_centred)
        np.testing.assert_allclose(paths.points.reshape(-1, 2), expected.transform(flat), atol=1e-4)
        np.testing.assert_allclose(paths.explained, expected.explained_variance_ratio_, atol=1e-5)


def test_a_word_in_several_tokens_and_scripts(tiny):
    model = tiny("gpt2")
    tokens = model.tokenize("Hello zebra 日本語 C++ zebras")
    (zebra,) = occurrences_in(tokens, "zebra")  # not the one in "zebras"
    assert "".join(zebra.pieces).strip() == "zebra" and len(zebra.positions) > 1
    (japanese,) = occurrences_in(tokens, "日本")  # no blanks around it
    assert len(japanese.positions) and occurrences_in(tokens, "C++")


def test_a_sentence_without_the_word_is_named(tiny):
    with pytest.raises(BackendError, match="Sentence 2") as caught:
        senses(tiny("gpt2"), "bark", [("a", "bark"), ("b", "barely")])
    assert caught.value.details["sentence"] == 1
    with pytest.raises(BackendError):
        senses(tiny("gpt2"), " ", [("a", "bark")])


@pytest.mark.parametrize(
    ("word", "text", "spans"),
    [
        ("a", "a cat, a Cat", [(0, 1), (7, 8)]),  # a whole word, not the letter in "cat"
        ("a", "an ant at a hat", [(10, 11)]),
        ("C++", "C++ and C++17, not ABC++", [(0, 3), (8, 11)]),  # a boundary only where a letter or digit is
        ("+1", "x+1 +12", [(1, 3)]),
        (" the ", "the other The", [(0, 3), (10, 13)]),
    ],
)
def test_what_counts_as_a_whole_word(tiny, word, text, spans):
    found = occurrences_in(tiny("gpt2").tokenize(text), word, 3, "s")
    assert [occurrence.span for occurrence in found] == spans
    assert all((occurrence.sentence, occurrence.sense) == (3, "s") for occurrence in found)


def test_the_record_names_its_word_and_paths_have_as_many_dimensions_as_asked(found):
    assert found.word == "bark"
    for n in (2, 3):
        paths = sense_paths(found, n_components=n)
        np.testing.assert_array_equal(paths.points, sense_paths(found, n_components=n, is_centred=False).points)
        assert paths.points.shape == (5, found.vectors.shape[1], n) and paths.explained.shape == (n,)
