"""Why models count in logarithms: products of probabilities vanish, sums of their logarithms do not."""

import numpy as np
import streamlit as st

from model_backend.base.arithmetic import log_softmax
from pages.common.cards import card
from pages.common.text import Html, rich, t, to_html, token
from pages.common.words import block, facts_html, note
from pages.sampling.place import Place
from viz import sampling
from viz.labels import percent, visible
from viz.prediction import decimal, percent_of_ln

LATEX = r"\ln \prod_t p_t = \sum_t \ln p_t \qquad \ln p_i = z_i - \ln \sum_v e^{z_v}"
LENGTHS = (1, 10, 100, 1_000, 10_000)
COLD = 0.05


def show_logarithms(place: Place) -> None:
    """The card, with this place's own favourite and its least likely token."""
    own = place.own
    ln_p = log_softmax(own.logits)
    p = float(own.p_model[0])
    answer = rich(
        "A text is as likely as the product of its tokens’ probabilities, and that soon becomes too small for a "
        "computer’s numbers. So logarithms are added instead: {top} has ln p = <b>{ln_p}</b>.",
        top=token(place.piece(int(own.ids[0]))),
        ln_p=decimal(float(ln_p[0])),
    )
    with card("sampling_logarithms", t("Why do models count in logarithms?"), answer) as c:
        rows = sampling.underflow(p, LENGTHS)
        names = (t("how often"), t("product in 32 bits"), t("product in 64 bits"), t("sum of ln p"))
        st.html(_table(names, rows))
        note(
            t(
                "Each line multiplies {p}, the favourite’s probability, by itself that often. Numbers of 32 bits end "
                "near 10⁻⁴⁵ and those of 64 bits near 10⁻³²⁴; below that stands 0, and no logarithm leads back from "
                "there.",
                p=percent(p),
            )
        )
        behind = float(own.logits[-1]) - float(own.logits[0])
        facts = [
            (t("the least likely token here"), visible(place.piece(int(own.ids[-1])))),
            (t("its logit behind the favourite’s"), decimal(behind)),
            (t("its probability at T = 1"), percent_of_ln(float(ln_p[-1]))),
            (t("at T = {T}", T=COLD), percent_of_ln(sampling.ln_p_at(own, len(ln_p) - 1, COLD))),
            (
                t("the same as a 32-bit number"),
                f"{sampling.by_temperature(own, [len(ln_p) - 1], np.array([COLD]))[0, 0]:g}",
            ),
        ]
        block(t("One token alone can vanish too"), facts_html(facts))
        c.numbers({name: [row[i] for row in rows] for i, name in enumerate(names)}, file="logarithms.csv")
        c.formula(
            LATEX,
            t("z are the logits. The logarithm is computed from them directly, never from a rounded probability."),
        )


def _table(names: tuple[str, ...], rows: list[tuple[int, float, float, float]]) -> Html:
    """One number of factors a line."""
    style = "text-align:end;padding:0.15rem 0 0.15rem 1.2rem"
    head = "".join(f'<th scope="col" style="{style};white-space:normal">{to_html(name)}</th>' for name in names)
    lines = []
    for n, single, double, total in rows:
        cells = (f"{n:,}", f"{single:.3g}", f"{double:.3g}", decimal(total))
        lines.append("<tr>" + "".join(f'<td style="{style}">{to_html(cell)}</td>' for cell in cells) + "</tr>")
    return Html(f'<div style="overflow-x:auto"><table class="ts-facts"><tr>{head}</tr>{"".join(lines)}</table></div>')
