"""A tree of continuations: every text that was written or forced below one beginning, with the probability of each step.

    paths = Paths(model, "The dog")                         # model_backend/writing/paths.py: what the model makes of a path
    tree = Tree(paths.begun)
    node = tree.add(ROOT, paths.draw((), SamplingSettings(), seed=0))

A node is a token after its parent; the root stands for the beginning. Each keeps the likeliest TOP tokens it was chosen from;
the whole distribution can be asked for again at any node, with the very same bits. No model is needed to hold a tree.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from model_backend.base.records import FrozenArrays, NextToken, require_shape

ROOT = 0
TOP = 20


@dataclass(frozen=True, slots=True, eq=False)
class Choices(FrozenArrays):
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

    def __post_init__(self) -> None:
        for name in ("ids", "logits", "p_model", "p_final", "kept"):
            require_shape(name, getattr(self, name), "k", len(self.ids))
        FrozenArrays.__post_init__(self)


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """One token of a continuation, and how it came to be chosen.

    `logprob_nats` is ln p_model of the token, `rank` is 1 for the model's favourite. `dice` is the number from 0 up to 1 that
    was thrown, None if a person chose; `begins` and `ends` are the token's own part of that line. n_read, seconds and
    cache_bytes say what the step took.
    """

    token_id: int
    piece: str
    logprob_nats: float
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Node(Chosen):
    """A chosen token at its place in a tree: `depth` counts from 1, the root's is 0; `joint_nats` is the sum of logprob_nats
    from the beginning on."""

    index: int
    parent: int | None
    depth: int
    joint_nats: float


@dataclass(frozen=True, slots=True)
class Window:
    """How much of a text a model sees: at most `limit` tokens. When one more comes, the oldest quarter falls out at once.

    Then everything is read anew, because every token has another position than before.
    """

    limit: int

    def first_seen(self, n_tokens: int) -> int:
        """How many tokens at the start of a text of that length have fallen out."""
        return self._step() * -(-max(n_tokens - self.limit, 0) // self._step())

    def read_at_once(self, n_tokens: int, n_begun: int) -> int:
        """Up to where the text is read in one pass: the beginning, or the length at which the last tokens fell out."""
        first = self.first_seen(n_tokens)
        fell_out_at = self.limit + first - self._step() + 1 if first else 0
        return max(n_begun, fell_out_at)

    def _step(self) -> int:
        return max(self.limit // 4, 1)


@dataclass(frozen=True, slots=True)
class Begun:
    """What all paths of a tree begin with: its token ids (of an encoder-decoder those of the target, its start token first),
    and how much of a text the model sees."""

    ids: tuple[int, ...]
    window: Window


@dataclass(frozen=True, slots=True)
class Repeated:
    """What came out when it was done twice: whether the same text was written and the same logits found to the last bit, and
    how far the logits lie from those of one pass over the whole text; None where a part of it is no longer seen."""

    is_text_same: bool
    is_place_same: bool
    difference: float | None


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
    """The continuations of one beginning. Thread-safe: somebody may look while it grows."""

    def __init__(self, begun: Begun) -> None:
        self.begun, self.window = begun.ids, begun.window
        self._lock = threading.RLock()
        beginning = Chosen(-1, "", 0.0, 1.0, 1.0, 0, None, 0.0, 1.0, None, 0, 0.0, 0, is_end=False)
        self.nodes: list[Node] = [_node(beginning, index=ROOT, parent=None, depth=0, joint_nats=0.0)]
        self._children: dict[int, list[int]] = {ROOT: []}

    def children(self, at: int) -> tuple[int, ...]:
        """Indices of the nodes that follow, in the order in which they came."""
        return tuple(self._children[at])

    def path(self, at: int) -> tuple[Node, ...]:
        """The nodes from the first written token to `at`."""
        found = []
        while at != ROOT:
            node = self.nodes[at]
            assert node.parent is not None  # the root alone has none
            found.append(node)
            at = node.parent
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

    def add(self, at: int, chosen: Chosen) -> Node:
        """Put a token after the node `at`. Where that token follows already, its node stays and tells of the newer choice."""
        with self._lock:
            parent = self.nodes[at]
            known = next((i for i in self._children[at] if self.nodes[i].token_id == chosen.token_id), None)
            node = _node(
                chosen,
                index=len(self.nodes) if known is None else known,
                parent=at,
                depth=parent.depth + 1,
                joint_nats=parent.joint_nats + chosen.logprob_nats,
            )
            if known is not None:
                self.nodes[known] = node
                return node
            self._children[node.index] = []
            self.nodes.append(node)
            self._children[at].append(node.index)
            return node

    def add_all(self, at: int, chosen: Iterable[Chosen]) -> int:
        """Put tokens one after the other behind the node `at`; returns the index of the last one."""
        for one in chosen:
            at = self.add(at, one).index
        return at


def _node(chosen: Chosen, **place) -> Node:
    return Node(**{field.name: getattr(chosen, field.name) for field in fields(Chosen)}, **place)
