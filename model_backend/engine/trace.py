"""One forward pass over one text, and everything that can be asked of it afterwards."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch

from model_backend.base.errors import BackendError, NoAttention
from model_backend.base.records import AttentionKind, LensTable, NextToken, Side, Tokenization
from model_backend.engine import sampling
from model_backend.engine.attention import AttentionRecord
from model_backend.engine.lens import PredictionStatistics, lens_table, prediction_statistics
from model_backend.engine.network import PreparedNetwork
from model_backend.engine.recording import StackRecording
from model_backend.engine.sampling import SamplingSettings

Answer = TypeVar("Answer")


class Trace:
    """What a model did while it read `tokens`. Made by `Model.trace`; may be shared by any number of threads.

    Kept: the residual stream, the queries and the keys (linear in the number of tokens). Computed when asked: attention
    matrices, logits, the lens. Layers and heads count from 0, positions as in Python (-1 is the last).

    An encoder-decoder has two stacks. Its encoder read `tokens`, its decoder `target_tokens`: the start token and the
    target. What is about prediction (logits, lens, surprisal_bits, ranks, entropy_bits, next_token) counts positions of the
    target; what is about one stack takes its name, and means the encoder where none is given. Other models have one stack
    and no target_tokens.

    `sides` are the stacks, `predicting` is the one that predicts, `predicted_tokens` are those that it read: the target, or
    the tokens themselves. `kinds` are the kinds of attention, none in a model without.
    """

    def __init__(
        self,
        model: PreparedNetwork,
        tokens: Tokenization,
        stacks: dict[Side, StackRecording],
        target_tokens: Tokenization | None = None,
    ) -> None:
        self.model = model
        self.info = model.info
        self.tokens = tokens
        self.target_tokens = target_tokens
        self._streams: dict[Side, torch.Tensor] = {side: stack.stream() for side, stack in stacks.items()}
        self._attention: dict[AttentionKind, dict[int, AttentionRecord]] = {
            side: stack.attention for side, stack in stacks.items()
        }
        if target_tokens is not None:
            self._attention["cross"] = stacks["decoder"].cross_attention
        self.sides: tuple[Side, ...] = tuple(stacks)
        self.kinds: tuple[AttentionKind, ...] = tuple(self._attention) if self.info.n_heads else ()
        self.predicting: Side = self.sides[0] if target_tokens is None else "decoder"
        self.predicted_tokens = tokens if target_tokens is None else target_tokens
        self._lock = threading.Lock()
        self._being_computed: dict[tuple, threading.Lock] = {}
        self._memory: dict[tuple, Any] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def nbytes(self) -> int:
        """Bytes of the residual stream, the queries and the keys; masks and position biases are a small part of that."""
        records = [record for records in self._attention.values() for record in records.values()]
        tensors = [*self._streams.values(), *(t for record in records for t in (record.query, record.key))]
        return sum(tensor.nbytes for tensor in tensors)

    def residual(self, layer: int, side: Side | None = None) -> np.ndarray:
        """[pos, d_model] float32: 0 is what enters the first block, the number of layers what leaves the last, before the
        final norm."""
        side = self.sides[0] if side is None else side
        self._check_name("side", side, self.sides)
        stream = self._streams[side]
        self._check("layer", layer, len(stream))
        return self._read_only(stream[layer])

    def stream(self, side: Side | None = None) -> torch.Tensor:
        """The whole residual stream of a stack (None: of the one that predicts), [layer + 1, pos, d_model] on the CPU in the
        model's dtype: for what goes on computing in torch. Not to be written to."""
        return self._streams[side or self.predicting]

    def query(self, layer: int, kind: AttentionKind | None = None) -> np.ndarray:
        """[head, query, d_head] float32, after position encoding."""
        return self._read_only(self._recorded(layer, kind).query)

    def key(self, layer: int, kind: AttentionKind | None = None) -> np.ndarray:
        """[kv_head, key, d_head] float32, after position encoding."""
        return self._read_only(self._recorded(layer, kind).key)

    def attention(self, layer: int, head: int | None = None, kind: AttentionKind | None = None) -> np.ndarray:
        """Attention weights [query, key], or with head=None [head, query, key]; a masked key has weight exactly 0.

        kind "encoder": source looks at source; "decoder": target at earlier target; "cross": target (query) at source (key).
        Raises NoAttention for a model that has none.
        """
        kind = self.kind_of(kind)
        self._check("layer", layer, self.n_layers(kind))
        if head is not None:
            self._check("head", head, self.n_heads(kind))
        if (record := self.attention_record(layer, kind)) is not None:
            weights = record.weights(head)
        else:
            weights = self.model.replay_attention(self.tokens.ids, self.stream()[layer], layer)
            weights = weights if head is None else weights[head]
        return self._read_only(weights if head is None else weights.clone())  # kept, it must not hold the other heads

    def attention_record(self, layer: int, kind: AttentionKind | None = None) -> AttentionRecord | None:
        """What the attention of a layer saw; None in the families whose attention is not recorded (GPT-Neo, BLOOM).
        Raises NoAttention."""
        kind = self.kind_of(kind)
        self._check("layer", layer, self.n_layers(kind))
        records = self._attention[kind]
        if records and layer not in records:
            raise ValueError(f"block {layer} did not run in this pass, so nothing is known of its attention")
        return records.get(layer)

    def kind_of(self, kind: AttentionKind | None = None) -> AttentionKind:
        """The kind of attention that is meant: the first stack's where none is given. Raises NoAttention, and ValueError for
        one that the model has not."""
        if not self.kinds:
            raise NoAttention(
                "{name} ({family}) reads without attention: no token looks at another.",
                "Its tokens, layers, predictions and generation can be looked at; for attention choose a transformer, such "
                "as bundled/storyteller.",
                name=self.info.name,
                family=self.info.family,
            )
        kind = self.kinds[0] if kind is None else kind
        self._check_name("kind", kind, self.kinds)
        return kind

    def n_layers(self, kind: AttentionKind) -> int:
        """How many layers have attention of that kind."""
        return self.info.n_layers if kind == self.sides[0] else self.info.n_decoder_layers

    def n_heads(self, kind: AttentionKind) -> int:
        """How many heads such an attention has."""
        return self.info.n_heads if kind == self.sides[0] else self.info.n_decoder_heads

    def logits(self, position: int = -1) -> np.ndarray:
        """[vocab] float32: the model's scores for the token that follows `position`, by its own output layer."""
        position = self.position_of(position)
        last = self.stream()[-1, position]
        return self._remember(("logits", position), lambda: self._read_only(self.logits_of(last[None])[0]))

    def lens(self, k: int = 5, position: int | None = None) -> LensTable:
        """The k most probable tokens at every layer of the stack that predicts; row 0 is the embedding, the last row the
        model itself.

        At every position, or at one alone, which is much cheaper: then the table's pos axis has length 1.
        """
        if k < 1:
            raise ValueError(f"k should be at least 1, not {k}")
        if position is not None:
            position = self.position_of(position)
        stream = self.stream() if position is None else self.stream()[:, position : position + 1]
        return self._remember(
            ("lens", k, position),
            lambda: lens_table(self.logits_of, stream, k, self.info.vocab_size, self.info.max_positions),
        )

    def surprisal_bits(self) -> np.ndarray:
        """[pos]: -log2 p(token | the tokens before it); the first is nan, since nothing predicted it."""
        return self._statistics().surprisal_bits

    def ranks(self) -> np.ndarray:
        """[pos] int64: rank of each token among the predictions made before it, 1 = the favourite; 0 for the first."""
        return self._statistics().rank

    def entropy_bits(self) -> np.ndarray:
        """[pos]: entropy of the next-token distribution after each position, in bits."""
        return self._statistics().entropy_bits

    def next_token(self, position: int = -1, settings: SamplingSettings | None = None) -> NextToken:
        """The distribution of the token after `position`; penalties see the tokens up to there."""
        position = self.position_of(position)
        history = tuple(self.predicted_tokens.ids[: position + 1].tolist())
        return sampling.apply(self.logits(position), settings or SamplingSettings(), history=history)

    def logits_of(self, hidden: torch.Tensor) -> torch.Tensor:
        """Residual vectors [n, d_model] -> logits [n, vocab] float32, on the model's device; see PreparedNetwork.readout."""
        return self.model.readout(hidden)

    def position_of(self, position: int) -> int:
        """A position of `predicted_tokens` counted from their start; -1 is the last. Raises IndexError."""
        n = len(self.predicted_tokens)
        self._check("position", position, n, negative=True)
        return position % n

    def _statistics(self) -> PredictionStatistics:
        self.model.check_predicts()
        return self._remember(
            ("statistics",),
            lambda: prediction_statistics(
                self.logits_of,
                self.stream()[-1],
                self.predicted_tokens.ids,
                self.info.vocab_size,
                self.info.max_positions,
            ),
        )

    def _remember(self, key: tuple, compute: Callable[[], Answer]) -> Answer:
        """Compute once, even if several threads ask for the same; of each kind (key[0]) the last 8 answers stay."""
        with self._lock:
            lock = self._being_computed.setdefault(key, threading.Lock())
        with lock:
            answer = self._memory.get(key)
            if answer is not None:
                return answer
            answer = compute()
            with self._lock:
                alike = [other for other in self._memory if other[0] == key[0]]
                if len(alike) >= 8:
                    del self._memory[alike[0]]
                self._memory[key] = answer
            return answer

    def _recorded(self, layer: int, kind: AttentionKind | None) -> AttentionRecord:
        record = self.attention_record(layer, kind)
        if record is None:
            raise BackendError(
                "The queries and keys of {family} models are not kept.",
                "Its attention is shown all the same.",
                family=self.info.family,
            )
        return record

    def _check_name(self, what: str, name: str, names: tuple[str, ...]) -> None:
        if name not in names:
            raise ValueError(f"{what} should be one of {', '.join(names)} for {self.info.name}, but is {name!r}")

    @staticmethod
    def _check(name: str, index: int, n: int, negative: bool = False) -> None:
        if not (-n if negative else 0) <= index < n:
            raise IndexError(f"{name} should be in 0 … {n - 1}, but is {index}")

    @staticmethod
    def _read_only(tensor: torch.Tensor) -> np.ndarray:
        array = tensor.float().cpu().numpy()
        array = array.view()
        array.setflags(write=False)
        return array
