"""What a person is writing on this screen: the tree, the place in it, and what runs in the background. Kept in the session."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from model_backend import BackendError
from model_backend.base.continuation_records import ROOT, Node, Tree
from model_backend.base.records import Prompt
from model_backend.base.stopping import Limits, Stop, why_stop
from model_backend.serving.asking import Beginning, OfPaths
from model_backend.serving.background import Run
from model_backend.serving.questions.writing import begun, draw, take, write_on
from model_backend.tokens.face import ModelFace
from pages.common import door, server_settings, settings, state
from pages.common.screen import Screen

PACES = {"slow": 1.2, "steady": 0.35, "fast": 0.0}  # seconds a token takes at least


@dataclass
class Writing:
    """One tree of what was written after a `beginning`, and the node that is looked at; `run` writes on in the background.

    `name` is the model's, as the door takes it.
    """

    name: str
    beginning: Beginning
    model: ModelFace
    tree: Tree
    at: int = ROOT
    pace: str = "steady"
    run: Run | None = None
    n_taken: int = 0  # tokens of the run that stand in the tree

    @property
    def is_running(self) -> bool:
        """Whether it is being written on."""
        return self.run is not None and self.run.is_running

    @property
    def node(self) -> Node:
        """The node that is looked at."""
        return self.tree.nodes[self.at]

    @property
    def before(self) -> int:
        """The node before it; at the beginning itself."""
        return ROOT if self.node.parent is None else self.node.parent

    def ask(self, question: OfPaths, at: int, *arguments):
        """The answer to a question about the text up to the node `at`."""
        return door.ask(question, self.name, self.beginning, self.tree.token_ids(at), *arguments)

    def step(self) -> None:
        """Let the dice choose the next token."""
        self.at = self.tree.add(self.at, self.ask(draw, self.at, settings.now(), state.get("seed"))).index

    def force(self, at: int, token_ids: Sequence[int]) -> None:
        """Put tokens behind the node `at`, whatever the model thinks of them, and look at the last."""
        self.at = self.tree.add_all(at, self.ask(take, at, tuple(token_ids), settings.now()))

    def follow(self) -> None:
        """Put what the run has written into the tree and look at the newest token; raises what ended it."""
        if self.run is None:
            return
        new = self.run.items[self.n_taken :]
        self.n_taken += len(new)
        self.at = self.tree.add_all(self.at, new)
        self.run.watch()

    def stop(self) -> None:
        """Stop writing, at once."""
        if self.run is not None:
            self.run.stop()
            self.run.wait(2.0)
            with suppress(BackendError):
                self.follow()
            self.run = None

    def why_stop(self) -> Stop | None:
        """Why it does not go on here, if there is a reason; a length limit counts from the beginning."""
        path = self.tree.path(self.at)
        if not path:
            return None
        return why_stop(
            limits(),
            [self.model.target_vocabulary.token_bytes(node.token_id) for node in path],
            is_end=path[-1].is_end,
            n_tokens=len(self.tree.begun) + len(path),
            max_positions=self.tree.window.limit,
        )

    def play(self) -> None:
        """Write on from here in the background."""
        self.stop()
        path, seed = self.tree.token_ids(self.at), state.get("seed")
        self.n_taken = 0
        self.run = door.follow(
            write_on, self.name, self.beginning, path, settings.now(), seed, limits(), pace_seconds=PACES[self.pace]
        )


def owner() -> str:
    """This session, by a name of its own."""
    return st.session_state.setdefault("_generation_owner", uuid.uuid4().hex)


def limits() -> Limits:
    """When to stop, as the controls of this screen say."""
    words = st.session_state.get("_generation_stop_words", "")
    return Limits(
        max_new_tokens=min(st.session_state.get("_generation_length", 40), server_settings.settings().max_new_tokens),
        stop_words=tuple(word.replace("\\n", "\n") for word in words.split("|") if word),
        slides=st.session_state.get("_generation_slides", False),
    )


def window() -> int | None:
    """How many tokens the model may see, None for all that it can."""
    return st.session_state.get("_generation_window")


def current(s: Screen) -> Writing:
    """The writing of this session for the prompt as it is now; another prompt or model begins anew."""
    beginning = Beginning(Prompt(state.get("prompt")), window(), owner())
    writing = st.session_state.get("_generation")
    if writing is None or (writing.name, writing.beginning) != (s.name, beginning):
        if writing is not None:
            writing.stop()
        tree = Tree(door.ask(begun, s.name, beginning))
        writing = Writing(s.name, beginning, s.model, tree)
        st.session_state["_generation"] = writing
    return writing
