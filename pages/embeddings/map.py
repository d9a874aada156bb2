"""A map of the points: hundreds of dimensions pressed into two or three, and how much that hides."""

import numpy as np
import streamlit as st

from model_backend import BackendError
from model_backend.base.embedding_records import Method
from model_backend.base.word_lists import parse_words
from model_backend.serving.questions.maps import pca, place_linear
from model_backend.serving.questions.vectors import word_points
from pages.common.cards import card
from pages.common.components import chart
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, said, t
from pages.common.words import note, noting_errors
from pages.embeddings.fitting_maps import fitted_map, placed_words
from pages.embeddings.matrix import closest_pair
from pages.embeddings.near import chooser_key
from viz import embeddings
from viz.labels import percent

PLOT = {"scrollZoom": True}


@fragment
def show_map(s: Screen, points) -> None:
    """The picture, its method, and what it cannot show."""
    if st.session_state.pop("_embeddings_clicked", False):
        st.rerun(scope="app")
    methods: dict[Method, str] = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}
    dimensions = {2: t("flat"), 3: t("in space")}
    with card("embeddings_map", t("Which lie close together?")) as c:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            method = st.segmented_control(
                t("Method"),
                list(methods),
                default="pca",
                format_func=methods.__getitem__,
                required=True,
                key="embeddings_method",
            )
            n = st.segmented_control(
                t("Picture"),
                [2, 3],
                default=2,
                format_func=dimensions.__getitem__,
                required=True,
                key="embeddings_dimensions",
            )
            dropped = st.text_input(
                t("Drop words into the map"), key="embeddings_dropped", placeholder=t("puppy, wolf")
            )
        noting_errors(show_picture, s, points, dropped, method, n, c)


def show_picture(s: Screen, points, dropped: str, method: Method, n: int, c) -> None:
    """The map by that method. Raises BackendError for too few points."""
    new = new_points(s, points, dropped)
    if method == "pca":
        show_pca(s, points, new, n, c)
    else:
        show_fitted(s, points, new, method, n, c)


def new_points(s: Screen, points, typed: str):
    """The vectors of words that are dropped into the map, None without any that the model knows."""
    words = parse_words(typed)
    try:
        return s.ask(word_points, words, points.layer) if words else None
    except BackendError as error:
        note(said(error))
        return None


def show_pca(s: Screen, points, new, n: int, c) -> None:
    """Principal components: the directions in which the points differ most."""
    found = ask(pca, points.vectors, n)
    st.html(
        rich(
            '<p class="ts-answer">The picture shows <b>{share}</b> of how the points differ; the rest lies in the '
            "other {d} dimensions. {pair}</p>",
            share=percent(float(found.explained.sum())),
            d=points.vectors.shape[1] - n,
            pair=closest_pair(points),
        )
    )
    axes = [
        t("direction {n}: {share} of the differences", n=i + 1, share=percent(float(share)))
        for i, share in enumerate(found.explained)
    ]
    placed = ask(place_linear, found, new.vectors).points if new else None
    draw(s, points, found.points, new, placed, axes, c)
    note(
        t(
            "PCA turns the cloud of points so that the largest differences lie in the picture. It is exact, and "
            "always the same; what it leaves out it leaves out: two points that look close may be far apart. The "
            "lists below count all dimensions."
        )
    )


def show_fitted(s: Screen, points, new, method: Method, n: int, c) -> None:
    """A map that keeps neighbours together: fitted beside the page, or found on the disk."""
    found = fitted_map(s, points, method, n)
    if found is None:
        return
    st.html(
        rich(
            '<p class="ts-answer">Neighbours on this map are neighbours in the full space with a trustworthiness of '
            "<b>{trust}</b> (1 is perfect). {pair}</p>",
            trust=f"{found.trustworthiness:.2f}",
            pair=closest_pair(points),
        )
    )
    placed = placed_words(found, points, new)
    draw(s, points, found.points, new, placed, [""] * n, c)
    settings = found.settings
    sentences = {
        "umap": t(
            "UMAP keeps neighbours together: groups mean something, the distances between groups and their sizes do "
            "not. Seed {seed}, {n} neighbours, {library}.",
            seed=settings.seed, n=settings.n_neighbors, library=found.version,
        ),
        "tsne": t(
            "t-SNE keeps neighbours together: groups mean something, the distances between groups and their sizes do "
            "not. Seed {seed}, perplexity {n}, {library}.",
            seed=settings.seed, n=f"{settings.perplexity:.0f}", library=found.version,
        ),
    }  # fmt: skip
    note(sentences[method])
    if new and method == "tsne":
        note(
            t("t-SNE cannot place new points; a dropped word stands between its nearest neighbours of the full space.")
        )


def draw(s: Screen, points, places: np.ndarray, new, placed: np.ndarray | None, axes: list[str], c) -> None:
    """The picture with the dropped words, and its numbers."""
    n = places.shape[1]
    hover = [t("ids {ids}", ids=" ".join(map(str, ids))) for ids in points.token_ids]
    picture = (embeddings.map_2d if n == 2 else embeddings.map_3d)(places, points.labels, axes, hover, dark=s.is_dark)
    if placed is not None:
        embeddings.add_points(picture, placed, new.labels, dark=s.is_dark)
    alt = t("A map of {n} points; those that lie close together are alike", n=len(points))
    if n == 2:
        chart(
            picture, key="embeddings_map_picture", alt=alt, config=PLOT, selection_mode="points",
            on_select=lambda: _choose_from_map(len(points)),
        )  # fmt: skip
        note(t("Click a point for its neighbours, which are listed below. Scroll to zoom, drag to move."))
    else:
        chart(picture, key="embeddings_map_space", alt=alt, config=PLOT)
        note(
            t(
                "Drag to turn, scroll to zoom. Only the flat picture can be clicked; here choose a word in the list below."
            )
        )
    columns = {t("token"): list(points.labels)}
    c.numbers(columns | {t("axis {n}", n=i + 1): [float(x) for x in places[:, i]] for i in range(n)}, file="map.csv")


def _choose_from_map(n_points: int) -> None:
    """A clicked point becomes the one whose neighbours are listed; dropped words, the second curve, have no list."""
    clicked = st.session_state["embeddings_map_picture"].selection.points
    own = [point["point_index"] for point in clicked if point["curve_number"] == 0]
    if own:
        st.session_state[chooser_key(n_points)] = own[0]
        st.session_state["_embeddings_clicked"] = True
