"""All points compared with all others: the closest pair, and the matrix of cosines."""

import numpy as np

from model_backend.serving.questions.vectors import similarity_matrix
from pages.common.cards import card
from pages.common.components import chart
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import note
from viz import embeddings
from viz.embeddings import signed

MAX_MATRIX = 100


def closest_pair(points):
    """The two points nearest to each other by cosine, in words, one and the same token twice left aside; nothing where there are
    too many to compare, or no two that differ."""
    if not 2 <= len(points) <= MAX_MATRIX:
        return ""
    cosines = np.array(ask(similarity_matrix, points.vectors))
    same = np.array([[a == b for b in points.token_ids] for a in points.token_ids])
    cosines[same] = -2
    i, j = np.unravel_index(np.nanargmax(cosines), cosines.shape)
    if same[i, j]:
        return ""
    return rich(
        "In all dimensions {a} and {b} are the closest pair, with cosine <b>{cosine}</b>.",
        a=token(points.labels[i]), b=token(points.labels[j]), cosine=signed(float(cosines[i, j])),
    )  # fmt: skip


@fragment
def show_similarities(s: Screen, points) -> None:
    """All cosines at once, where there are few enough points."""
    if len(points) < 3:
        return
    labels = points.labels[:MAX_MATRIX]
    cosines = ask(similarity_matrix, points.vectors[:MAX_MATRIX])
    with card("embeddings_matrix", t("Who is like whom, all at once?")) as c:
        figure = embeddings.similarity_figure(cosines, labels, {"cosine": t("cosine")}, dark=s.is_dark)
        alt = t("The cosines of {n} words with each other, as a grid of colours", n=len(labels))
        chart(figure, key="embeddings_matrix_picture", alt=alt)
        note(
            t(
                "Each square compares two vectors: orange is alike, blue opposite, and without colour unrelated. Families show as blocks."
            )
        )
        if len(labels) < len(points):
            note(t("Compared are the first {n} of {all} points.", n=len(labels), all=f"{len(points):,}"), keep=True)
        pairs = [(i, j) for i in range(len(labels)) for j in range(i + 1, len(labels))]
        c.numbers(
            {
                t("one"): [labels[i] for i, _ in pairs],
                t("the other"): [labels[j] for _, j in pairs],
                t("cosine"): [float(cosines[i, j]) for i, j in pairs],
            },
            file="similarities.csv",
        )
