"""Who is near whom: in the full space, not on the picture."""

from typing import cast

import numpy as np
import streamlit as st

from model_backend.base.embedding_records import Metric
from model_backend.serving.questions.vectors import neighbours, pair_in_numbers
from pages.common.cards import card
from pages.common.components import component
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import block, facts_html, note, note_html
from pages.embeddings.points import points_of
from viz import embeddings, inside_code
from viz.embeddings import signed

METRICS = ("cosine", "dot", "euclidean")


def chooser_key(n_points: int) -> str:
    """The key of the choice of a point, which the map sets too; another number of points is another choice."""
    return f"embeddings_near_{n_points}"


def metric_names() -> dict[str, str]:
    return {"cosine": t("cosine (angle)"), "dot": t("dot product"), "euclidean": t("distance")}


@fragment
def show_neighbours(s: Screen, points) -> None:
    """The nearest points of one, by the measure that is chosen."""
    labels = list(points.labels)
    with card("embeddings_near", t("Which lie nearest?")) as c:
        left, right = st.columns([1, 1], gap="medium")
        with left:
            chosen = st.selectbox(
                t("Word"), range(len(labels)), format_func=labels.__getitem__, key=chooser_key(len(labels))
            )
        with right:
            names = metric_names()
            metric = st.segmented_control(
                t("Nearness"), METRICS, default="cosine", format_func=names.__getitem__, required=True,
                key="embeddings_metric",
            )  # fmt: skip
        found = ask(neighbours, points.vectors, chosen, 10, cast(Metric, metric))
        if not len(found.indices):
            note(t("There is only one point. Add words to compare."))
            return
        st.html(
            rich(
                '<p class="ts-answer">{best} lies nearest to {word}: <b>{value}</b> among {n} others, measured in all {d} dimensions.</p>',
                best=token(labels[found.indices[0]]),
                word=token(labels[chosen]),
                value=signed(float(found.values[0])),
                n=f"{found.n_candidates:,}",
                d=points.vectors.shape[1],
            )
        )
        if points.layer is None:
            show_bars("embeddings_near_bars", labels, found, t("The nearest points"))
        else:
            compare_with_static(s, points, chosen, found)
        c.numbers(
            {t("token"): [labels[i] for i in found.indices], names[metric]: [float(v) for v in found.values]},
            file="neighbours.csv",
        )
        c.formula(
            r"\cos(a,b)=\frac{a\cdot b}{\lVert a\rVert\,\lVert b\rVert} \qquad a\cdot b=\sum_i a_i b_i \qquad \lVert a-b\rVert",
            t("Cosine looks at the direction alone: 1 is the same, 0 unrelated, −1 opposite. The dot product also "
              "grows with the vectors’ lengths; distance is a straight line."),
        )  # fmt: skip


def show_bars(key: str, labels: list[str], found, words: str) -> None:
    """The neighbours as bars."""
    rows = embeddings.nearest_rows([labels[i] for i in found.indices], found.values, found.metric)
    component("bars", key=key, data={"rows": rows, "label": words, "clickable": False})


def compare_with_static(s: Screen, points, chosen: int, found) -> None:
    """The neighbours after a layer beside those by the embedding alone, which knows no context."""
    labels = list(points.labels)
    static = ask(neighbours, points_of(s, None).vectors, chosen, len(found.indices), found.metric)
    kept = len(set(found.indices.tolist()) & set(static.indices.tolist()))
    left, right = st.columns(2, gap="medium")
    with left:
        words = t("After layer {n}", n=points.layer - 1) if points.layer else t("With its position")
        block(words)
        show_bars("embeddings_near_bars", labels, found, words)
    with right:
        block(t("By the embedding alone"))
        show_bars("embeddings_near_static", labels, static, t("By the embedding alone"))
    note(t("{kept} of {n} are the same in both lists.", kept=kept, n=len(found.indices)))


@fragment
def show_pair(s: Screen, points) -> None:
    """Two vectors compared in numbers."""
    labels = list(points.labels)
    if len(labels) < 2:
        return
    with card("embeddings_pair", t("How alike are two of them, in numbers?")) as c:
        left, right = st.columns(2, gap="medium")
        n = len(labels)
        with left:
            a = st.selectbox(t("One"), range(n), format_func=labels.__getitem__, key=f"embeddings_a_{n}")
        with right:
            b = st.selectbox(t("The other"), range(n), index=1, format_func=labels.__getitem__, key=f"embeddings_b_{n}")
        pair = ask(pair_in_numbers, points.vectors[a], points.vectors[b])
        st.html(
            rich(
                '<p class="ts-answer">{a} and {b}: dot product <b>{dot}</b>, divided by both lengths ({norm_a} and '
                '{norm_b}): cosine <b>{cosine}</b>, an angle of <b>{angle}°</b>.</p>',
                a=token(labels[a]), b=token(labels[b]), dot=signed(pair.dot, 2), norm_a=f"{pair.norm_a:.2f}", norm_b=f"{pair.norm_b:.2f}",
                cosine=signed(pair.cosine), angle=f"{pair.angle_degrees:.0f}",
            )
        )  # fmt: skip
        limit = float(max(np.abs(pair.a).max(), np.abs(pair.b).max()))
        rows = [
            {"label": labels[a], "values": [float(x) for x in pair.a]},
            {"label": labels[b], "values": [float(x) for x in pair.b]},
        ]
        component(
            "stripes",
            key="embeddings_pair_stripes",
            data={"label": t("Both vectors, one stripe a number"), "rows": rows, "limit": limit},
        )
        show_products(pair)
        c.numbers(
            {t("dimension"): list(range(len(pair.a))), labels[a] or "a": [float(x) for x in pair.a],
             (labels[b] or "b") + (" " if a == b else ""): [float(x) for x in pair.b],
             t("product"): [float(x) for x in pair.products]},
            file="pair.csv",
        )  # fmt: skip
        if points.layer is None:
            name, dtype = s.model.info.name, s.model.info.dtype
            c.code(inside_code.cosine_code(name, dtype, points.token_ids[a], points.token_ids[b]))


def show_products(pair) -> None:
    """The dot product as a sum, its largest terms by themselves."""
    lines = [
        (
            t("dimension {n}", n=int(i)),
            f"{signed(float(pair.a[i]), 2)} · {signed(float(pair.b[i]), 2)} = {signed(float(pair.products[i]))}",
        )
        for i in pair.top
    ]
    lines.append((t("all other dimensions"), signed(pair.dot - pair.top_sum)))
    lines.append((t("together: the dot product"), signed(pair.dot)))
    block(
        t("The products that count most"),
        facts_html(lines),
        note_html(t("A positive product says that both vectors point the same way in that dimension.")),
    )
