"""Help for the screen Embeddings, the same for every kind of model."""

from model_backend.base.word_lists import WORD_LISTS
from pages.common.guides import KINDS, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code

N_COMPARED = 30


def code(s: Screen) -> str:
    """The nearest of the first points, by their static vectors."""
    from pages.embeddings.points import points_of

    points = points_of(s, None)
    info = s.model.info
    return help_code.nearest_code(info.name, info.dtype, points.labels[:N_COMPARED], points.token_ids[:N_COMPARED])


def words_preset(key: str, label: str, promise: str, name: str) -> Preset:
    """A preset that compares a ready-made list, its first word chosen."""
    words = ", ".join(WORD_LISTS[name])
    return Preset(
        key,
        label,
        promise,
        "embeddings_near",
        {"model": STORYTELLER, "points": "words", "words": words},
        {"embeddings_words": words, f"embeddings_near_{len(WORD_LISTS[name])}": 0, "embeddings_metric": "cosine"},
    )


GUIDE = Guide(
    looking=(
        N_("Inside the model a token is a vector, a list of numbers that was learnt in training."),
        N_("Tokens that are used alike got similar vectors, so nearness says something about meaning."),
        N_(
            "A map on a screen has two directions and the vectors hundreds: look at the numbers before you trust a picture."
        ),
    ),
    presets=(
        words_preset(
            "embeddings_animals",
            N_("Animals"),
            N_("Nearest to “dog” lies “cat”: both are used in the same sentences, though they mean different animals."),
            "animals",
        ),
        words_preset(
            "embeddings_capitals",
            N_("Countries and capitals"),
            N_("Nearest to “France” lies its capital, “Paris”, nearer than any other country."),
            "countries and capitals",
        ),
        Preset(
            "embeddings_analogy",
            N_("King − man + woman"),
            N_(
                "The honest result: nearest is “king” itself, one of the three words put in. Without these three it is “queen”."
            ),
            "embeddings_analogy",
            {"model": STORYTELLER},
            {"analogy_a": "king", "analogy_b": "man", "analogy_c": "woman"},
        ),
    ),
    latex=r"\cos(a, b) = \frac{a \cdot b}{\lVert a\rVert\, \lVert b\rVert} = \frac{\sum_i a_i "
    r"b_i}{\sqrt{\sum_i a_i^2}\,\sqrt{\sum_i b_i^2}}",
    symbols=N_(
        "a and b are two vectors, a · b their dot product, the bars their lengths. The cosine looks at the direction alone."
    ),
    code=code,
    literature=(("bengio2003", ""), ("mikolov2013", ""), ("mcinnes2018", ""), ("maaten2008", ""), ("venna2001", "")),
    words=(
        "embedding",
        "vector",
        "cosine",
        "dot product",
        "pca",
        "umap",
        "t-sne",
        "trustworthiness",
        "position encoding",
    ),
)

GUIDES = dict.fromkeys(KINDS, GUIDE)
