"""A tree of continuations: every text that was written or forced below one beginning, with the probability of each step.

    tree = Tree(model, path_reader(model, "The dog"))
    node = tree.draw(ROOT, SamplingSettings(), seed=0)      # the model's choice
    other = tree.take(ROOT, token_id, SamplingSettings())   # somebody else's

A node is a token after its parent; the root stands for the beginning. Each node keeps the likeliest TOP tokens it was chosen
from, and the whole distribution can be asked for again at any node, with the very same bits.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model_backend.base.arithmetic import log_softmax
from model_backend.base.records import NextToken
from model_backend.engine import sampling
from model_backend.engine.generation import fall
from model_backend.engine.sampling import SamplingSettings
from model_backend.writing.path_reading import PathReader, Reading
from model_backend.writing.stopping import Limits, Stop, why_stop

if TYPE_CHECKING:
    from model_backend.engine.model import Model

ROOT = 0
TOP = 20


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The head of a distribution: of the `TOP` likeliest tokens ids int64, logits, p_model, p_final, kept [k]; and of all of
    them the two entropies, how many were kept, and the share of p_model that these hold."""

    ids: np.ndarray
    logits: np.ndarray
    p_model: np.ndarray
    p_final: np.ndarray
    kept: np.ndarray
    entropy_bits: float
    final_entropy_bits: float
    n_kept: int
    mass_kept: float


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One token of a continuation.

    `depth` counts from 1, the root's is 0. `logprob_nats` is ln p_model of the token, `joint_nats` the sum from the beginning on.
    `dice` is the number from 0 up to 1 that was thrown, None if a person chose; `begins` and `ends` are the token's own part of
    that line. `rank` is 1 for the model's favourite. n_read, seconds and cache_bytes say what the step took.
    """

    index: int
    parent: int | None
    depth: int
    token_id: int
    piece: str
    logprob_nats: float
    joint_nats: float
    p_model: float
    p_final: float
    rank: int
    dice: float | None
    begins: float
    ends: float
    choices: Choices | None
    n_read: int
    seconds: float
    cache_bytes: int
    is_end: bool


def head_of(next_token: NextToken) -> Choices:
    """What is kept of a distribution."""
    return Choices(
        *(getattr(next_token, name)[:TOP].copy() for name in ("ids", "logits", "p_model", "p_final", "kept")),
        entropy_bits=next_token.entropy_bits,
        final_entropy_bits=next_token.final_entropy_bits,
        n_kept=int(next_token.kept.sum()),
        mass_kept=next_token.mass_kept,
    )


class Tree:
    """The continuations of one beginning. Thread-safe: somebody may look while it is being written."""

    def __init__(self, model: "Model", reader: PathReader) -> None:
        self._model, self._reader = model, reader
        self.begun: tuple[int, ...] = reader.ids
        self.window = reader.window
        self._rules = model.makers_rules(model.info.max_positions)
        self._lock = threading.RLock()
        root = Node(ROOT, None, 0, -1, "", 0.0, 0.0, 1.0, 1.0, 0, None, 0.0, 1.0, None, 0, 0.0, 0, False)
        self.nodes: list[Node] = [root]
        self._children: dict[int, list[int]] = {ROOT: []}

    def children(self, at: int) -> tuple[int, ...]:
        """Indices of the nodes that follow, in the order in which they came."""
        return tuple(self._children[at])

    def path(self, at: int) -> tuple[Node, ...]:
        """The nodes from the first written token to `at`."""
        found, node = [], self.nodes[at]
        while node.parent is not None:
            found.append(node)
            node = self.nodes[node.parent]
        return tuple(reversed(found))

    def token_ids(self, at: int) -> tuple[int, ...]:
        """The ids written from the beginning to `at`."""
        return tuple(node.token_id for node in self.path(at))

    def leaves(self) -> tuple[Node, ...]:
        """The ends of all continuations."""
        return tuple(node for node in list(self.nodes) if not self._children[node.index] and node.index != ROOT)

    def n_out(self, at: int) -> int:
        """How many of the first tokens the model no longer sees when it continues there."""
        return self.window.first_seen(len(self.begun) + self.nodes[at].depth)

    def look(self, at: int, settings: SamplingSettings) -> NextToken:
        """The whole distribution over what may follow there."""
        return self._look(at, settings)[0]

    def draw(self, at: int, settings: SamplingSettings, seed: int) -> Node:
        """Let the dice choose what follows. The d-th token takes the d-th number of the seed, as `generate` throws them, so the
        same seed throws the same number at the same depth, however often one goes back."""
        depth = self.nodes[at].depth
        dice = float(np.random.default_rng(seed).random(depth + 1)[-1])
        next_token, reading = self._look(at, settings)
        place, begins, ends = fall(next_token, dice)
        return self._add(at, next_token, reading, place, dice, begins, ends)

    def take(self, at: int, token_id: int, settings: SamplingSettings) -> Node:
        """Put a token there whatever the model thinks of it. Raises ValueError for an id that the model cannot write."""
        next_token, reading = self._look(at, settings)
        places = np.flatnonzero(next_token.ids == token_id)
        if not len(places):
            raise ValueError(f"the model cannot write the token {token_id}")
        return self._add(at, next_token, reading, int(places[0]), None, 0.0, 1.0)

    def why_stop(self, at: int, limits: Limits) -> Stop | None:
        """Whether and why to stop writing there; a length limit counts from the beginning."""
        path = self.path(at)
        if not path:
            return None
        return why_stop(
            limits,
            [self._model.target_vocabulary.token_bytes(node.token_id) for node in path],
            is_end=path[-1].is_end,
            n_tokens=len(self.begun) + len(path),
            max_positions=self.window.limit,
        )

    def write(
        self, at: int, settings: SamplingSettings, seed: int, limits: Limits, stop_event: threading.Event | None = None
    ) -> Iterator[Node]:
        """Write on from `at` with the dice until there is a reason to stop; one node a token."""
        while self.why_stop(at, limits) is None and not (stop_event is not None and stop_event.is_set()):
            node = self.draw(at, settings, seed)
            at = node.index
            yield node

    def _look(self, at: int, settings: SamplingSettings) -> tuple[NextToken, Reading]:
        path = self.token_ids(at)
        reading = self._reader.after(path)
        history = (*self.begun, *path)
        allowed = self._rules.allowed(history, len(reading.logits)) if self._rules else None
        return sampling.apply(reading.logits, settings, history, allowed), reading

    def _add(
        self,
        at: int,
        next_token: NextToken,
        reading: Reading,
        place: int,
        dice: float | None,
        begins: float,
        ends: float,
    ) -> Node:
        token_id = int(next_token.ids[place])
        ln_p = float(log_softmax(next_token.logits)[place])
        with self._lock:
            parent = self.nodes[at]
            known = next((i for i in self._children[at] if self.nodes[i].token_id == token_id), None)
            node = Node(
                index=len(self.nodes) if known is None else known,
                parent=at,
                depth=parent.depth + 1,
                token_id=token_id,
                piece=self._model.piece(token_id),
                logprob_nats=ln_p,
                joint_nats=parent.joint_nats + ln_p,
                p_model=float(next_token.p_model[place]),
                p_final=float(next_token.p_final[place]),
                rank=place + 1,
                dice=dice,
                begins=begins,
                ends=ends,
                choices=head_of(next_token),
                n_read=reading.n_read,
                seconds=reading.seconds,
                cache_bytes=reading.cache_bytes,
                is_end=token_id in self._model.end_ids,
            )
            if known is not None:
                self.nodes[known] = node
                return node
            self._children[node.index] = []
            self.nodes.append(node)
            self._children[at].append(node.index)
            return node
