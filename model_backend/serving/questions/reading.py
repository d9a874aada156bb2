"""What a model makes of a text: its tokens, what it predicts at each place, how surprised it was, where it looks."""

from typing import TYPE_CHECKING, cast

import numpy as np

from model_backend.base.records import AttentionKind, GapStatistics, LensTable, NextToken, Tokenization
from model_backend.engine.sampling import SamplingSettings
from model_backend.serving.asking import of_model, of_trace

if TYPE_CHECKING:
    from model_backend.engine.model import Model
    from model_backend.engine.trace import Trace


@of_model(in_line=False)
def tokenized(model: "Model", text: str) -> Tokenization:
    """The text cut into tokens, special tokens of the model's makers included."""
    return model.tokenize(text)


@of_trace(in_line=False)
def read(trace: "Trace") -> tuple[Tokenization, Tokenization | None]:
    """(what the model read, what its decoder read besides): the second of an encoder-decoder alone, its start token and the
    target, its own translation where none was given."""
    return trace.tokens, trace.target_tokens


@of_trace(in_line=False)
def next_token(trace: "Trace", position: int = -1, settings: SamplingSettings | None = None) -> NextToken:
    """The distribution of the token after `position`, or of the one in a gap there; penalties see the tokens up to it."""
    return trace.next_token(position, settings)


@of_trace(in_line=False)
def allowed(trace: "Trace", position: int) -> np.ndarray | None:
    """[vocab] bool: the tokens that the model's makers let it write after `position`; None where they forbid nothing."""
    model, read = cast("Model", trace.model), trace.tokens if trace.target_tokens is None else trace.target_tokens
    rules = model.makers_rules(model.info.max_positions)
    return rules and rules.allowed(read.ids[: position + 1].tolist(), model.info.vocab_size)


@of_trace(in_line=False)
def lens(trace: "Trace", k: int, position: int | None = None) -> LensTable:
    """The k most probable tokens at every layer, at one position or at all; row 0 is the embedding."""
    return trace.lens(k, position)


@of_trace(in_line=False)
def attention(trace: "Trace", layer: int, head: int | None = None, kind: AttentionKind | None = None) -> np.ndarray:
    """Attention weights [query, key], or with head None [head, query, key]; `kind` as in Trace.attention."""
    return trace.attention(layer, head, kind)


@of_trace(in_line=False)
def strongest_look(trace: "Trace", query: int) -> tuple[int, int, int, float]:
    """(layer, head, key, weight): where one token looks hardest, of all heads; an encoder-decoder's into its source."""
    from model_backend.analysis import looks

    return looks.strongest_look(trace, query)


@of_trace(in_line=False)
def surprisal_bits(trace: "Trace") -> np.ndarray:
    """[pos]: -log2 p(token | the tokens before it); the first is nan."""
    return trace.surprisal_bits()


@of_trace(in_line=False)
def ranks(trace: "Trace") -> np.ndarray:
    """[pos] int64: rank of each token among the predictions made before it, 1 = the favourite; 0 for the first."""
    return trace.ranks()


@of_trace(in_line=False)
def entropy_bits(trace: "Trace") -> np.ndarray:
    """[pos]: entropy of the next-token distribution after each position, in bits."""
    return trace.entropy_bits()


@of_model()
def gap_statistics(model: "Model", text: str) -> GapStatistics:
    """How each token of a text fares when it alone is hidden, of a model that fills gaps."""
    from model_backend.analysis import filling

    return filling.gap_statistics(model, model.tokenize(text))


@of_model(is_kept=False)
def filled(model: "Model", text: str, position: int, token_id: int) -> str:
    """The text with another token in the place of the one at `position`."""
    from model_backend.analysis import filling

    return filling.filled(model, model.tokenize(text), position, token_id)
