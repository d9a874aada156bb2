"""One forward pass over one text, and everything that can be asked of it afterwards."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch

from model_backend import sampling
from model_backend.capture import Recording
from model_backend.errors import BackendError
from model_backend.lens import PredictionStatistics, lens_table, prediction_statistics
from model_backend.records import LensTable, NextToken, Tokenization
from model_backend.sampling import SamplingSettings

if TYPE_CHECKING:
    from model_backend.model import Model


class Trace:
    """What a model did while it read `tokens`. Made by `Model.trace`; may be shared by any number of threads.

    Kept: the residual stream, the queries and the keys (linear in the number of tokens). Computed when asked: attention
    matrices, logits, the lens. Layers and heads count from 0, positions as in Python (-1 is the last).
    """

    def __init__(self, model: "Model", tokens: Tokenization, recording: Recording) -> None:
        self.model = model
        self.info = model.info
        self.tokens = tokens
        self._residual = torch.stack(recording.residual)  # [layer + 1, pos, d_model]
        self._attention = recording.attention
        self._lock = threading.Lock()
        self._being_computed: dict[tuple, threading.Lock] = {}
        self._memory: dict[tuple, object] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def nbytes(self) -> int:
        """Bytes of the tensors that are kept."""
        tensors = [self._residual, *(t for record in self._attention for t in (record.query, record.key))]
        return sum(tensor.nbytes for tensor in tensors)

    def residual(self, layer: int) -> np.ndarray:
        """[pos, d_model] float32: 0 is what enters the first block, n_layers what leaves the last, before the final norm."""
        self._check("layer", layer, self.info.n_layers + 1)
        return self._read_only(self._residual[layer])

    def query(self, layer: int) -> np.ndarray:
        """[head, query, d_head] float32, after position encoding."""
        return self._read_only(self._record(layer).query)

    def key(self, layer: int) -> np.ndarray:
        """[kv_head, key, d_head] float32, after position encoding."""
        return self._read_only(self._record(layer).key)

    def attention(self, layer: int, head: int | None = None) -> np.ndarray:
        """Attention weights [query, key], or with head=None [head, query, key]; a masked key has weight exactly 0."""
        self._check("layer", layer, self.info.n_layers)
        if head is not None:
            self._check("head", head, self.info.n_heads)
        if self._attention:
            weights = self._attention[layer].weights(head)
        else:
            weights = self.model.replay_attention(self.tokens.ids, self._residual[layer], layer)
            weights = weights if head is None else weights[head]
        return self._read_only(weights)

    def logits(self, position: int = -1) -> np.ndarray:
        """[vocab] float32: the model's scores for the token that follows `position`, by its own output layer."""
        position = self._position(position)
        return self._remember(
            ("logits", position), lambda: self._read_only(self._logits_of(self._residual[-1, position][None])[0])
        )

    def lens(self, k: int = 5, position: int | None = None) -> LensTable:
        """The k most probable tokens at every layer; row 0 is the embedding, the last row the model itself.

        At every position, or at one alone, which is much cheaper: then the table's pos axis has length 1.
        """
        if k < 1:
            raise ValueError(f"k should be at least 1, not {k}")
        if position is not None:
            position = self._position(position)
        residual = self._residual if position is None else self._residual[:, position : position + 1]
        return self._remember(
            ("lens", k, position),
            lambda: lens_table(self._logits_of, residual, k, self.info.vocab_size, self.info.max_positions),
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
        position = self._position(position)
        history = tuple(self.tokens.ids[: position + 1].tolist())
        return sampling.apply(self.logits(position), settings or SamplingSettings(), history=history)

    def _statistics(self) -> PredictionStatistics:
        if self.info.kind != "decoder":
            raise BackendError(
                f"{self.info.name} does not predict the next token.",
                "It fills gaps instead. Choose a model that writes on, such as bundled/storyteller.",
            )
        return self._remember(
            ("statistics",),
            lambda: prediction_statistics(
                self._logits_of, self._residual[-1], self.tokens.ids, self.info.vocab_size, self.info.max_positions
            ),
        )

    def _logits_of(self, hidden: torch.Tensor) -> torch.Tensor:
        return self.model.readout(hidden)

    def _remember(self, key: tuple, compute: Callable[[], object]) -> object:
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

    def _record(self, layer: int):
        self._check("layer", layer, self.info.n_layers)
        if not self._attention:
            raise BackendError(
                f"The queries and keys of {self.info.family} models are not kept.",
                "Its attention is shown all the same.",
            )
        return self._attention[layer]

    def _position(self, position: int) -> int:
        self._check("position", position, len(self), negative=True)
        return position % len(self)

    @staticmethod
    def _check(name: str, index: int, n: int, negative: bool = False) -> None:
        if not (-n if negative else 0) <= index < n:
            raise IndexError(f"{name} should be in 0 … {n - 1}, but is {index}")

    @staticmethod
    def _read_only(tensor: torch.Tensor) -> np.ndarray:
        array = tensor.float().numpy()
        array = array.view()
        array.setflags(write=False)
        return array
