"""UMAP and t-SNE maps on this screen: those that ship, those on the disk, and those that are being fitted."""

import uuid

import numpy as np
import streamlit as st

from model_backend.base.embedding_records import FittedMap, MapSettings
from model_backend.maps import map_store, projection
from model_backend.maps.projection_jobs import Job, jobs
from pages.common.text import t
from pages.common.words import note

POLL_SECONDS = 0.7


def owner() -> str:
    """Who asks for a map: this session."""
    return st.session_state.setdefault("_map_owner", uuid.uuid4().hex)


def fitted_map(s, points, method: str, n: int) -> FittedMap | None:
    """The map, if it is there; else its progress is drawn and None returned."""
    shipped = map_store.bundled_maps(s.model.info.name).get((method, n))
    ids = [ids[0] for ids in points.token_ids]
    if points.source == "vocabulary" and points.layer is None and shipped and shipped.token_ids.tolist() == ids:
        return shipped.map
    settings = MapSettings(method=method, n_dimensions=n)
    key = projection.map_key(points.vectors, projection.fitting(settings, len(points)))
    job = st.session_state.get("_map_job")
    if job is None or job.key != key:
        _give_up(job)
        job = st.session_state["_map_job"] = jobs().submit(points.vectors, settings, owner())
    if job.is_done and job.stage == "finished":
        return job.result()
    if job.is_done:
        _offer_again(job)
    else:
        _watch(job)
    return None


def _give_up(job: Job | None) -> None:
    if job is not None and not job.is_done:
        jobs().cancel(job, owner())


def _offer_again(job: Job) -> None:
    """A map that was stopped, or that failed."""
    note(t("Stopped.") if job.stage == "cancelled" else t("The map could not be made: {error}", error=job.error))
    st.button(t("Try again"), key="embeddings_map_again", on_click=lambda: st.session_state.pop("_map_job", None))


@st.fragment(run_every=POLL_SECONDS)
def _watch(job: Job) -> None:
    """The progress of a job, until it ends; then the screen runs again and shows the map."""
    if job.is_done:
        st.rerun()
    now = job.progress()
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
    st.button(t("Stop"), key="embeddings_map_stop", on_click=_give_up, args=(job,))


def placed_words(found: FittedMap, points, new) -> np.ndarray | None:
    """Where dropped words fall on a finished map [new, dimension]; None without any, or while they are being placed."""
    if new is None:
        return None
    job = jobs().submit_placement(found, points.vectors, new.vectors, owner())
    if not job.is_done:
        _watch(job)
        return None
    return job.result().points
