"""Tokens that a published model must or must not write at a certain point, whatever it predicts."""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import GenerationConfig
from transformers.generation import logits_process as processors


class MakersRules:
    """What the makers of an encoder-decoder forbid or demand while it writes, read from its generation config.

    They belong to the published model: without its forced first token an mBART writes in the wrong language, and a
    Marian would write its padding token. They are those of transformers' generate that allow some tokens and forbid others:
    forced first and last token, forbidden words, least length, no repeated n-gram, suppressed tokens. What would change the
    odds of allowed tokens (a repetition penalty, beams) is a person's choice and is not taken from there.
    """

    def __init__(self, config: GenerationConfig, end_ids: frozenset[int], max_length: int) -> None:
        """max_length counts the start token and all that may be written; there a forced last token comes."""
        ends = sorted(end_ids)
        rules = []
        if config.no_repeat_ngram_size:
            rules.append(processors.NoRepeatNGramLogitsProcessor(config.no_repeat_ngram_size))
        if config.bad_words_ids:
            rules.append(processors.NoBadWordsLogitsProcessor(config.bad_words_ids, ends))
        if config.min_length and ends:
            rules.append(processors.MinLengthLogitsProcessor(config.min_length, ends))
        if config.forced_bos_token_id is not None:
            rules.append(processors.ForcedBOSTokenLogitsProcessor(config.forced_bos_token_id))
        if config.forced_eos_token_id is not None:
            rules.append(processors.ForcedEOSTokenLogitsProcessor(max_length, config.forced_eos_token_id))
        if config.suppress_tokens:
            rules.append(processors.SuppressTokensLogitsProcessor(config.suppress_tokens))
        if config.begin_suppress_tokens:
            rules.append(processors.SuppressTokensAtBeginLogitsProcessor(config.begin_suppress_tokens, 1))
        self._rules = rules

    def applied(self, written: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores [n, vocab] of n texts `written` [n, pos] as transformers' processors leave them: for beam search."""
        for rule in self._rules:
            scores = rule(written, scores)
        return scores

    def allowed(self, history: Sequence[int], vocab_size: int) -> np.ndarray | None:
        """[vocab] bool after `history` (the start token first), or None if everything may follow."""
        if not self._rules:
            return None
        scores = self.applied(torch.tensor([list(history)]), torch.zeros(1, vocab_size))
        allowed = torch.isfinite(scores[0]).numpy()
        return None if allowed.all() or not allowed.any() else allowed
