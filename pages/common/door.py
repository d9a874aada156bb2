"""The one door between the screens and the models: screens ask questions here and get records.

    ask(next_token, name, Prompt("The dog"), -1)     the answer, from what is kept or computed now
    open_model(name)                                 the face of a model, opened with a bar that shows how far it is
    follow(write_on, name, beginning, …)             an answer that comes bit by bit, in the background

Who answers is a setting: this process, or another one that holds the models (docs/settings.md, backend).
"""

import os
from collections.abc import Callable
from typing import Any

import streamlit as st

from model_backend.base.errors import BackendError
from model_backend.base.records import ModelInfo
from model_backend.serving.asking import Question
from model_backend.serving.background import Run, start
from model_backend.serving.desk import Desk
from model_backend.serving.remote import RemoteDesk
from model_backend.tokens.face import ModelFace
from pages.common.server_settings import check_offered, settings
from pages.common.waiting import opening, turn


@st.cache_resource(show_spinner=False)
def desk() -> Desk | RemoteDesk:
    """Who answers for this process."""
    now = settings()
    if now.backend:
        host, _, port = now.backend.rpartition(":")
        return RemoteDesk((host, int(port)), os.environ["TOKENSCOPE_BACKEND_KEY"].encode())
    return Desk(check_offered, now.loading, now.memory_share, now.queue_limit)


def ask(question: Callable, *arguments: object) -> Any:
    """What the question gives; the person hears her place in the line. Raises BackendErrors for what a person can cause."""
    with turn() as asker:
        return desk().answer(_question(question), arguments, asker)


def follow(question: Callable, *arguments: object, pace_seconds: float = 0.0) -> Run:
    """Begin a question that answers bit by bit, in the background. Raises Busy if too much is going on already."""
    return start(desk().steps(_question(question), arguments), pace_seconds)


def open_model(name: str) -> ModelFace:
    """The face of the model of that name, opened once for everybody; a bar shows how far that is."""
    if info_if_open(name) is not None:
        return desk().open(name)
    with opening(name) as listener:
        return desk().open(name, listener)


def info_if_open(name: str) -> ModelInfo | None:
    """The ModelInfo of a model that is open, else None. Never opens one."""
    return desk().info_if_open(name)


def _question(question: Callable) -> Question:
    if not isinstance(question, Question):
        raise TypeError(f"{question!r} is no question: it has to be marked in model_backend/serving/questions")
    return question


__all__ = ["BackendError", "ask", "desk", "follow", "info_if_open", "open_model"]
