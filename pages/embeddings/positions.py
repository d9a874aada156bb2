"""How the model knows the order of the tokens: position vectors, rotations, or a bias on distance, as this model has it."""

import numpy as np

from model_backend.serving.questions.vectors import position_encodings, similarity_matrix
from pages.common.cards import card
from pages.common.components import chart
from pages.common.door import ask
from pages.common.screen import Screen
from pages.common.text import t
from pages.common.words import note
from viz import embeddings, inside_code

N_SHOWN = 64


def show_positions(s: Screen) -> None:
    """Each way of this model, drawn as what it is."""
    found = s.ask(position_encodings)
    title = t("How does it know the order of the words?")
    if not found:
        with card(
            "embeddings_positions",
            title,
            t("This model has no position vectors: it reads token after token, and the order is in the reading."),
        ):
            return
    for i, encoding in enumerate(found):
        show = {
            "learned": show_vectors,
            "sinusoidal": show_vectors,
            "rotary": show_rotary,
            "alibi": show_slopes,
            "relative bias": show_buckets,
        }
        with card(f"embeddings_positions_{i}", title, sentence(encoding)) as c:
            show[encoding.kind](s, encoding, f"positions_{i}", c)
            c.code(inside_code.positions_code(s.model.info.name, encoding.kind, i, N_SHOWN))


def sentence(encoding) -> str:
    """What kind of position encoding this is."""
    if encoding.kind == "learned":
        return t(
            "By a vector for each place, learnt in training and added to the token’s vector: {n} places.",
            n=f"{len(encoding.vectors):,}",
        )
    if encoding.kind == "sinusoidal":
        return t(
            "By a vector for each place, made of sine and cosine waves and added to the token’s vector: {n} places.",
            n=f"{len(encoding.vectors):,}",
        )
    if encoding.kind == "rotary":
        return t(
            "By turning queries and keys: {n} of {d} numbers turn, pair by pair, each pair at its own speed (rotary positions).",
            n=encoding.n_rotated,
            d=encoding.d_head,
        )
    if encoding.kind == "alibi":
        return t("By a penalty that grows with the distance, at its own rate in every head (ALiBi).")
    return t("By a learnt number for each distance and head, added to the attention score (relative bias).")


def show_vectors(s: Screen, encoding, key: str, c) -> None:
    """The vectors' likeness: places near each other are alike."""
    n = min(N_SHOWN, len(encoding.vectors))
    cosines = ask(similarity_matrix, encoding.vectors[:n])
    figure = embeddings.similarity_figure(cosines, [str(i) for i in range(n)], {"cosine": t("cosine")}, dark=s.is_dark)
    chart(figure, key=key, alt=sentence(encoding))
    note(
        t(
            "The cosine of the first {n} position vectors with each other. The band along the diagonal says that "
            "near places have similar vectors.",
            n=n,
        )
    )
    c.numbers(
        {t("position"): list(range(n)), t("cosine with position 0"): [float(x) for x in cosines[0]]},
        file="positions.csv",
    )


def show_rotary(s: Screen, encoding, key: str, c) -> None:
    """How far each pair has turned, and what is left of a match at a distance."""
    kernel = encoding.kernel(N_SHOWN)
    chosen = np.unique(np.linspace(0, len(encoding.frequencies) - 1, 5).round().astype(int))
    turns = {t("pair {n}", n=int(i)): np.cos(encoding.angles(N_SHOWN)[:, i]) for i in chosen}
    words = {"x": t("distance in tokens"), "y": t("cosine of the angle"), "mean": t("mean of all pairs")}
    figure = embeddings.lines_figure(turns | {words["mean"]: kernel}, words, strong=words["mean"], dark=s.is_dark)
    chart(figure, key=key, alt=sentence(encoding))
    note(
        t(
            "A query and a key that fit are turned against each other by the distance between their tokens: fast "
            "pairs tell near places apart, slow ones far places."
        )
    )
    c.numbers(
        {t("distance"): list(range(N_SHOWN)), t("mean of all pairs"): [float(x) for x in kernel]}, file="rotary.csv"
    )


def show_slopes(s: Screen, encoding, key: str, c) -> None:
    """The penalty of each head over the distance."""
    lines = {t("head {n}", n=i): -slope * np.arange(N_SHOWN) for i, slope in enumerate(encoding.slopes)}
    words = {"x": t("distance in tokens"), "y": t("added to the score")}
    chart(
        embeddings.lines_figure(lines, words, dark=s.is_dark),
        key=key,
        alt=sentence(encoding),
    )
    c.numbers(
        {t("head"): list(range(len(encoding.slopes))), t("slope"): [float(x) for x in encoding.slopes]},
        file="slopes.csv",
    )


def show_buckets(s: Screen, encoding, key: str, c) -> None:
    """What each head adds at each distance."""
    lines = {t("head {n}", n=i): row for i, row in enumerate(encoding.by_distance)}
    words = {"x": t("key’s place less query’s place"), "y": t("added to the score")}
    figure = embeddings.lines_figure(lines, words, x=encoding.distances, dark=s.is_dark)
    chart(figure, key=key, alt=sentence(encoding))
    columns = {t("distance"): encoding.distances.tolist()}
    c.numbers(columns | {name: [float(x) for x in row] for name, row in lines.items()}, file="relative_bias.csv")
