"""What the temperature does: two logits worked by hand, and the curves of this prompt's favourites."""

import math

import numpy as np
import streamlit as st

from pages.common.cards import card
from pages.common.components import component
from pages.common.fragments import fragment
from pages.common.text import Html, rich, t, to_html, token
from pages.common.words import note
from pages.sampling.place import Place
from viz import sampling
from viz.labels import percent, visible
from viz.wire import pack

LATEX = (
    r"p_i(T) = \frac{e^{z_i/T}}{\sum_v e^{z_v/T}} \qquad "
    r"\lim_{T \to 0} p_i(T) = \begin{cases} 1 & z_i \text{ is the largest} \\ 0 & \text{else} \end{cases} \qquad "
    r"\lim_{T \to \infty} p_i(T) = \frac{1}{|V|}"
)
N_CURVES = 5
TEMPERATURES = np.concatenate([[0.0, 0.01], np.arange(1, 121) * 0.025]).astype(np.float32)


def show_curves(place: Place) -> None:
    """The favourites' probability over the temperature, from greedy to 3."""
    own = place.own
    places = range(min(N_CURVES, len(own.ids)))
    p = sampling.by_temperature(own, places, TEMPERATURES)
    labels = [visible(place.piece(int(own.ids[i]))) for i in places]
    at = {T: float(p[0, int(np.abs(TEMPERATURES - T).argmin())]) for T in (0.5, 1.0, 2.0)}
    answer = rich(
        "The favourite {top} has <b>{cold}</b> at T = 0.5, {warm} at T = 1 and <b>{hot}</b> at T = 2. Towards 0 it "
        "takes all: that is why T = 0 means “take the likeliest”.",
        top=token(place.piece(int(own.ids[0]))),
        cold=percent(at[0.5]),
        warm=percent(at[1.0]),
        hot=percent(at[2.0]),
    )
    with card("sampling_temperature", t("What does the temperature do?"), answer) as c:
        words = {
            "label": t("The probability of the favourites over the temperature"),
            "axis": t("temperature T"),
            "now": t("At T = {T} alone, without the other rules:"),
        }
        data = pack({"labels": labels, "words": words}, temperatures=TEMPERATURES, p=p)
        component("temperature", key="sampling_temperature", data=data)
        note(
            t(
                "Dividing by a small T stretches the gaps between the scores, so the largest wins ever more clearly; "
                "dividing by zero itself is not possible, so T = 0 is a rule of its own (argmax). A large T shrinks "
                "the gaps until all tokens are alike. The order never changes. The line follows the slider above."
            )
        )
        columns = {"T": [round(float(T), 3) for T in TEMPERATURES]}
        c.numbers(
            columns | {label: [percent(x) for x in row] for label, row in _distinct(labels, p)}, file="temperature.csv"
        )
        c.formula(LATEX, t("z are the logits, V the vocabulary."))


def _distinct(labels: list[str], rows: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Names of columns must differ; two tokens may look alike."""
    return [
        (label if label not in labels[:i] else f"{label} ({i + 1})", row)
        for i, (label, row) in enumerate(zip(labels, rows, strict=True))
    ]


@fragment
def show_two_logits() -> None:
    """The softmax of two numbers, which one can check with a pocket calculator."""
    st.session_state.setdefault("sampling_first", 1.0)
    st.session_state.setdefault("sampling_second", 2.0)
    answer = t("Two tokens with the scores 1 and 2: try it with a pocket calculator.")
    with card("sampling_two", t("How does a score become a probability?"), answer) as c:
        with st.container(horizontal=True):
            first = st.number_input(t("Score of A"), -50.0, 50.0, step=0.5, key="sampling_first")
            second = st.number_input(t("Score of B"), -50.0, 50.0, step=0.5, key="sampling_second")
        rows = sampling.softmax_steps(first, second, (2.0, 1.0, 0.5, 0.1, 0))
        st.html(_table(first, second, rows))
        if first == second:
            note(t("Both are equal, so each has one half at every temperature; greedy takes the first."))
        else:
            note(
                t(
                    "Only the gap between the scores counts, divided by T: e^(gap/T) is how many times likelier one is than the other."
                )
            )
        columns = {"T": [row[0] for row in rows], "A": [row[1] for row in rows], "B": [row[2] for row in rows]}
        c.numbers(columns, file="softmax.csv")
        c.formula(
            r"p_A = \frac{e^{z_A/T}}{e^{z_A/T} + e^{z_B/T}} = \frac{1}{1 + e^{(z_B - z_A)/T}}",
            t("With 1 and 2 at T = 1: 2.718 / (2.718 + 7.389) = 0.27."),
        )


def _table(first: float, second: float, rows: list[tuple[float, float, float]]) -> Html:
    """One temperature a line: what each score is raised to, and both probabilities."""
    lines = []
    for T, p, q in rows:
        name = t("greedy") if T == 0 else f"T = {T:g}"
        powers = ["–", "–"] if T == 0 else [f"e^{z / T:g} = {_power(math.exp(z / T))}" for z in (first, second)]
        cells = "".join(
            f'<td style="text-align:end;white-space:nowrap;padding:0.15rem 0 0.15rem 1rem">{to_html(x)}</td>'
            for x in (*powers, f"{p:.2f}", f"{q:.2f}")
        )
        lines.append(f'<tr><th scope="row">{to_html(name)}</th>{cells}</tr>')
    names = ("A", "B", "p(A)", "p(B)")
    head = "".join(f'<th scope="col" style="text-align:end;padding:0 0 0 1rem">{name}</th>' for name in names)
    return Html(
        f'<div style="overflow-x:auto"><table class="ts-facts"><tr><td></td>{head}</tr>{"".join(lines)}</table></div>'
    )


def _power(x: float) -> str:
    return f"{x:.2e}" if x < 1e-3 or x >= 1e6 else f"{x:,.3f}" if x < 1e3 else f"{x:,.0f}"
