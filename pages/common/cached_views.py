"""Cached views of a model and of a trace. Like the caches of cached.py they are shared by everybody, and bounded.

What is seen of a trace is kept under the ids that it read: `_trace` itself is not hashed.
"""

import streamlit as st

from model_backend import anatomy as model_anatomy
from model_backend import embeddings, head_maps, heads, layers
from model_backend import senses as model_senses
from model_backend.projection_jobs import jobs
from pages.common import cached


@st.cache_resource(max_entries=24, show_spinner=False)
def points(name: str, source: str, words: str, prompt: str, layer: int | None, n_words: int):
    """The VectorSet of a list of words, of the prompt's tokens, or of the first `n_words` words of the vocabulary."""
    model = cached.open_model(name)
    if source == "words":
        return embeddings.word_vectors(model, embeddings.parse_words(words), layer)
    if source == "prompt":
        return embeddings.prompt_vectors(cached.trace(name, prompt), layer)
    return embeddings.common_tokens(model, n_words, layer)


def read_by(trace) -> tuple[str, str, bytes, bytes]:
    """What tells a trace from others: the model and the ids on both sides."""
    target = b"" if trace.target_tokens is None else trace.target_tokens.ids.tobytes()
    return trace.info.name, trace.info.revision, trace.tokens.ids.tobytes(), target


def head_overview(trace, kind: str):
    """(HeadStatistics, HeadThumbnails) of one kind of attention."""
    return _head_overview(read_by(trace), kind, trace)


@st.cache_resource(max_entries=32, show_spinner=False)
def _head_overview(key: tuple, kind: str, _trace):
    return heads.head_statistics(_trace, kind), head_maps.head_thumbnails(_trace, kind, pool="max")


def induction(model):
    """Induction score of each head of a decoder [layer, head], measured once a model."""
    return _induction(model.info.name, model.info.revision, model)


@st.cache_resource(max_entries=8, show_spinner=False)
def _induction(name: str, revision: str, _model):
    return heads.induction_scores(_model)


def lattice(trace, positions: range, token_ids: tuple[int, ...]):
    """The lens in every cell at a window of positions, with the ranks of some tokens."""
    return _lattice(read_by(trace), positions.start, positions.stop, token_ids, trace)


@st.cache_resource(max_entries=32, show_spinner=False)
def _lattice(key: tuple, start: int, stop: int, token_ids: tuple[int, ...], _trace):
    return layers.lattice(_trace, range(start, stop), token_ids)


def anatomy(model):
    """What a model is made of."""
    return _anatomy(model.info.name, model.info.revision, model)


@st.cache_resource(max_entries=8, show_spinner=False)
def _anatomy(name: str, revision: str, _model):
    return model_anatomy.anatomy(_model)


@st.cache_resource(max_entries=32, show_spinner=False)
def senses(name: str, word: str, sentences: tuple[tuple[str, str], ...]):
    """One word followed through the layers in several sentences."""
    return model_senses.senses(cached.open_model(name), word, sentences)


@st.cache_resource(show_spinner=False)
def warm_up_maps() -> None:
    """Let UMAP compile beside the program, once a process, from the first visit on where a map may be asked for."""
    jobs().warm_up()
