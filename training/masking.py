"""Masked-language modelling: which tokens a model has to guess, and what it sees in their place.

Devlin et al. 2019, "BERT", section 3.1 and appendix A.1: of the chosen tokens 80 % become [MASK], 10 % a random token, 10 %
stay. Whole words are chosen (their later release, https://github.com/google-research/bert, "Whole Word Masking").
"""

from dataclasses import dataclass

import numpy as np

SHARE = 0.2  # of the words; 15 % in the paper, more is no worse (Wettig et al. 2023, arXiv 2202.08005)


@dataclass(frozen=True, eq=False)
class Masking:
    """`continues` [vocab] marks the tokens that go on with a word; the first `n_special` ids are never chosen nor put in."""

    continues: np.ndarray
    mask_id: int
    n_special: int
    share: float = SHARE

    def __call__(self, ids: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """ids [row, pos] -> (what the model sees [row, pos], chosen places in the flattened ids [target], their ids [target]).

        Every row with a word has at least one target.
        """
        chosen = self._choose(ids, rng).ravel()
        positions = np.flatnonzero(chosen)
        targets = ids.ravel()[positions].astype(np.int64)
        kind = rng.random(len(positions))
        noise = rng.integers(self.n_special, len(self.continues), len(positions))
        shown = np.where(kind < 0.8, self.mask_id, np.where(kind < 0.9, noise, targets))
        seen = ids.ravel().astype(np.int64)
        seen[positions] = shown
        return seen.reshape(ids.shape), positions, targets

    def _choose(self, ids: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """[row, pos] bool; the tokens of a word share one draw, that of its first token."""
        place = np.arange(ids.shape[1])
        first = np.maximum.accumulate(np.where(self.continues[ids], 0, place), axis=1)  # [row, pos]
        draws = np.take_along_axis(rng.random(ids.shape), first, axis=1)
        draws[ids < self.n_special] = np.inf
        least = draws.min(axis=1, keepdims=True)
        return ((draws < self.share) | (draws == least)) & np.isfinite(draws)
