"""Several texts at once: temperatures side by side, or the same settings with other seeds; and the best of them."""

from dataclasses import replace

import streamlit as st

from model_backend.base.writing_records import Sample, best_of, grown_samples, repeated_share, shared_start
from model_backend.serving.background import Run
from model_backend.serving.questions.writing import several_written
from pages.common import door, settings, state
from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn, to_html
from pages.common.words import note
from pages.generation import running
from pages.generation import writing as writings
from pages.generation.tables import bold, table, written
from viz.labels import percent
from viz.prediction import decimal

TEMPERATURES = (0.0, 0.5, 1.0, 1.5)


def show(s: Screen) -> None:
    """The card, which draws itself anew while the texts grow."""
    running.live_run("several", lambda run: _card(s, run))


def _card(s: Screen, run: Run | None) -> None:
    ways = st.session_state.get("_generation_ways", ()) if run is not None else ()
    samples = grown_samples(run.items, len(ways)) if run is not None and ways else []
    if run is not None:
        run.watch()
    with card("generation_several", t("And if it were written again?"), _answer(samples)) as c:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(t("How many texts"), 2, 8, 4, key="generation_n_samples", width=150)
            running = run is not None and run.is_running
            st.button(
                t("Throw the dice anew for each"),
                key="generation_seeds",
                disabled=running,
                on_click=_begin,
                args=(s, False),
            )
            st.button(
                t("Same dice, four temperatures"),
                key="generation_temperatures",
                disabled=running,
                on_click=_begin,
                args=(s, True),
            )
            if run is not None and running:
                st.button(t("Stop"), key="generation_several_stop", on_click=run.stop)
        if not samples:
            note(
                t(
                    "Several texts from the same prompt, side by side: with other seeds, or with one seed and four temperatures."
                )
            )
            return
        best = best_of(samples)
        st.html(_table(s, ways, samples, best))
        note(
            t(
                "ln p is the model's own judgement, temperature aside. A text is best here if its mean ln p a token "
                "is highest; the likeliest text is often a dull one: see how much it repeats."
            )
        )
        c.numbers(
            {
                t("temperature"): [way.temperature for way, _ in ways],
                t("seed"): [seed for _, seed in ways],
                t("text"): [_text(s, sample) for sample in samples],
                t("tokens"): [len(sample.ids) for sample in samples],
                t("ln p"): [sample.joint_nats for sample in samples],
                t("ln p a token"): [sample.mean_nats for sample in samples],
                t("repeated pairs"): [repeated_share(sample.ids) for sample in samples],
            },
            file="samples.csv",
        )


def _begin(s: Screen, by_temperature: bool) -> None:
    now, seed = settings.now(), state.get("seed")
    if by_temperature:
        ways = tuple((replace(now, temperature=temperature), seed) for temperature in TEMPERATURES)
    else:
        ways = tuple((now, seed + i) for i in range(st.session_state["generation_n_samples"]))
    with running.shown():
        if running.begin("several", door.steps(several_written, s.name, s.tokens.text, ways, writings.limits())):
            st.session_state["_generation_ways"] = ways


def _answer(samples: list) -> Html | str:
    if not any(sample.ids for sample in samples):
        return ""
    n_different = len({tuple(sample.ids) for sample in samples})
    return rich(
        "<b>{n}</b>, {different} of them different. They begin with {shared} alike.",
        n=tn("{n} text", "{n} texts", len(samples)),
        different=n_different,
        shared=tn("{n} token", "{n} tokens", shared_start(samples)),
    )


def _text(s: Screen, sample: Sample) -> str:
    return s.model.decode(sample.ids, skip_special=True)


def _table(s: Screen, ways: tuple, samples: list, best: int | None) -> Html:
    """One text a row: the settings and the seed that made it, the text, how likely it is."""
    reasons = {"end": t("end token"), "stop word": t("stop word"), "length": t("length"), "context": t("context full")}
    rows = []
    for i, ((way, seed), sample) in enumerate(zip(ways, samples, strict=True)):
        about = t("T = {temperature:g}, seed {seed}", temperature=way.temperature, seed=seed)
        facts = t(
            "{n}; ln p {joint}; {mean} a token; {repeated} of its pairs repeat; stopped by: {reason}",
            n=tn("{n} token", "{n} tokens", len(sample.ids)),
            joint=decimal(sample.joint_nats),
            mean=decimal(sample.mean_nats),
            repeated=percent(repeated_share(sample.ids)),
            reason=t("not yet") if sample.stop is None else reasons[sample.stop.reason],
        )
        best_mark = bold(t("best")) if i == best else ""
        rows.append((Html(f"<small>{to_html(about)}</small><br>{best_mark}"), written(_text(s, sample), facts)))
    return table(rows)
