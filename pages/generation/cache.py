"""What the key-value cache saves: prefill and decode, measured with and without it."""

import streamlit as st

from model_backend.serving.questions.writing import step_costs
from pages.common import door
from pages.common.cards import card
from pages.common.components import chart
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn
from pages.common.words import note
from pages.generation import running
from pages.generation.writing import Writing
from viz import generation_figures as figures
from viz.generation import bytes_text

MAX_STEPS = 60  # of a measurement


def show(s: Screen, writing: Writing) -> None:
    """Prefill and decode, measured with and without the cache."""
    running.live_run("cache", lambda run: _card(s, writing, run))


def _card(s: Screen, writing: Writing, run) -> None:
    costs = [] if run is None else list(run.items)
    if run is not None:
        run.watch()
    with card("generation_cache", t("Why need it not read everything again?"), _answer(costs)) as c:
        st.button(
            t("Measure the text above with and without the cache"),
            key="generation_measure",
            disabled=run is not None and run.is_running,
            on_click=_measure,
            args=(s, writing),
        )
        if not costs:
            note(
                t(
                    "Keys and values of a token never change once it is read, so they are kept. Write a text above, "
                    "then measure what that saves."
                )
            )
            return
        left, right = st.columns(2, gap="medium")
        with left:
            chart(
                figures.step_times(costs, s.is_dark, (t("step"), t("ms a step"), t("with cache"), t("without cache"))),
                key="generation_times",
                config={"displayModeBar": False},
                alt=t("Milliseconds of each step with and without the cache"),
            )
        with right:
            chart(
                figures.cache_sizes(costs, s.is_dark, (t("step"), t("kB in the cache"))),
                key="generation_sizes",
                config={"displayModeBar": False},
                alt=t("Size of the cache after each step"),
            )
        note(
            t(
                "Step 0 is the prefill: the whole prompt at once. Solid: with the cache. Dashed: without, everything "
                "is read again each time. Timings of this computer just now; small models hardly differ on short "
                "texts."
            )
        )
        c.numbers(
            {
                t("step"): list(range(len(costs))),
                t("tokens read"): [cost.n_read for cost in costs],
                t("ms"): [1e3 * cost.seconds for cost in costs],
                t("tokens read without cache"): [cost.n_read_without for cost in costs],
                t("ms without cache"): [1e3 * cost.seconds_without for cost in costs],
                t("bytes in the cache"): [cost.cache_bytes for cost in costs],
            },
            file="cache.csv",
        )


def _measure(s: Screen, writing: Writing) -> None:
    """Read what stands above now, token by token, both ways."""
    ids = writing.tree.token_ids(writing.at)[:MAX_STEPS]
    if not ids or len(writing.tree.begun) + len(ids) > s.model.info.max_positions:
        st.toast(t("Write something above first; it has to fit into the context."), icon=":material/info:")
        return
    running.begin("cache", door.steps(step_costs, s.name, s.tokens.text, ids))


def _answer(costs: list) -> Html | str:
    if len(costs) < 2:
        return ""
    with_cache, without = sum(cost.seconds for cost in costs), sum(cost.seconds_without for cost in costs)
    return rich(
        "With the cache <b>{n}</b> were read, in {a} ms; without it <b>{m}</b>, in {b} ms. The cache now holds {size}.",
        n=tn("{n} token", "{n} tokens", sum(cost.n_read for cost in costs)),
        m=tn("{n} token", "{n} tokens", sum(cost.n_read_without for cost in costs)),
        a=f"{1e3 * with_cache:.0f}",
        b=f"{1e3 * without:.0f}",
        size=bytes_text(costs[-1].cache_bytes),
    )
