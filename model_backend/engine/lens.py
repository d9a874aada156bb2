"""Distributions over the vocabulary, read off residual vectors in bounded memory.

`LogitsOf` is any function from residual vectors [n, d_model] (before the final norm) to logits [n, vocab], float32 on any
device. What is made of them is computed there, and only that travels: of a layer's logits the k best. The logit lens is
nostalgebraist's (2020): each layer's residual stream, through the final norm and the output matrix.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from model_backend.base.records import LensTable

LogitsOf = Callable[[torch.Tensor], torch.Tensor]

MAX_CHUNK_NUMBERS = 2**24  # logits held at once: 64 MiB of float32


def logit_chunks(
    logits_of: LogitsOf, hidden: torch.Tensor, vocab_size: int, max_positions: int
) -> Iterator[tuple[slice, torch.Tensor]]:
    """Yield (rows, logits [chunk, vocab]) over hidden [n, d_model], few enough rows at a time for memory and context."""
    size = max(1, min(MAX_CHUNK_NUMBERS // vocab_size, max_positions))
    for start in range(0, len(hidden), size):
        rows = slice(start, min(start + size, len(hidden)))
        yield rows, logits_of(hidden[rows])


def entropy_bits(logprobs: torch.Tensor) -> torch.Tensor:
    """Shannon entropy in bits along the last axis of natural-log probabilities; 0 · log 0 counts as 0.

    >>> entropy_bits(torch.log(torch.tensor([0.5, 0.25, 0.25]))).item()
    1.5
    """
    return torch.special.entr(logprobs.exp()).sum(-1) / np.log(2)


def ranks(logits: torch.Tensor, ids: torch.Tensor) -> np.ndarray:
    """Rank [n] int64 of one token a row, ids [n], in logits [n, vocab]: 1 = the highest.

    Among equal logits the lower id comes first, as in the sorted table of `sampling.apply`.

    >>> ranks(torch.tensor([[0.0, 5.0, 5.0]] * 3), torch.tensor([0, 1, 2])).tolist()
    [3, 1, 2]
    """
    ids = ids.to(logits.device)[:, None]
    score = logits.gather(1, ids)
    found = 1 + (logits > score).sum(-1)
    is_equal = logits == score
    if int(is_equal.sum()) > len(logits):  # ties are rare, and to sort them out is half the work
        found += (is_equal & (torch.arange(logits.shape[1], device=logits.device) < ids)).sum(-1)
    return found.cpu().numpy()


def judged(logits: torch.Tensor, ids: torch.Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One token a row, ids [n], under logits [n, vocab]: its surprisal in bits, its rank, and the entropy of the row in bits."""
    logprobs = torch.log_softmax(logits, -1)
    nats = -logprobs.gather(1, ids.to(logits.device)[:, None])[:, 0].cpu().numpy()
    return nats / np.log(2), ranks(logits, ids), entropy_bits(logprobs).cpu().numpy()


def lens_table(logits_of: LogitsOf, residual: torch.Tensor, k: int, vocab_size: int, max_positions: int) -> LensTable:
    """The k best tokens of every layer at every position, from residual [layer + 1, pos, d_model]."""
    n_rows, n_pos, d_model = residual.shape
    k = min(k, vocab_size)
    ids = np.empty((n_rows * n_pos, k), np.int64)
    probs = np.empty((n_rows * n_pos, k), np.float32)
    entropy = np.empty(n_rows * n_pos, np.float32)
    for rows, logits in logit_chunks(logits_of, residual.reshape(-1, d_model), vocab_size, max_positions):
        logprobs = torch.log_softmax(logits, -1)
        best = logprobs.topk(k, -1)
        ids[rows], probs[rows] = best.indices.cpu().numpy(), best.values.exp().cpu().numpy()
        entropy[rows] = entropy_bits(logprobs).cpu().numpy()
    return LensTable(
        top_ids=ids.reshape(n_rows, n_pos, k),
        top_probs=probs.reshape(n_rows, n_pos, k),
        entropy_bits=entropy.reshape(n_rows, n_pos),
    )


@dataclass(frozen=True, slots=True, eq=False)
class PredictionStatistics:
    """How a text fared under the model's predictions: each [pos].

    surprisal_bits: of each token given those before it, the first nan; rank int64: of each token among the predictions
    made before it, 1 = best, the first 0; entropy_bits: of the prediction made at each position.
    """

    surprisal_bits: np.ndarray
    rank: np.ndarray
    entropy_bits: np.ndarray


def prediction_statistics(
    logits_of: LogitsOf, last: torch.Tensor, ids: np.ndarray, vocab_size: int, max_positions: int
) -> PredictionStatistics:
    """Score ids [pos] under the predictions of the last residual states [pos, d_model]."""
    n_pos = len(ids)
    surprisal = np.full(n_pos + 1, np.nan, np.float32)
    rank = np.zeros(n_pos + 1, np.int64)
    entropy = np.empty(n_pos, np.float32)
    following = torch.from_numpy(np.append(ids[1:], 0))  # the last prediction has no token to score
    for rows, logits in logit_chunks(logits_of, last, vocab_size, max_positions):
        after = slice(rows.start + 1, rows.stop + 1)
        surprisal[after], rank[after], entropy[rows] = judged(logits, following[rows])
    for array in (surprisal, rank, entropy):
        array.setflags(write=False)
    return PredictionStatistics(surprisal[:n_pos], rank[:n_pos], entropy)
