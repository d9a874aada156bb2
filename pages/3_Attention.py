"""The Attention screen: where each token looks, in every head of every layer, and how a head works it out."""

import streamlit as st

from model_backend import NoAttention, UnsupportedArchitecture
from model_backend.base.inside_records import Measure
from pages.attention.looking import Look, chosen_kind, kinds, look, measures, shape_of
from pages.attention.one_head import answer, show_one_head
from pages.attention.overview import show_overview
from pages.attention.steps import show_steps
from pages.common import state
from pages.common.cards import card
from pages.common.fragments import fragment
from pages.common.frame import screen
from pages.common.screen import Screen
from pages.common.text import said, t
from pages.common.words import note

HEADS_BESIDE = 5  # so many heads a layer leave room for the matrix beside them


def choose_kind(s: Screen) -> None:
    """Which tokens look at which, where there is a choice."""
    names = kinds(s.model.info)
    if len(names) > 1:
        st.segmented_control(
            t("Who looks at whom?"), list(names), default=chosen_kind(s.model.info), format_func=names.__getitem__, required=True,
            key="attention_kind", on_change=lambda: state.put("kind", st.session_state["attention_kind"]),
        )  # fmt: skip


def _look_at(s: Screen, measure: Measure) -> tuple[Look, UnsupportedArchitecture | None]:
    """What is chosen; the weights, and why, where this model has nothing else to give."""
    try:
        return look(s, measure), None
    except UnsupportedArchitecture as error:
        if measure == "weight":
            raise
        return look(s, "weight"), error


@fragment
def show_heads(s: Screen) -> None:
    """All heads, the one that is chosen, and its arithmetic; only this part runs again when another is chosen."""
    if st.session_state.pop("_attention_moved", False):
        st.rerun(scope="app")
    state.write_address()
    kind = chosen_kind(s.model.info)
    names = measures(kind)
    measure = st.session_state.get("attention_measure", "weight")
    now, refused = _look_at(s, measure if measure in names else "weight")
    is_narrow = shape_of(s.model.info, kind)[1] <= HEADS_BESIDE
    left, right = st.columns([6, 7], gap="small") if is_narrow else (st.container(), st.container())
    with left, card("attention_overview", t("What does each head do?")) as c:
        choose_kind(s)
        show_overview(s, kind, c)
    with right, card("attention_head", t("Where does each token look?"), answer(now)) as c:
        st.selectbox(t("Show"), list(names), format_func=names.__getitem__, key="attention_measure", width=320)
        if refused is not None:
            note(said(refused), keep=True)
        show_one_head(s, now, c)
    show_steps(s, now)


with screen("attention") as s:
    if s.model.info.n_heads == 0:
        raise NoAttention(
            t("{model} reads without attention: no token looks at another.", model=s.model.info.name),
            t(
                "For attention choose a transformer, such as bundled/storyteller; this model’s layers and predictions can be looked at."
            ),
        )
    s.read()  # here, where the frame sees what goes wrong
    show_heads(s)
