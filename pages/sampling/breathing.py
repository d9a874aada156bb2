"""Top-k is fixed, top-p breathes: two prompts under the same settings."""

import numpy as np
import streamlit as st

from model_backend import BackendError, SamplingSettings, sampling
from model_backend.base.records import NextToken
from pages.common import state
from pages.common.cards import card
from pages.common.components import component
from pages.common.fragments import fragment
from pages.common.text import Html, rich, said, t, tn
from pages.common.words import note
from pages.sampling import second_text
from pages.sampling.place import Place
from viz.labels import percent
from viz.sampling import mass_by_rank
from viz.wire import pack

USUAL_K, USUAL_P = 40, 0.9
LATEX = r"V_k = \{\text{the } k \text{ largest}\} \qquad V_p = \text{the fewest of the largest with } \sum_{v \in V_p} p_v \ge p"


@fragment
def show_breathing(place: Place) -> None:
    """The card: a second prompt, typed or ready-made."""
    with card("sampling_breathing", t("Why does top-p breathe while top-k does not?")) as c:
        ready = [second_text.with_gap(text, place) for text in second_text.READY]
        st.session_state.setdefault("sampling_other", ready[0])
        st.pills(t("Try"), ready, key="sampling_ready", on_change=_take_ready)
        other = st.text_input(t("A second text"), key="sampling_other", max_chars=2_000)
        k, p = state.get("top_k") or USUAL_K, state.get("top_p") if state.get("top_p") < 1 else USUAL_P
        own = place.own
        try:
            records = [own, second_text.distribution(place, other)]
        except BackendError as error:  # too long, for one; the card goes on
            note(said(error))
            return
        k = min(k, len(own.ids))
        counts = [_counts(record, k, p) for record in records]
        names = [second_text.short(second_text.read(place)), second_text.short(other)]
        st.html(rich('<p class="ts-answer">{answer}</p>', answer=_answer(names, counts, k, p)))
        component("nucleus", key="sampling_nucleus", data=_data(records, counts, names, k, p))
        note(
            t(
                "Where the model is sure, few tokens hold the share p; where it is not, many are needed. Top-k takes "
                "the same number each time: too many here, too few there. Both are shown alone, at T = 1; with top-k "
                "or top-p off above, {k} and {p} stand in.",
                k=USUAL_K,
                p=USUAL_P,
            )
        )
        c.numbers(
            {
                t("text"): names,
                t("tokens that top-k keeps"): [count["top_k"][0] for count in counts],
                t("they hold"): [percent(count["top_k"][1]) for count in counts],
                t("tokens that top-p keeps"): [count["top_p"][0] for count in counts],
                t("these hold"): [percent(count["top_p"][1]) for count in counts],
            },
            file="top_k_and_top_p.csv",
        )
        c.formula(LATEX, t("The tokens are taken from the most probable down."))


def _take_ready() -> None:
    if chosen := st.session_state["sampling_ready"]:
        st.session_state["sampling_other"] = chosen


def _counts(record: NextToken, k: int, p: float) -> dict[str, tuple[int, float]]:
    """How many tokens top-k and top-p keep, each alone, and what these hold."""
    by_id = np.empty_like(record.logits)
    by_id[record.ids] = record.logits
    found = {}
    for name, values in (("top_k", SamplingSettings(top_k=k)), ("top_p", SamplingSettings(top_p=p))):
        now = sampling.apply(by_id, values)
        found[name] = (int(now.kept.sum()), now.mass_kept)
    return found


def _answer(names: list[str], counts: list[dict], k: int, p: float) -> Html:
    """One sentence."""
    sizes = [count["top_p"][0] for count in counts]
    return rich(
        "To hold {p} top-p keeps <b>{first}</b> for “{one}” and <b>{second}</b> for “{other}”. Top-k = {k} keeps as "
        "many each time, which hold {first_mass} and {second_mass}.",
        p=percent(p),
        k=f"{k:,}",
        one=names[0],
        other=names[1],
        first=tn("{count} token", "{count} tokens", sizes[0], count=f"{sizes[0]:,}"),
        second=tn("{count} token", "{count} tokens", sizes[1], count=f"{sizes[1]:,}"),
        first_mass=percent(counts[0]["top_k"][1]),
        second_mass=percent(counts[1]["top_k"][1]),
    )


def _data(records: list[NextToken], counts: list[dict], names: list[str], k: int, p: float) -> bytes:
    """What the component `nucleus` takes."""
    curves = [mass_by_rank(record) for record in records]
    header = {
        "n": len(records[0].ids),
        "k": k,
        "p": p,
        "split": len(curves[0][0]),
        "names": names,
        "cuts": [[{"rank": rank, "mass": mass} for rank, mass in count.values()] for count in counts],
        "words": {
            "label": t(
                "The share that the first tokens hold together, for both texts, with the cuts of top-k and top-p"
            ),
            "axis": t("the first 1, 10, 100 … tokens, the likeliest first"),
            "k": t("top-k = {k}", k=f"{k:,}"),
            "p": t("top-p = {p}", p=f"{p:g}"),
        },
    }
    ranks, mass = (np.concatenate([curve[i] for curve in curves]).astype(np.float32) for i in (0, 1))
    return pack(header, ranks=ranks, mass=mass)
