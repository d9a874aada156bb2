"""What a model that fills gaps makes of every word of a text: each token hidden in turn, all the others in view.

Such a model gives a text no probability. What comes nearest is the sum of the logarithms that it gives each token behind a
mask, the pseudo-log-likelihood (J. Salazar, D. Liang, T. Q. Nguyen, K. Kirchhoff, "Masked Language Model Scoring", ACL 2020,
section 2); with a minus sign and in bits it is the sum of the surprisals given here.
"""

from collections.abc import Callable

import numpy as np
import torch

from model_backend.base.errors import BackendError
from model_backend.base.memory import memory_guard
from model_backend.base.records import GapStatistics, Tokenization
from model_backend.base.sentences import Sentence
from model_backend.engine.lens import entropy_bits, logit_chunks
from model_backend.engine.model import Model
from model_backend.engine.passes import during
from model_backend.engine.recording import LayerRecording

MAX_PASS_TOKENS = 4096  # tokens read in one forward pass


def gap_statistics(
    model: Model, tokens: Tokenization, progress: Callable[[float], None] = lambda share: None
) -> GapStatistics:
    """Hide each token of `tokens` in turn and score it. As many forward passes' work as there are tokens, read many rows at a
    time; `progress` hears the share that is done, 0 … 1. Raises BackendError for a model that does not fill gaps."""
    if model.info.kind != "encoder":
        raise BackendError(
            "{name} does not fill gaps.", "Choose a model that does, such as a BERT.", name=model.info.name
        )
    model.check_length(tokens.ids)
    gaps = np.flatnonzero(~tokens.is_special)
    n_rows = max(1, MAX_PASS_TOKENS // len(tokens))
    hidden = []
    for start in range(0, len(gaps), n_rows):
        progress(start / len(gaps))
        hidden.append(_states_behind_masks(model, tokens.ids, gaps[start : start + n_rows]))
    n = len(tokens)
    surprisal, entropy = np.full(n, np.nan, np.float32), np.full(n, np.nan, np.float32)
    rank = np.zeros(n, np.int64)
    if hidden:
        _score(model, torch.cat(hidden), tokens.ids, gaps, (surprisal, rank, entropy))
    return GapStatistics(surprisal, rank, entropy)


def _states_behind_masks(model: Model, ids: np.ndarray, gaps: np.ndarray) -> torch.Tensor:
    """[gap, d_model] on the CPU: what leaves the last block at each gap, that gap alone being masked."""
    rows = np.tile(ids, (len(gaps), 1))  # [gap, pos]
    rows[np.arange(len(gaps)), gaps] = model.mask_id
    last = LayerRecording(model.info.n_layers)
    with memory_guard(Sentence("reading the text with each word hidden")), during(last):
        model.network.base_model(input_ids=torch.from_numpy(rows).to(model.info.device))
        return last.state[torch.arange(len(gaps)), torch.from_numpy(gaps)].cpu()


def _score(model: Model, hidden: torch.Tensor, ids: np.ndarray, gaps: np.ndarray, into: tuple[np.ndarray, ...]) -> None:
    """Fill surprisal, rank and entropy at the gaps; among equal logits the lower id comes first, as in `sampling.apply`."""
    surprisal, rank, entropy = into
    info = model.info
    for rows, logits in logit_chunks(model.readout, hidden, info.vocab_size, info.max_positions):
        at = gaps[rows]
        every, token = torch.arange(info.vocab_size, device=logits.device), torch.from_numpy(ids[at])[:, None]
        token = token.to(logits.device)
        logprobs = torch.log_softmax(logits, -1)
        surprisal[at] = -logprobs.gather(1, token)[:, 0].cpu().numpy() / np.log(2)
        entropy[at] = entropy_bits(logprobs).cpu().numpy()
        score = logits.gather(1, token)
        rank[at] = 1 + ((logits > score) | ((logits == score) & (every < token))).sum(-1).cpu().numpy()


def filled(model: Model, tokens: Tokenization, position: int, token_id: int) -> str:
    """The text of `tokens` with another token in the place of the one at `position`.

    Where spaces are in no token (WordPiece) a piece that begins a word keeps or gets a space before it, and one that continues
    a word is glued to what stands there.
    """
    vocabulary, piece = model.vocabulary, model.piece(token_id)
    start, end = tokens.spans[position]
    before, there = tokens.text[:start], tokens.text[start:end]
    before += there[: len(there) - len(there.lstrip())]
    if vocabulary.style != "word pieces":
        before = before.rstrip(" ") if piece.startswith(" ") or there.startswith(" ") else before
        piece = piece if before else piece.lstrip()
    elif vocabulary.is_continuation(token_id):
        before = before.rstrip()
    elif before[-1:].isalnum() and piece[:1].isalnum():
        before += " "
    return before + piece + tokens.text[end:]
