"""UMAP and t-SNE maps on this screen: those that ship, those on the disk, and those that are being fitted."""

import uuid
from typing import cast

import numpy as np
import streamlit as st

from model_backend.base.embedding_records import FittedMap, MapSettings, MapState, Method
from model_backend.serving.questions.maps import (
    bundled_map,
    cancel_map,
    map_result,
    map_state,
    submit_map,
    submit_placement,
)
from pages.common.door import ask
from pages.common.screen import Screen
from pages.common.text import t
from pages.common.words import note
from pages.embeddings.points import points_asked_for

POLL_SECONDS = 0.7


def owner() -> str:
    """Who asks for a map: this session."""
    return st.session_state.setdefault("_map_owner", uuid.uuid4().hex)


def fitted_map(s: Screen, points, method: Method, n: int) -> FittedMap | None:
    """The map, if it is there; else its progress is drawn and None returned."""
    if points.source == "vocabulary" and points.layer is None:
        shipped = ask(bundled_map, s.model.info.name, method, n)
        if shipped and shipped.token_ids.tolist() == [ids[0] for ids in points.token_ids]:
            return shipped.map
    now = _asked_for(s, points, MapSettings(method=method, n_dimensions=n))
    if now.stage == "finished":
        return cast(FittedMap | None, ask(map_result, now.key))
    if now.is_done:
        _offer_again(now)
    else:
        _watch(now.key)
    return None


def _asked_for(s: Screen, points, settings: MapSettings) -> MapState:
    """Where the map stands that is looked at; another one that is still being made for this session is given up for it."""
    looked_at = s.name, *points_asked_for(), points.layer, settings
    asked_for, key = st.session_state.get("_map_job", (None, ""))
    now = ask(map_state, key) if asked_for == looked_at else None
    if now is None:
        _give_up(key)
        now = ask(submit_map, points.vectors, settings, owner())
        st.session_state["_map_job"] = looked_at, now.key
    return now


def _give_up(key: str) -> None:
    ask(cancel_map, key, owner())


def _offer_again(now: MapState) -> None:
    """A map that was stopped, or that failed."""
    note(t("Stopped.") if now.stage == "cancelled" else t("The map could not be made: {error}", error=now.error))
    st.button(t("Try again"), key="embeddings_map_again", on_click=lambda: st.session_state.pop("_map_job", None))


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str) -> None:
    """The progress of a map, until it ends; then the screen runs again and shows it."""
    now = ask(map_state, key)
    if now is None or now.is_done:
        st.rerun()
    names = {
        "queued": t("Waiting for {n} other maps …", n=now.done),
        "starting": t("Getting ready; the first map of a day takes longer …"),
        "neighbours": t("Looking for neighbours …"),
        "layout": t("Laying out: step {done} of {total}", done=now.done, total=now.total),
        "checking": t("Measuring how trustworthy it is …"),
    }
    share = {"layout": 0.1 + 0.8 * now.done / max(now.total, 1), "checking": 0.95, "neighbours": 0.05}.get(
        now.stage, 0.0
    )
    text = t("{what} ({seconds} s)", what=names.get(now.stage, ""), seconds=f"{now.seconds:.0f}")
    st.progress(min(share, 1.0), text=text)
    st.button(t("Stop"), key="embeddings_map_stop", on_click=_give_up, args=(key,))


def placed_words(found: FittedMap, points, new) -> np.ndarray | None:
    """Where dropped words fall on a finished map [new, dimension]; None without any, or while they are being placed."""
    if new is None:
        return None
    now = ask(submit_placement, found, points.vectors, new.vectors, owner())
    if not now.is_done:
        _watch(now.key)
        return None
    placed = ask(map_result, now.key)
    return None if placed is None else placed.points
