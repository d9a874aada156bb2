"""A loaded model and what can be asked of it. Made by `open_model`; one serves any number of threads."""

import threading
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from model_backend.base.errors import EmptyPrompt, PromptTooLong, UnsupportedArchitecture
from model_backend.base.records import ModelInfo, NextToken, Step, Tokenization
from model_backend.engine import batching, generation, sampling
from model_backend.engine.incremental import Reader
from model_backend.engine.makers_rules import MakersRules
from model_backend.engine.network import PreparedNetwork
from model_backend.engine.sampling import SamplingSettings
from model_backend.engine.trace import Trace
from model_backend.tokens import tokenization
from model_backend.tokens.chat import ChatTemplate
from model_backend.tokens.face import ModelFace
from model_backend.tokens.vocabulary import Vocabulary

Tokens = Tokenization | str | Sequence[int] | np.ndarray


class Model(PreparedNetwork, ModelFace):
    """A language model with its tokenizer: a prepared network and its face.

    `chat` puts a conversation into one text, None where the makers gave no template. Tokens are given as a Tokenization, a
    str, or ids.
    """

    def __init__(
        self,
        network: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        info: ModelInfo,
        end_ids: frozenset[int],
    ) -> None:
        backend = tokenizer.backend_tokenizer
        backend.no_truncation()  # a prompt is never cut in silence
        backend.no_padding()
        special: Any = tokenizer  # its tokens by name, which it looks up
        special_ids = frozenset(tokenizer.all_special_ids)
        vocabulary = target_vocabulary = Vocabulary(backend, special_ids, info.vocab_size)
        start_id = None
        if info.kind == "encoder-decoder":
            start_id = _start_id(network, info)
            written = _target_backend(tokenizer)
            if written is not None:
                target_vocabulary = Vocabulary(written, special_ids, info.vocab_size)
        self.chat = ChatTemplate(tokenizer) if tokenizer.chat_template else None
        PreparedNetwork.__init__(self, network, info)
        ModelFace.__init__(
            self,
            info=info,
            vocabulary=vocabulary,
            target_vocabulary=target_vocabulary,
            end_ids=end_ids,
            mask_id=special.mask_token_id,
            unknown_id=special.unk_token_id,
            start_id=start_id,
            has_chat=self.chat is not None,
        )

    def trace(self, tokens: Tokens, target: Tokens | None = None) -> Trace:
        """Read the tokens in one forward pass and keep what happened. Raises EmptyPrompt, PromptTooLong, OutOfMemory.

        An encoder-decoder reads `tokens` with its encoder and `target` with its decoder. The decoder's start token stands
        before the target, as the family does it (T5 and Marian: padding, BART: `</s>`), so position p predicts the token at
        p + 1 of `target_tokens`. A str counts as a whole text and keeps the end token that the tokenizer puts; see
        `tokenize_target` for a beginning. None is the start token alone.
        """
        return self.traces([self.to_trace(tokens, target)])[0]

    def traces(self, texts: Sequence[batching.Text]) -> list[Trace]:
        """The traces of several texts from `to_trace`, by one forward pass; all are of one `group`."""
        return batching.read(self, texts)

    def group(self, text: batching.Text) -> Hashable | None:
        """Texts of one group may be read together, one of the group None only alone."""
        return batching.group(self, text)

    def to_trace(self, tokens: Tokens, target: Tokens | None = None) -> batching.Text:
        """What `trace` reads, as Tokenizations; raises what cannot be."""
        tokens = self._tokenization(tokens)
        self.check_length(tokens.ids)
        if self.info.kind == "encoder-decoder":
            return tokens, self._target(target)
        if target is not None:
            raise ValueError(f"{self.info.name} reads one text; only an encoder-decoder takes a target")
        return tokens, None

    def next_token(
        self, tokens: Tokens, settings: SamplingSettings | None = None, target: Tokens | None = None
    ) -> NextToken:
        """The distribution of the token that follows, by one forward pass that keeps nothing.

        For an encoder-decoder that is the token after `target`, of which a str is taken as a beginning.
        """
        source, ids = self.to_write(tokens, target)
        logits = Reader(self.network, source).logits_after(ids, goes_on=False)
        return sampling.apply(logits, settings or SamplingSettings(), history=tuple(ids.tolist()))

    def generate(
        self,
        tokens: Tokens,
        settings: SamplingSettings | None = None,
        max_new_tokens: int = 40,
        seed: int = 0,
        stop_event: threading.Event | None = None,
        target: Tokens | None = None,
    ) -> Iterator[Step]:
        """Write on, one Step a token; see `generation.generate`. The arguments are checked at once, not at the first step.

        An encoder-decoder writes the target of the text `tokens`, from its start or on from the beginning `target`.
        """
        source, ids = self.to_write(tokens, target, room=1)
        reader = Reader(self.network, source)
        return generation.generate(self, reader, ids, settings or SamplingSettings(), max_new_tokens, seed, stop_event)

    def makers_rules(self, max_length: int) -> MakersRules | None:
        """The rules that the makers of an encoder-decoder gave it for writing; None for other models."""
        if self.info.kind != "encoder-decoder":
            return None
        return MakersRules(self.network.generation_config, self.end_ids, max_length)

    def _tokenization(self, tokens: Tokens) -> Tokenization:
        if isinstance(tokens, Tokenization):
            return tokens
        return self.tokenize(tokens) if isinstance(tokens, str) else tokenization.of_ids(self.vocabulary, tokens)

    def _target(self, target: Tokens | None, *, is_whole: bool = True) -> Tokenization:
        """What the decoder reads. Ids and Tokenizations are taken as they are, behind the start token unless it leads."""
        if isinstance(target, str):
            tokens = self.tokenize_target(target, is_whole=is_whole)
        elif isinstance(target, Tokenization) and len(target) and target.ids[0] == self.start_id:
            tokens = target
        else:
            assert self.start_id is not None  # every encoder-decoder has one
            vocabulary = self.target_vocabulary
            if not isinstance(target, Tokenization):
                ids = [] if target is None else target
                leads = len(ids) and ids[0] == self.start_id
                target = tokenization.of_ids(vocabulary, ids[1:] if leads else ids)
            tokens = tokenization.with_start(vocabulary, target, self.start_id)
        self.check_length(tokens.ids)
        return tokens

    def to_write(self, tokens: Tokens, target: Tokens | None, room: int = 0) -> tuple[np.ndarray | None, np.ndarray]:
        """(ids of the source or None, ids that stand there already) for writing `room` tokens on; raises what cannot be."""
        self.check_predicts()
        ids = self._ids(tokens)
        if self.info.kind == "encoder-decoder":
            begun = self._target(target, is_whole=False).ids
            self.check_length(begun, room)
            return ids, begun
        if target is not None:
            raise ValueError(f"{self.info.name} reads one text; only an encoder-decoder takes a target")
        self.check_length(ids, room)
        return None, ids

    def _ids(self, tokens: Tokens) -> np.ndarray:
        if isinstance(tokens, str):
            tokens = self.tokenize(tokens)
        ids = tokens.ids if isinstance(tokens, Tokenization) else np.array(tokens, np.int64)
        self.check_length(ids)
        return ids

    def check_length(self, ids: np.ndarray, room: int = 0) -> None:
        """Raise unless the model can read `ids` and write `room` tokens more."""
        if len(ids) == 0:
            raise EmptyPrompt("There is no text to read.", "Type at least one character.")
        limit = self.info.max_positions - room
        if len(ids) > limit:
            raise PromptTooLong(
                "The text has {n_tokens:,} tokens; {name} takes at most {max_positions:,} if it is to write on."
                if room
                else "The text has {n_tokens:,} tokens; {name} takes at most {max_positions:,}.",
                "Shorten it by {n_over:,} tokens, or choose a model with a longer context.",
                n_tokens=len(ids),
                max_positions=limit,
                n_over=len(ids) - limit,
                name=self.info.name,
            )


def _start_id(network: PreTrainedModel, info: ModelInfo) -> int:
    """The token with which the decoder starts, as transformers' generate looks it up."""
    settings = network.generation_config, network.config
    names = ("decoder_start_token_id", "bos_token_id")
    found = (getattr(where, name, None) for name in names for where in settings)
    start_id = next((start for start in found if start is not None), None)
    if start_id is None:
        raise UnsupportedArchitecture(
            "The config of {name} does not say with which token its decoder starts.",
            "Add decoder_start_token_id to its config.json, as its makers used it.",
            name=info.name,
            model_type=info.family,
        )
    return int(start_id)


def _target_backend(tokenizer: PreTrainedTokenizerFast) -> Tokenizer | None:
    """A copy of the tokenizer as `tokenizer(text_target=…)` uses it, where that differs (mBART, NLLB: the language token).

    transformers switches one shared tokenizer to and fro for this; a copy keeps threads apart.
    """
    switch = getattr(tokenizer, "_switch_to_target_mode", None)
    if switch is None:
        return None
    switch()
    try:
        return Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    finally:
        getattr(tokenizer, "_switch_to_input_mode")()  # noqa: B009
