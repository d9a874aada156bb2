"""A transformers network made ready to be looked into: what it computes from ids and residual vectors, without any text."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel

from model_backend.base.errors import BackendError, UnsupportedArchitecture
from model_backend.base.memory import memory_guard
from model_backend.base.records import ModelInfo, Side
from model_backend.base.sentences import Sentence
from model_backend.engine.incremental import batch
from model_backend.engine.passes import during, prepared_blocks
from model_backend.engine.readout import Readout, Replay, standing_in


class PreparedNetwork:
    """`network` is the transformers model, its blocks prepared to be watched (passes.py); `info` says what it is; it computes on `device`.

    What stands on a network alone (traces, shared passes, analysis) takes this; `Model` adds the tokenizer. One serves any
    number of threads.
    """

    def __init__(self, network: PreTrainedModel, info: ModelInfo) -> None:
        self.network = network
        self.info = info
        self.device = torch.device(info.device)

    def check_predicts(self) -> None:
        """Raise BackendError if the model fills gaps: no token comes next."""
        if self.info.kind == "encoder":
            raise BackendError(
                "{name} does not predict the next token.",
                "It fills gaps instead. Choose a model that writes on, such as bundled/storyteller.",
                name=self.info.name,
            )

    def ids_tensor(self, ids: Sequence[int] | np.ndarray) -> torch.Tensor:
        """Ids [pos] as the network reads them: [1, pos] int64 on its device."""
        return batch(ids, self.network)

    def hands_on_stream_alone(self, side: Side) -> bool:
        """Whether the blocks of a stack hand on nothing beside the residual stream, so that each can be stood in for."""
        return all(place.n_outputs == 0 for _, _, place in prepared_blocks(self.network) if place.side == side)

    def embedding_matrix(self) -> np.ndarray:
        """[vocab, d_model] float32, read-only: the vector of each token, as stored (before any scaling or positions)."""
        return _matrix(embedding_weight(self.network))

    def unembedding_matrix(self) -> np.ndarray:
        """[vocab, d_model] float32, read-only: the output matrix; often the same numbers as the embedding."""
        return _matrix(output_weight(self.network))

    def readout(self, hidden: torch.Tensor) -> torch.Tensor:
        """Residual vectors before the final norm [n, d_model] -> logits [n, vocab] float32 on the model's device, by its own
        final norm, output matrix, bias, scale and soft cap; of an encoder-decoder by its decoder's. n is at most
        max_positions."""
        hidden = hidden.to(self.device)
        with memory_guard(Sentence("predicting")), during(Readout(hidden[None]), alone=True):
            logits = self.network(**standing_in(self.info.kind, hidden), use_cache=False).logits
            return logits[0].float()

    def replay_attention(self, ids: np.ndarray, hidden: torch.Tensor, layer: int) -> torch.Tensor:
        """Attention weights [head, query, key] of one block, run again on its input [pos, d_model].

        For families whose attention cannot be recorded (GPT-Neo, BLOOM).
        """
        replay = Replay(hidden.to(self.device)[None], layer)
        with memory_guard(Sentence("computing attention")), during(replay, alone=True):
            output = self.network.base_model(self.ids_tensor(ids), use_cache=False, output_attentions=True)
        weights = [weights for weights in output.attentions or () if weights is not None]
        if len(weights) != 1:
            raise UnsupportedArchitecture(
                "The attention of {family} models cannot be looked into.",
                "Its other screens work; for attention choose another model.",
                family=self.info.family,
            )
        return weights[0][0].float().cpu()


def embedding_weight(network: PreTrainedModel) -> torch.Tensor:
    """The matrix [vocab, width] from which tokens get their vectors."""
    return _weight(network.get_input_embeddings())


def output_weight(network: PreTrainedModel) -> torch.Tensor:
    """The matrix [vocab, width] that turns vectors into logits."""
    return _weight(network.get_output_embeddings())


def _weight(module: Any) -> torch.Tensor:
    return module.weight


def _matrix(weight: torch.Tensor) -> np.ndarray:
    matrix = weight.detach().float().cpu().numpy().view()
    matrix.setflags(write=False)
    return matrix
