"""Vectors to look at: of a prompt's tokens, of words that a person lists, of the commonest tokens; static or of any layer."""

from collections.abc import Sequence

import numpy as np
import torch

from model_backend.base.embedding_records import VectorSet
from model_backend.base.errors import BackendError, check_text
from model_backend.base.memory import memory_guard
from model_backend.base.sentences import Sentence
from model_backend.engine.model import Model
from model_backend.engine.passes import Side, during
from model_backend.engine.recording import LayerRecording
from model_backend.engine.trace import Trace

_BATCH_NUMBERS = 2**22  # numbers of one layer's output held at once: 16 MiB of float32

_MERGE_FALL, _MIN_SHARE_LEFT = 1.3, 0.06  # see _beginnings

# Words of two letters that English uses by themselves; other tokens so short are nearly always beginnings of words.
_SHORT_WORDS = "a i ah am an as at be by do go he hi if in is it me mr my no of oh ok on or so to tv uk un up us vs we"


def prompt_vectors(trace: Trace, layer: int | None = None, side: Side | None = None) -> VectorSet:
    """One point a token of a trace: static embeddings, or the residual stream at `layer` (0 … n_layers)."""
    tokens = trace.target_tokens if side == "decoder" and trace.target_tokens is not None else trace.tokens
    vectors = trace.model.embedding_matrix()[tokens.ids] if layer is None else trace.residual(layer, side)
    return VectorSet(tokens.pieces, vectors, tuple((int(i),) for i in tokens.ids), "prompt", layer)


def word_vectors(model: Model, words: Sequence[str], layer: int | None = None) -> VectorSet:
    """One point a word: the vector of its token, or the mean of its tokens' where the tokenizer cuts it.

    A word is cut as in the middle of a sentence (byte-level BPE and its kin: with the space before it). With `layer` each
    word is read by itself, behind whatever the tokenizer puts before a text, and the residual stream at `layer` is taken over
    its tokens; an encoder-decoder reads with its encoder. Words that the tokenizer does not know are in `left_out`.
    """
    labels, ids, left_out = [], [], []
    for word in words:
        tokens = word_ids(model, word)
        if not word.strip() or not tokens:
            left_out.append((word, "empty"))
        elif any(model.is_special_id(i) for i in tokens):
            left_out.append((word, "special" if word in [model.piece(i) for i in tokens] else "unknown"))
        else:
            labels.append(word)
            ids.append(tokens)
    if not labels:
        raise BackendError("There is no word here that the model knows.", "Write some words, with commas between them.")
    several = sum(len(tokens) > 1 for tokens in ids)
    note = f"{several} of {len(ids)} words are cut into several tokens; their vector is the mean." if several else ""
    vectors = _means(model.embedding_matrix(), ids) if layer is None else _read_alone(model, ids, layer)
    return VectorSet(tuple(labels), vectors, tuple(ids), "words", layer, tuple(left_out), note)


def word_ids(model: Model, word: str) -> tuple[int, ...]:
    """The tokens of a word as it stands in the middle of a sentence, without those that the tokenizer puts round a text."""
    check_text(word)
    vocabulary = model.vocabulary
    ways = [vocabulary.backend.encode(form, add_special_tokens=False).ids for form in (" " + word, word)]
    spaced = [ids for ids in ways if _bytes(model, ids) == b" " + word.encode()]
    return tuple(min(spaced, key=len) if spaced else ways[1])


def common_tokens(model: Model, n: int = 2000, layer: int | None = None) -> VectorSet:
    """The first `n` tokens of the vocabulary that are whole words; for `layer` see `word_vectors`.

    Tokens stand in a vocabulary by how early training of the tokenizer found them, which goes with how common they are: an
    approximation, and the note says so. A word has letters alone and, where the tokenizer marks it, opens with a space (or
    goes on with none: WordPiece).
    """
    ids = _whole_words(model, n)
    if not ids:
        raise BackendError("The vocabulary of this model has no whole words.", "Write a list of words instead.")
    note = (
        "Whole words of the vocabulary in the order of their ids, which follows how common they are only roughly; pieces "
        "that are mostly the beginnings of longer words are left out as far as the vocabulary shows it."
    )
    groups = tuple((i,) for i in ids)
    vectors = model.embedding_matrix()[list(ids)] if layer is None else _read_alone(model, groups, layer)
    return VectorSet(tuple(model.piece(i).strip() for i in ids), vectors, groups, "vocabulary", layer, note=note)


def _whole_words(model: Model, n: int) -> tuple[int, ...]:
    """Ids of whole words in order, at most n, each spelling once."""
    vocabulary = model.vocabulary
    marks_space = vocabulary.style in ("byte-level", "spaces marked")
    short, beginnings, found = frozenset(_SHORT_WORDS.split()), _beginnings(model), {}
    for token_id, data in enumerate(vocabulary.table):
        if len(found) == n:
            break
        if not data or vocabulary.is_special(token_id) or token_id in vocabulary.added:
            continue
        if data.startswith(b" ") != marks_space or vocabulary.is_continuation(token_id) or token_id in beginnings:
            continue
        word = data.removeprefix(b" ").decode("utf-8", "replace")
        if word.isalpha() and (len(word) > 2 or not word.isascii() or word.lower() in short):
            found.setdefault(word, token_id)
    return tuple(found.values())


def _beginnings(model: Model) -> frozenset[int]:
    """Tokens of a BPE vocabulary that hardly occur by themselves, because later merges use them up: "happ" in "happy".

    How often the pair of merge r was found falls about as r^-1.3 (tried on the storyteller's vocabulary, where this parts words
    from fragments); what later merges take of it is taken off.
    """
    merges = model.vocabulary.description["model"].get("merges") or ()
    pairs = [tuple(merge.split(" ", 1)) if isinstance(merge, str) else tuple(merge) for merge in merges]
    rank = {left + right: number for number, (left, right) in reversed(list(enumerate(pairs, 1)))}
    share_left = dict.fromkeys(rank, 1.0)
    for number, pair in enumerate(pairs, 1):
        for part in pair:
            if part in rank:
                share_left[part] -= (rank[part] / number) ** _MERGE_FALL
    used_up = [token for token, share in share_left.items() if share < _MIN_SHARE_LEFT]
    return frozenset(i for token in used_up if (i := model.vocabulary.backend.token_to_id(token)) is not None)


def _bytes(model: Model, ids: Sequence[int]) -> bytes:
    return b"".join(model.token_bytes(i) for i in ids)


def _means(matrix: np.ndarray, groups: Sequence[tuple[int, ...]]) -> np.ndarray:
    """[group, d_model]: the mean of the rows of each group."""
    return np.stack([matrix[list(ids)].mean(0) for ids in groups])


def _read_alone(model: Model, groups: Sequence[tuple[int, ...]], layer: int) -> np.ndarray:
    """[group, d_model] float32: each group of tokens read as a text of its own, the mean of its states at `layer`.

    Texts of one length are read together, so that no padding is needed.
    """
    if not 0 <= layer <= model.info.n_layers:
        raise IndexError(f"layer should be in 0 … {model.info.n_layers}, but is {layer}")
    before, after = _frame(model)
    has_two = model.info.kind == "encoder-decoder"
    stack, options = (model.network.get_encoder(), {}) if has_two else (model.network.base_model, {"use_cache": False})
    vectors = np.empty((len(groups), model.info.d_model), np.float32)
    for length in sorted({len(ids) for ids in groups}):
        members = [n for n, ids in enumerate(groups) if len(ids) == length]
        size = max(1, _BATCH_NUMBERS // ((length + len(before) + len(after)) * model.info.d_model))
        for start in range(0, len(members), size):
            some = members[start : start + size]
            texts = [[*before, *groups[n], *after] for n in some]
            model.check_length(np.array(texts[0]))
            mode = LayerRecording(layer)
            with memory_guard(Sentence("reading the words")), during(mode):
                stack(input_ids=torch.tensor(texts, device=model.info.device), **options)
            states = mode.state[:, len(before) : len(before) + length]
            vectors[some] = states.float().mean(1).cpu().numpy()
    return vectors


def _frame(model: Model) -> tuple[list[int], list[int]]:
    """The ids that the tokenizer puts before and after a text."""
    encoding = model.vocabulary.backend.encode("a")
    mask = encoding.special_tokens_mask
    inside = [n for n, is_special in enumerate(mask) if not is_special]
    if not inside:
        return [], []
    return encoding.ids[: inside[0]], encoding.ids[inside[-1] + 1 :]
