"""A loaded model and what can be asked of it. Made by `open_model`; one serves any number of threads."""

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import nn
from transformers import Cache, PreTrainedTokenizerFast

from model_backend import generation, sampling, tokenization
from model_backend.capture import Readout, Recording, Replay, during
from model_backend.errors import BackendError, EmptyPrompt, PromptTooLong, UnsupportedArchitecture
from model_backend.memory import memory_guard
from model_backend.records import ModelInfo, NextToken, Step, Tokenization
from model_backend.sampling import SamplingSettings
from model_backend.trace import Trace
from model_backend.vocabulary import Vocabulary


class Model:
    """A language model with its tokenizer.

    `info` says what it is; `network` is the transformers model, its blocks prepared for capture; `end_ids` are the tokens
    that end a text. Tokens are given as a Tokenization, a str, or ids.
    """

    def __init__(
        self,
        network: nn.Module,
        tokenizer: PreTrainedTokenizerFast,
        info: ModelInfo,
        n_outputs: int,
        end_ids: frozenset[int],
    ) -> None:
        self.network = network
        self.info = info
        self.end_ids = end_ids
        backend = tokenizer.backend_tokenizer
        backend.no_truncation()  # a prompt is never cut in silence
        backend.no_padding()
        self._unknown_id = tokenizer.unk_token_id
        self.vocabulary = Vocabulary(backend, frozenset(tokenizer.all_special_ids), info.vocab_size)
        self._n_outputs = n_outputs
        self._device = torch.device(info.device)

    def tokenize(self, text: str) -> Tokenization:
        """Cut a text into tokens as `tokenizer(text)` does, special tokens of the model's makers included."""
        return tokenization.tokenize(self.vocabulary, text, self._unknown_id)

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes a token stands for wherever it occurs."""
        return self.vocabulary.token_bytes(token_id)

    def piece(self, token_id: int) -> str:
        """A token as it is displayed: real spaces and newlines, hex where it is part of a character."""
        return self.vocabulary.piece(token_id)

    def is_special_id(self, token_id: int) -> bool:
        """Whether a token steers the model instead of standing for text."""
        return self.vocabulary.is_special(token_id)

    def decode(self, ids: Sequence[int] | np.ndarray, *, skip_special: bool = False) -> str:
        """The text of a sequence of ids; special tokens by their names unless skipped, an incomplete character in hex."""
        return self.vocabulary.decode(ids, skip_special)

    def trace(self, tokens: Tokenization | str) -> Trace:
        """Read the tokens in one forward pass and keep what happened. Raises EmptyPrompt, PromptTooLong, OutOfMemory."""
        tokens = self.tokenize(tokens) if isinstance(tokens, str) else tokens
        self._check_length(tokens.ids)
        recording = Recording()
        with memory_guard("reading the prompt"), during(recording):
            self.network.base_model(self._batch(tokens.ids), use_cache=False)
        return Trace(self, tokens, recording)

    def next_token(
        self, tokens: Tokenization | str | Sequence[int], settings: SamplingSettings | None = None
    ) -> NextToken:
        """The distribution of the token that follows, by one forward pass that keeps nothing."""
        self._check_decoder()
        ids = self._ids(tokens)
        return sampling.apply(
            self.last_logits(ids.tolist()), settings or SamplingSettings(), history=tuple(ids.tolist())
        )

    def generate(
        self,
        tokens: Tokenization | str | Sequence[int],
        settings: SamplingSettings | None = None,
        max_new_tokens: int = 40,
        seed: int = 0,
        stop_event: threading.Event | None = None,
    ) -> Iterator[Step]:
        """Write on, one Step a token; see `generation.generate`. The arguments are checked at once, not at the first step."""
        self._check_decoder()
        ids = self._ids(tokens)
        self._check_length(ids, room=1)
        return generation.generate(self, ids, settings or SamplingSettings(), max_new_tokens, seed, stop_event)

    def embedding_matrix(self) -> np.ndarray:
        """[vocab, d_model] float32, read-only: the vector of each token, as stored (before any scaling or positions)."""
        return _matrix(self.network.get_input_embeddings().weight)

    def unembedding_matrix(self) -> np.ndarray:
        """[vocab, d_model] float32, read-only: the output matrix; often the same numbers as the embedding."""
        return _matrix(self.network.get_output_embeddings().weight)

    def readout(self, hidden: torch.Tensor) -> torch.Tensor:
        """Residual vectors before the final norm [n, d_model] -> logits [n, vocab] float32 on the CPU, by the model's own
        final norm, output matrix, bias, scale and soft cap. n is at most max_positions."""
        with memory_guard("predicting"), during(Readout(hidden.to(self._device)[None], self._n_outputs)):
            logits = self.network(
                torch.zeros(1, len(hidden), dtype=torch.long, device=self._device), use_cache=False
            ).logits
            return logits[0].float().cpu()

    def replay_attention(self, ids: np.ndarray, hidden: torch.Tensor, layer: int) -> torch.Tensor:
        """Attention weights [head, query, key] of one block, run again on its input [pos, d_model].

        For families whose attention cannot be recorded (GPT-J, GPT-Neo, BLOOM).
        """
        replay = Replay(hidden.to(self._device)[None], self._n_outputs, layer)
        with memory_guard("computing attention"), during(replay):
            output = self.network.base_model(self._batch(ids), use_cache=False, output_attentions=True)
        weights = [weights for weights in output.attentions or () if weights is not None]
        if len(weights) != 1:
            raise UnsupportedArchitecture(
                f"The attention of {self.info.family} models cannot be looked into.",
                "Its other screens work; for attention choose another model.",
            )
        return weights[0][0].float().cpu()

    def last_logits(self, ids: list[int], cache: Cache | None = None) -> np.ndarray:
        """[vocab] float32 after the last of `ids`; with a cache, `ids` follow what the cache has read."""
        with memory_guard("writing on"), during(None):
            output = self.network(
                self._batch(ids), past_key_values=cache, use_cache=cache is not None, logits_to_keep=1
            )
            return output.logits[0, -1].float().cpu().numpy()

    def _batch(self, ids: Sequence[int] | np.ndarray) -> torch.Tensor:
        return torch.as_tensor(np.array(ids, np.int64), device=self._device)[None]  # [1, pos]

    def _ids(self, tokens: Tokenization | str | Sequence[int]) -> np.ndarray:
        if isinstance(tokens, str):
            tokens = self.tokenize(tokens)
        ids = tokens.ids if isinstance(tokens, Tokenization) else np.array(tokens, np.int64)
        self._check_length(ids)
        return ids

    def _check_length(self, ids: np.ndarray, room: int = 0) -> None:
        """Raise unless the model can read `ids` and write `room` tokens more."""
        if len(ids) == 0:
            raise EmptyPrompt("There is no text to read.", "Type at least one character.")
        limit = self.info.max_positions - room
        if len(ids) > limit:
            raise PromptTooLong(
                f"The text has {len(ids):,} tokens; {self.info.name} takes at most {limit:,}"
                + (" if it is to write on." if room else "."),
                f"Shorten it by {len(ids) - limit:,} tokens, or choose a model with a longer context.",
                n_tokens=len(ids),
                max_positions=limit,
            )

    def _check_decoder(self) -> None:
        if self.info.kind == "encoder":
            raise BackendError(
                f"{self.info.name} does not predict the next token.",
                "It fills gaps instead. Choose a model that writes on, such as bundled/storyteller.",
            )


def _matrix(weight: torch.Tensor) -> np.ndarray:
    matrix = weight.detach().float().cpu().numpy().view()
    matrix.setflags(write=False)
    return matrix
