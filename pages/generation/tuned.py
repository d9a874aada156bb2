"""A tuned model beside the model that it was made from: the same question, three ways of asking."""

from collections.abc import Iterator

import streamlit as st

from model_backend.hub import catalogue
from model_backend.writing.several import Sample, write_several
from model_backend.writing.stopping import Limits
from pages.common import cached, settings, state
from pages.common.components import card
from pages.common.text import Html, rich, t, tn
from pages.common.words import note
from pages.generation import writing as writings
from pages.generation.tables import bold, table, written

MADE_FROM = {"bundled/assistant": "bundled/storyteller"}


def show(s) -> None:
    """The card, for a tuned model whose base model is here too."""
    base = MADE_FROM.get(state.get("model"))
    if s.model.chat is None or base is None or catalogue.find(base) is None:
        return
    writings.live_run("tuned", lambda run: _card(s, base, run))


def _card(s, base: str, run) -> None:
    samples = st.session_state.get("_generation_tuned", []) if run is not None else []
    base_model, asked = cached.open_model(base), st.session_state.get("_generation_asked")
    if run is not None:
        run.watch()
    with card("generation_tuned", t("What did the tuning change?"), _answer(samples)) as c:
        st.button(
            t("Ask both models the question above"),
            key="generation_tuned_ask",
            on_click=_begin,
            args=(s, base_model, asked),
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
                "The base model learnt to write on, so a question is the beginning of a text to it. The tuned one learnt from dialogues with these marks; without the marks it is closer to what it was made from."
            )
        )


def _names(base: str) -> list[str]:
    return [
        t("{base}, the question as plain text", base=catalogue.find(base).title),
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


def _begin(s, base_model, asked: tuple[str, str]) -> None:
    """All three with the same settings and the same dice."""
    user, system = asked
    samples = [Sample(settings.now(), state.get("seed")) for _ in range(3)]
    with writings.shown():
        texts = (
            (base_model, user),
            (s.model, user),
            (s.model, s.model.chat.prompt(user, system)),
        )
        st.session_state["_generation_tuned"] = samples
        writings.begin("tuned", _written(texts, samples, writings.limits()))


def _written(texts, samples: list[Sample], limits: Limits) -> Iterator[int]:
    for (model, text), sample in zip(texts, samples, strict=True):
        yield from write_several(model, text, [sample], limits)
