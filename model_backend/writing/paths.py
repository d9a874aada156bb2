"""Texts that go on from one beginning: what may follow each, and what does.

    paths = Paths(model, "The dog")
    first = paths.draw((), SamplingSettings(), seed=0)          # the model's choice
    [other] = paths.take((), (token_id,), SamplingSettings())   # somebody else's
    next_token = paths.look((other.token_id,), SamplingSettings())

A path is the ids of the tokens after the beginning, () the beginning itself. The Tree that they make is kept by whoever looks
at it (base/continuation_records.py).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from model_backend.base.continuation_records import Begun, Chosen, head_of
from model_backend.base.records import NextToken
from model_backend.base.stopping import Limits, Stop, why_stop
from model_backend.engine import sampling
from model_backend.engine.generation import fall
from model_backend.engine.model import Model, Tokens
from model_backend.engine.sampling import SamplingSettings
from model_backend.writing.path_reading import PathLogits, PathReader


class Paths:
    """What `model` makes of any text that begins with `tokens`; an encoder-decoder translates `tokens` and writes on its
    target. Thread-safe. `window` is how many tokens the model sees at most, None (and of an encoder-decoder) all that it can.

    `begun` is what all paths begin with, `reader` keeps what was read. Raises what `Model.generate` raises.
    """

    def __init__(self, model: Model, tokens: Tokens, window: int | None = None) -> None:
        source, ids = model.to_write(tokens, None, room=1)
        self.model, self.tokens = model, tokens
        self.reader = PathReader(model, source, ids, None if source is not None else window)
        self.begun = Begun(self.reader.ids, self.reader.window)
        self._rules = model.makers_rules(model.info.max_positions)

    def look(self, path: Sequence[int], settings: SamplingSettings) -> NextToken:
        """The whole distribution over what may follow; penalties see the beginning and the path."""
        return self._look(path, settings)[0]

    def draw(self, path: Sequence[int], settings: SamplingSettings, seed: int) -> Chosen:
        """Let the dice choose what follows. The d-th token takes the d-th number of the seed, as `generate` throws them, so the
        same seed throws the same number at the same depth, however often one goes back."""
        dice = float(np.random.default_rng(seed).random(len(path) + 1)[-1])
        next_token, reading = self._look(path, settings)
        place, begins, ends = fall(next_token, dice)
        return self._chosen(next_token, reading, place, dice, begins, ends)

    def take(self, path: Sequence[int], token_ids: Sequence[int], settings: SamplingSettings) -> tuple[Chosen, ...]:
        """Put tokens there one after the other, whatever the model thinks of them. Raises ValueError for an id that it cannot
        write."""
        taken = []
        for i, token_id in enumerate(token_ids):
            next_token, reading = self._look((*path, *token_ids[:i]), settings)
            places = np.flatnonzero(next_token.ids == token_id)
            if not len(places):
                raise ValueError(f"the model cannot write the token {token_id}")
            taken.append(self._chosen(next_token, reading, int(places[0]), None, 0.0, 1.0))
        return tuple(taken)

    def write(self, path: Sequence[int], settings: SamplingSettings, seed: int, limits: Limits) -> Iterator[Chosen]:
        """Write on with the dice, a token a step, until there is a reason to stop; a length limit counts from the beginning."""
        path = list(path)
        while self.why_stop(path, limits) is None:
            chosen = self.draw(path, settings, seed)
            path.append(chosen.token_id)
            yield chosen

    def why_stop(self, path: Sequence[int], limits: Limits) -> Stop | None:
        """Whether and why to stop writing after a path."""
        if not path:
            return None
        return why_stop(
            limits,
            [self.model.target_vocabulary.token_bytes(token_id) for token_id in path],
            is_end=path[-1] in self.model.end_ids,
            n_tokens=len(self.begun.ids) + len(path),
            max_positions=self.begun.window.limit,
        )

    def _look(self, path: Sequence[int], settings: SamplingSettings) -> tuple[NextToken, PathLogits]:
        reading = self.reader.after(path)
        history = (*self.begun.ids, *path)
        allowed = self._rules.allowed(history, len(reading.logits)) if self._rules else None
        return sampling.apply(reading.logits, settings, history, allowed), reading

    def _chosen(
        self, next_token: NextToken, reading: PathLogits, place: int, dice: float | None, begins: float, ends: float
    ) -> Chosen:
        token_id = int(next_token.ids[place])
        return Chosen(
            token_id=token_id,
            piece=self.model.piece(token_id),
            logprob_nats=next_token.logprob_nats(place),
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
            is_end=token_id in self.model.end_ids,
        )
