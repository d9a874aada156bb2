"""Cached views of a model and of a trace. Like the other results of cached.py they are shared by everybody, and go with the
model. What is seen of a trace is kept under the ids that it read.
"""

import streamlit as st

from model_backend.analysis import anatomy as model_anatomy
from model_backend.analysis import attribution as model_attribution
from model_backend.analysis import embeddings, head_maps, heads
from model_backend.analysis import lattice as layers
from model_backend.analysis import neurons as model_neurons
from model_backend.analysis import senses as model_senses
from model_backend.maps.projection_jobs import jobs
from pages.common import cached
from pages.common.cached import kept_with_model
from pages.common.server_settings import check_length


def points(name: str, source: str, words: str, prompt: str, layer: int | None, n_words: int):
    """The VectorSet of a list of words, of the prompt's tokens, or of the first `n_words` words of the vocabulary."""
    check_length(words)
    return _points(name, None, source, words, prompt, layer, n_words)


@kept_with_model
def _points(name: str, revision: None, source: str, words: str, prompt: str, layer: int | None, n_words: int):
    if source == "prompt":
        return embeddings.prompt_vectors(cached.trace(name, prompt), layer)
    model = cached.open_model(name)
    if source == "words":
        return embeddings.word_vectors(model, embeddings.parse_words(words), layer)
    return embeddings.common_tokens(model, n_words, layer)


def read_by(trace) -> tuple[str, str, bytes, bytes]:
    """What tells a trace from others: the model and the ids on both sides."""
    target = b"" if trace.target_tokens is None else trace.target_tokens.ids.tobytes()
    return trace.info.name, trace.info.revision, trace.tokens.ids.tobytes(), target


def head_overview(trace, kind: str):
    """(HeadStatistics, HeadThumbnails) of one kind of attention."""
    return _head_overview(trace.info.name, None, _Seen(trace), kind)


@kept_with_model
def _head_overview(name: str, revision: None, seen: "_Seen", kind: str):
    return heads.head_statistics(seen.trace, kind), head_maps.head_thumbnails(seen.trace, kind, pool="max")


def induction(model):
    """Induction score of each head of a decoder [layer, head], measured once a model."""
    return _induction(model.info.name, None)


@kept_with_model
def _induction(name: str, revision: None):
    return heads.induction_scores(cached.open_model(name))


def lattice(trace, positions: range, token_ids: tuple[int, ...]):
    """The lens in every cell at a window of positions, with the ranks of some tokens."""
    return _lattice(trace.info.name, None, _Seen(trace), positions.start, positions.stop, token_ids)


@kept_with_model
def _lattice(name: str, revision: None, seen: "_Seen", start: int, stop: int, token_ids: tuple[int, ...]):
    return layers.lattice(seen.trace, range(start, stop), token_ids)


def attribution(trace, token_id: int, position: int, other_id: int | None):
    """The parts of a token's logit, or of the difference to another's."""
    return _attribution(trace.info.name, None, _Seen(trace), token_id, position, other_id)


@kept_with_model
def _attribution(name: str, revision: None, seen: "_Seen", token_id: int, position: int, other_id: int | None):
    return model_attribution.logit_attribution(seen.trace, token_id, position, other_id)


def neurons(trace, layer: int, position: int, order: str, token_id: int | None):
    """The ten neurons of a layer that stand out at a position, with six tokens each."""
    return _neurons(trace.info.name, None, _Seen(trace), layer, position, order, token_id)


@kept_with_model
def _neurons(name: str, revision: None, seen: "_Seen", layer: int, position: int, order: str, token_id: int | None):
    return model_neurons.neurons(seen.trace, layer, position, n=10, k=6, order=order, token_id=token_id)


def anatomy(model):
    """What a model is made of."""
    return _anatomy(model.info.name, None)


@kept_with_model
def _anatomy(name: str, revision: None):
    return model_anatomy.anatomy(cached.open_model(name))


def senses(name: str, word: str, sentences: tuple[tuple[str, str], ...]):
    """One word followed through the layers in several sentences."""
    check_length("\n".join(sentence for _, sentence in sentences))
    return _senses(name, None, word, sentences)


@kept_with_model
def _senses(name: str, revision: None, word: str, sentences: tuple[tuple[str, str], ...]):
    return model_senses.senses(cached.open_model(name), word, sentences)


class _Seen:
    """A trace that counts as the same as any other that read the same ids."""

    def __init__(self, trace) -> None:
        self.trace, self._read = trace, read_by(trace)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Seen) and self._read == other._read

    def __hash__(self) -> int:
        return hash(self._read)


@st.cache_resource(show_spinner=False)
def warm_up_maps() -> None:
    """Let UMAP compile beside the program, once a process, from the first visit on where a map may be asked for."""
    jobs().warm_up()
