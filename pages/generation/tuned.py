"""A tuned model beside the model that it was made from: the same question, three ways of asking."""

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from model_backend.base.writing_records import Grown, Sample, grown_samples
from model_backend.hub import catalogue
from model_backend.serving.questions.writing import chat_text, several_written
from pages.common import door, settings, state
from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import Html, rich, t, tn
from pages.common.words import note
from pages.generation import running
from pages.generation import writing as writings
from pages.generation.tables import bold, table, written

MADE_FROM = {"bundled/assistant": "bundled/storyteller"}


def show(s: Screen) -> None:
    """The card, for a tuned model whose base model is here too."""
    base = MADE_FROM.get(s.name)
    if not s.model.has_chat or base is None or catalogue.find(base) is None:
        return
    running.live_run("tuned", lambda run: _card(s, base, run))


def _card(s: Screen, base: str, run) -> None:
    samples = grown_samples(run.items, 3) if run is not None else []
    base_model, asked = door.open_model(base), st.session_state.get("_generation_asked")
    if run is not None:
        run.watch()
    with card("generation_tuned", t("What did the tuning change?"), _answer(samples)) as c:
        st.button(
            t("Ask both models the question above"),
            key="generation_tuned_ask",
            on_click=_begin,
            args=(s, base, asked),
            disabled=asked is None or (run is not None and run.is_running),
            help=t("Put a question into the template first.") if asked is None else None,
        )
        if samples:
            names = _names(base)
            models = (base_model, s.model, s.model)
            texts = [m.decode(one.ids, skip_special=True) for m, one in zip(models, samples, strict=True)]
            facts = list(map(_facts, samples))
            st.html(table(zip(map(bold, names), map(written, texts, facts), strict=True)))
            c.numbers({t("model"): names, t("text"): texts, t("how it ended"): facts}, file="base_and_tuned.csv")
        note(
            t(
                "The base model learnt to write on, so a question is the beginning of a text to it. The tuned one "
                "learnt from dialogues with these marks; without the marks it is closer to what it was made from."
            )
        )


def _names(base: str) -> list[str]:
    entry = catalogue.find(base)
    return [
        t("{base}, the question as plain text", base=entry.title if entry else base),
        t("tuned, the question as plain text"),
        t("tuned, with its template"),
    ]


def _facts(sample: Sample) -> str:
    ended = sample.stop is not None and sample.stop.reason == "end"
    how = t("ended by itself") if ended else t("not ended") if sample.stop is None else t("broken off by the program")
    return t("{n}; {how}", n=tn("{n} token", "{n} tokens", len(sample.ids)), how=how)


def _answer(samples: list[Sample]) -> Html | str:
    if len(samples) < 3 or samples[-1].stop is None:
        return ""
    if samples[-1].stop.reason == "end":
        return rich(
            "With its template the tuned model answered in <b>{n}</b> and ended by itself.",
            n=tn("{n} token", "{n} tokens", len(samples[-1].ids)),
        )
    return rich("With its template the tuned model wrote until the program broke it off.")


def _begin(s: Screen, base: str, asked: tuple[str, str]) -> None:
    """All three with the same settings and the same dice."""
    user, system = asked
    way, limits = (settings.now(), state.get("seed")), writings.limits()
    with running.shown():
        texts = ((base, user), (s.name, user), (s.name, s.ask(chat_text, user, system)))
        parts = [door.steps(several_written, name, text, (way,), limits) for name, text in texts]
        running.begin("tuned", _one_after_the_other(parts))


def _one_after_the_other(parts: list[Iterator[Grown]]) -> Iterator[Grown]:
    for i, steps in enumerate(parts):
        for step in steps:
            yield replace(step, index=i)
