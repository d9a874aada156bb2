"""The panel and the ledger: what each setting does to the distribution, while it moves."""

import streamlit as st

from model_backend.serving.questions.reading import read
from pages.common import door, settings, state
from pages.common.cards import card
from pages.common.components import component
from pages.common.text import rich, t, token
from pages.common.words import note
from pages.sampling.place import Place, makers_words
from pages.sampling.words import panel_words
from viz import help_code, sampling
from viz.labels import percent, visible
from viz.prediction import decimal

LATEX = r"p_i = \frac{e^{z_i/T}}{\sum_{v\,\text{kept}} e^{z_v/T}} \quad (i\ \text{kept}), \qquad p_i = 0 \quad (i\ \text{cut})"
N_NUMBERS = 100


def show_panel(place: Place) -> None:
    """The card."""
    own = place.own
    answer = rich(
        "{where} the model has a score for each of its {n} tokens. Left alone, its favourite {top} has <b>{p}</b>. "
        "Move a slider and watch what is left of the others.",
        where=place.where(),
        n=f"{len(own.ids):,}",
        top=token(place.piece(int(own.ids[0]))),
        p=percent(own.p_model[0]),
    )
    with card("sampling_panel", t("How is one token chosen?"), answer) as c:
        component("logits", key="sampling_logits", data=sampling.logits(own, place.history, place.piece))
        data = {"settings": {name: state.get(name) for name in settings.SHARED}, "n_vocab": len(own.ids)}
        component("sampler", key="sampling_sampler", data=data | {"words": panel_words()}, on_settings_change=_take)
        note(place.penalty_words())
        if words := makers_words(place):
            note(words)
        c.numbers(_columns(place), file="sampling.csv")
        c.formula(
            LATEX,
            t(
                "The order is fixed: penalties change the logits z, then the temperature T divides them, then top-k, "
                "top-p and min-p cut, and what is kept is scaled to add up to 1 again."
            ),
        )
        c.code(code(place))


def _take() -> None:
    """Keep what the panel says when it is let go."""
    values = st.session_state["sampling_sampler"].settings
    if values is None:
        return
    for name in settings.SHARED:
        state.put(name, int(values[name]) if name == "top_k" else float(values[name]))


def _columns(place: Place) -> dict[str, list]:
    """The likeliest tokens with their numbers under the present settings."""
    now = place.now(settings.now())
    cut = {0: t("kept"), 1: t("cut: greedy"), 2: t("cut: top-k"), 3: t("cut: top-p"), 4: t("cut: min-p")}
    shown = range(min(N_NUMBERS, len(now.ids)))
    return {
        t("token"): [visible(place.piece(int(now.ids[i]))) for i in shown],
        t("id"): [int(now.ids[i]) for i in shown],
        t("logit"): [decimal(float(now.logits[i])) for i in shown],
        t("the model’s probability"): [percent(now.p_model[i]) for i in shown],
        t("final probability"): [percent(now.p_final[i]) for i in shown],
        t("what became of it"): [cut[int(now.cut_by[i])] for i in shown],
    }


def code(place: Place) -> str:
    """Lines of Python that give the same probabilities with transformers' own processors."""
    info, (tokens, target) = place.model.info, door.ask(read, place.name, place.prompt)
    target_ids = None if target is None else target.ids
    return help_code.sampling_code(
        info.kind, info.name, info.dtype, tokens.ids, target_ids, place.position, settings.now(), by="processors"
    )
