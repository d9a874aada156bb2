"""The one door between the screens and the models: screens ask questions here and get records.

    ask(next_token, name, Prompt("The dog"), -1)     the answer, from what is kept or computed now
    open_model(name)                                 the face of a model, opened with a bar that shows how far it is
    follow(write_on, name, beginning, …)             an answer that comes bit by bit, in the background

Who answers is a setting: this process, or another one that holds the models (docs/settings.md, backend).
"""

import os
from collections.abc import Iterator
from typing import ParamSpec, TypeVar, overload

import streamlit as st

from model_backend.base.records import ModelInfo, Prompt
from model_backend.serving.asking import Beginning, OfModel, OfNothing, OfPaths, OfTrace, Question
from model_backend.serving.background import Run, start
from model_backend.serving.desk import Desk
from model_backend.serving.remote import KEY_VARIABLE, RemoteDesk
from model_backend.tokens.face import ModelFace
from pages.common.offer import check_length, desk_options
from pages.common.server_settings import settings
from pages.common.waiting import opening, turn

P = ParamSpec("P")
R = TypeVar("R")


@st.cache_resource(show_spinner=False)
def desk() -> Desk | RemoteDesk:
    """Who answers for this process."""
    if settings().backend:
        host, _, port = settings().backend.rpartition(":")
        return RemoteDesk((host, int(port)), os.environ[KEY_VARIABLE].encode())
    return Desk(**desk_options())


@overload
def ask(question: OfModel[P, R], name: str, /, *arguments: P.args, **named: P.kwargs) -> R: ...
@overload
def ask(question: OfTrace[P, R], name: str, prompt: Prompt, /, *arguments: P.args, **named: P.kwargs) -> R: ...
@overload
def ask(question: OfPaths[P, R], name: str, beginning: Beginning, /, *arguments: P.args, **named: P.kwargs) -> R: ...
@overload
def ask(question: OfNothing[P, R], /, *arguments: P.args, **named: P.kwargs) -> R: ...
def ask(question, /, *arguments, **named):
    """What the question gives; the person hears her place in the line. Raises BackendErrors for what a person can cause."""
    with turn() as asker:
        return desk().answer(question, _checked(question.arguments(*arguments, **named)), asker)


def follow(question: Question, /, *arguments, pace_seconds: float = 0.0, **named) -> Run:
    """Begin a question that answers bit by bit, in the background. Raises Busy if too much is going on already."""
    return start(steps(question, *arguments, **named), pace_seconds)


def steps(question: Question, /, *arguments, **named) -> Iterator:
    """The answer of a question that answers bit by bit; nothing is computed before the first bit is asked for."""
    return desk().steps(question, _checked(question.arguments(*arguments, **named)))


def open_model(name: str) -> ModelFace:
    """The face of the model of that name, opened once for everybody; a bar shows how far that is."""
    if info_if_open(name) is not None:
        return desk().open(name)
    with opening(name) as listener:
        return desk().open(name, listener)


def info_if_open(name: str) -> ModelInfo | None:
    """The ModelInfo of a model that is open, else None. Never opens one."""
    return desk().info_if_open(name)


def _checked(arguments: tuple) -> tuple:
    """The arguments, if no text among them is longer than this run reads. Raises TextTooLong."""
    for argument in arguments:
        if isinstance(argument, str):
            check_length(argument)
        elif isinstance(argument, tuple):
            _checked(argument)
        elif isinstance(argument, Beginning):
            _checked((argument.prompt,))
        elif isinstance(argument, Prompt):
            _checked((argument.text, argument.target))
    return arguments
