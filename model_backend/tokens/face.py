"""What of a model needs no forward pass: what it is, how it cuts texts, how it writes tokens. Crosses the door as it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from model_backend.base.errors import BackendError
from model_backend.base.records import ModelInfo, Tokenization
from model_backend.tokens import tokenization
from model_backend.tokens.vocabulary import Vocabulary


@dataclass(eq=False)
class ModelFace:
    """The outside of an open model, which holds no weights.

    `info` says what it is; `end_ids` are the tokens that end a text, `mask_id` the one that hides a word, `unknown_id` the one
    for what the tokenizer does not know, `start_id` the one with which the decoder of an encoder-decoder begins; each is None
    where there is none. `has_chat` says whether a chat template came with it. `target_vocabulary` cuts what an encoder-decoder
    writes; it differs from `vocabulary` in the families that mark the language.
    """

    info: ModelInfo
    vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    end_ids: frozenset[int]
    mask_id: int | None
    unknown_id: int | None
    start_id: int | None
    has_chat: bool

    def tokenize(self, text: str) -> Tokenization:
        """Cut a text into tokens as `tokenizer(text)` does, special tokens of the model's makers included."""
        return tokenization.tokenize(self.vocabulary, text, self.unknown_id)

    def tokenize_target(self, text: str, *, is_whole: bool = True) -> Tokenization:
        """What the decoder of an encoder-decoder reads for `text`: its start token and the text as the tokenizer cuts a
        target (the language it writes in, where the family has such tokens).

        is_whole says whether the text is finished: then the tokenizer's end token stands last, else it is left off.
        """
        if self.start_id is None:
            raise ValueError(f"{self.info.name} reads one text; only an encoder-decoder takes a target")
        tokens = tokenization.tokenize(self.target_vocabulary, text, self.unknown_id)
        n = len(tokens)
        if not is_whole and n and not tokens.token_bytes[-1] and int(tokens.ids[-1]) in self.end_ids:
            n -= 1
        return tokenization.with_start(self.target_vocabulary, tokens, self.start_id, n)

    def masked(self, tokens: Tokenization, positions: Collection[int]) -> Tokenization:
        """The tokens with those at `positions` hidden behind the mask token. Raises BackendError if the model has none."""
        if self.mask_id is None:
            raise BackendError(
                "{name} has no token that hides a word.",
                "Choose a model that fills gaps, such as a BERT.",
                name=self.info.name,
            )
        return tokenization.masked(self.vocabulary, tokens, positions, self.mask_id)

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

    def face(self) -> "ModelFace":
        """The face alone, which may outlive the weights."""
        return ModelFace(
            self.info,
            self.vocabulary,
            self.target_vocabulary,
            self.end_ids,
            self.mask_id,
            self.unknown_id,
            self.start_id,
            self.has_chat,
        )
