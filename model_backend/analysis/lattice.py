"""The logit lens in each cell of layers × positions, and how a vector moves from layer to layer.

Every cell costs one product with the output matrix, 2 · d_model · vocab operations; `lattice_flops` says what a lattice
costs, and a window of positions keeps long texts affordable. Memory is bounded: logits are held for a few cells at a time.
"""

from collections.abc import Sequence

import numpy as np
import torch

from model_backend.base.errors import BackendError
from model_backend.base.inside_records import Lattice, NearestTokens
from model_backend.base.memory import memory_guard
from model_backend.base.records import ModelInfo
from model_backend.base.sentences import Sentence
from model_backend.engine.lens import MAX_CHUNK_NUMBERS, entropy_bits, logit_chunks, ranks
from model_backend.engine.network import embedding_weight
from model_backend.engine.trace import Trace

AFFORDABLE_FLOPS = 10**11  # one to three seconds of two CPU cores


def lattice_flops(info: ModelInfo, n_positions: int) -> int:
    """Floating-point operations of a lattice over so many positions.

    >>> from types import SimpleNamespace
    >>> lattice_flops(SimpleNamespace(n_decoder_layers=2, d_model=10, vocab_size=100), 4)  # 3 rows of 4 cells of 2,000
    24000
    """
    return (info.n_decoder_layers + 1) * n_positions * 2 * info.d_model * info.vocab_size


def affordable_positions(info: ModelInfo, flops: int = AFFORDABLE_FLOPS) -> int:
    """How many positions a lattice may have within that many operations, at least one."""
    return max(1, flops // lattice_flops(info, 1))


def lattice(trace: Trace, positions: range | None = None, token_ids: Sequence[int] = ()) -> Lattice:
    """The lens in every cell of the stack that predicts, at a window of positions (None: all).

    A cell shows its vector through the model's own way to logits: final norm once, then whatever the family does (an
    encoder's head with its transform, Gemma's soft cap). token_ids are tokens whose rank and probability is wanted in each
    cell. Among equal logits the lower id ranks first.
    """
    info, n_all = trace.info, len(trace.predicted_tokens)
    positions = range(n_all) if positions is None else positions
    if positions.step != 1 or not 0 <= positions.start < positions.stop <= n_all:
        raise IndexError(f"positions should be a range within 0 … {n_all - 1}, but is {positions}")
    for token in token_ids:
        if not 0 <= token < info.vocab_size:
            raise IndexError(f"token ids should be in 0 … {info.vocab_size - 1}, but one is {token}")
    residual = trace.stream()[:, positions.start : positions.stop]
    n_rows, n_pos, d_model = residual.shape
    n_cells, n_tokens = n_rows * n_pos, len(token_ids)
    ids, final_ranks = np.empty(n_cells, np.int64), np.empty(n_cells, np.int64)
    probs, entropy = np.empty(n_cells, np.float32), np.empty(n_cells, np.float32)
    token_ranks, token_probs = np.empty((n_tokens, n_cells), np.int64), np.empty((n_tokens, n_cells), np.float32)
    last_first = residual.flip(0).reshape(-1, d_model)  # so that the model's own favourites are known from the start
    for cells, logits in logit_chunks(trace.logits_of, last_first, info.vocab_size, info.max_positions):
        logprobs = torch.log_softmax(logits, -1)
        best = logprobs.max(-1)
        ids[cells], probs[cells] = best.indices.cpu().numpy(), best.values.exp().cpu().numpy()
        entropy[cells] = entropy_bits(logprobs).cpu().numpy()
        favourites = ids[np.arange(cells.start, cells.stop) % n_pos]
        final_ranks[cells] = ranks(logits, torch.from_numpy(favourites))
        for row, token in enumerate(token_ids):
            token_ranks[row, cells] = ranks(logits, torch.full((len(logits),), token))
            token_probs[row, cells] = logprobs[:, token].exp().cpu().numpy()
    moved, cosine = _steps(residual)

    def grid(cells: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(cells.reshape(*cells.shape[:-1], n_rows, n_pos)[..., ::-1, :])

    return Lattice(
        positions=np.array(positions, np.int64), top_ids=grid(ids), top_probs=grid(probs), entropy_bits=grid(entropy),
        final_ranks=grid(final_ranks), token_ids=np.array(token_ids, np.int64), ranks=grid(token_ranks),
        probs=grid(token_probs), moved=moved, cosine=cosine,
    )  # fmt: skip


def _steps(residual: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """(length of the step into each row [layer, pos], cosine of the vectors before and after it), nan in row 0."""
    moved = np.full(residual.shape[:2], np.nan, np.float32)
    cosine = moved.copy()
    for layer in range(1, len(residual)):
        before, after = residual[layer - 1].float(), residual[layer].float()
        moved[layer] = (after - before).norm(dim=-1).numpy()
        cosine[layer] = torch.nn.functional.cosine_similarity(before, after, dim=-1).numpy()
    return moved, cosine


def nearest_tokens(trace: Trace, layer: int, position: int = -1, k: int = 10) -> NearestTokens:
    """The tokens whose embedding points most nearly the way of a cell's vector: row `layer` of the lattice (0 is the
    embedding), by cosine in the full space. Of an encoder-decoder it is the decoder.

    The vector also holds position and context, and later layers turn it away from the embeddings; the lens says what it
    would predict. Raises BackendError where embeddings have another width than the stream (OPT-350m).
    """
    position = trace.position_of(position)
    stream = trace.stream()
    if not 0 <= layer < len(stream):
        raise IndexError(f"layer should be in 0 … {len(stream) - 1}, but is {layer}")
    weight = embedding_weight(trace.model.network).detach()
    vector = stream[layer, position].to(weight.device).float()
    if weight.shape[1] != len(vector):
        raise BackendError(
            "The embeddings of {name} are narrower than what its layers pass on.",
            "So the two cannot be compared; the lens shows what each layer would predict.",
            name=trace.info.name,
        )
    cosines, dots = [], []
    with memory_guard(Sentence("comparing with the vocabulary")), torch.inference_mode():
        for rows in weight.split(max(1, MAX_CHUNK_NUMBERS // len(vector))):
            rows = rows.float()
            dots.append(rows @ vector)
            cosines.append(dots[-1] / (rows.norm(dim=1) * vector.norm()).clamp_min(1e-12))
        cosines, dots = torch.cat(cosines), torch.cat(dots)
        best = cosines.topk(min(k, len(cosines)))
    return NearestTokens(
        ids=best.indices.cpu().numpy(), cosines=best.values.cpu().numpy(), dots=dots[best.indices].cpu().numpy()
    )
