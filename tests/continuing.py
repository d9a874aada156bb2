"""A tree that asks its own paths, as a notebook may hold them together."""

from collections.abc import Iterator

from model_backend.base.continuation_records import Node, Tree
from model_backend.base.records import NextToken
from model_backend.base.stopping import Limits
from model_backend.engine.sampling import SamplingSettings
from model_backend.writing.paths import Paths


class Continuations(Tree):
    """The texts that a model writes on from one beginning; places are indices of nodes."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(paths.begun)
        self.paths = paths

    def look(self, at: int, settings: SamplingSettings) -> NextToken:
        return self.paths.look(self.token_ids(at), settings)

    def draw(self, at: int, settings: SamplingSettings, seed: int) -> Node:
        return self.add(at, self.paths.draw(self.token_ids(at), settings, seed))

    def take(self, at: int, token_id: int, settings: SamplingSettings) -> Node:
        (taken,) = self.paths.take(self.token_ids(at), (token_id,), settings)
        return self.add(at, taken)

    def write(self, at: int, settings: SamplingSettings, seed: int, limits: Limits) -> Iterator[Node]:
        for chosen in self.paths.write(self.token_ids(at), settings, seed, limits):
            node = self.add(at, chosen)
            at = node.index
            yield node
