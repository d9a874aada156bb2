"""A statistical word aligner: which word of a sentence goes with which word of its translation.

IBM Model 2 with a prior along the diagonal (Dyer, Chahuneau & Smith 2013, "A Simple, Fast, and Effective Reparameterization
of IBM Model 2", section 2), trained by EM in both directions. The two are then joined: the links both agree on
are the sure ones, those found by growing along the diagonal the possible ones (Och & Ney 2003, sections 4 and 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Words = Sequence[str]
Links = frozenset[tuple[int, int]]  # (source word, target word), from 0

P_NULL = 0.08  # prior that a word stands alone; section 2 of the paper
TENSION = 4.0  # how strongly the diagonal draws
UNSEEN = 1e-7  # probability of a word pair that was never seen together


def position_prior(n_source: int, n_target: int) -> np.ndarray:
    """[n_target, 1 + n_source]: the prior of each source word for each target word; column 0 is "no word"."""
    i, j = np.arange(1, n_target + 1)[:, None], np.arange(1, n_source + 1)
    diagonal = np.exp(-TENSION * np.abs(i / n_target - j / n_source))
    prior = (1.0 - P_NULL) * diagonal / diagonal.sum(1, keepdims=True)
    return np.concatenate([np.full((n_target, 1), P_NULL), prior], 1)


class OneWay:
    """p(target word | source word) and the best source word for each target word.

    >>> pairs = [("the house".split(), "la maison".split()), ("the car".split(), "la voiture".split())]
    >>> OneWay(pairs * 3).best("the car".split(), "la voiture".split()).tolist()
    [0, 1]
    """

    def __init__(self, pairs: Sequence[tuple[Words, Words]], iterations: int = 6):
        self._source: dict[str, int] = {"": 0}  # word 0 is "no word"
        self._target: dict[str, int] = {}
        links, owners, priors, n_owners = [], [], [], 0
        shapes: dict[tuple[int, int], np.ndarray] = {}
        for source, target in pairs:
            if not source or not target:
                continue
            s = np.array([0, *(self._source.setdefault(word, len(self._source)) for word in source)])
            t = np.array([self._target.setdefault(word, len(self._target)) for word in target])
            shape = (len(source), len(target))
            if shape not in shapes:
                shapes[shape] = position_prior(*shape)
            links.append(((s[None, :] << 32) | t[:, None]).ravel())
            owners.append(np.repeat(np.arange(n_owners, n_owners + len(t)), len(s)))
            priors.append(shapes[shape].ravel())
            n_owners += len(t)
        self._fit(np.concatenate(links), np.concatenate(owners), np.concatenate(priors), iterations)

    def _fit(self, links: np.ndarray, owners: np.ndarray, priors: np.ndarray, iterations: int) -> None:
        """EM: `links` are all word pairs of all sentence pairs, `owners` the target word each belongs to."""
        codes, which = np.unique(links, return_inverse=True)
        sources = codes >> 32
        table = np.ones(len(codes))
        for _ in range(iterations):
            weight = table[which] * priors
            weight /= np.bincount(owners, weight)[owners]  # expected links of each target word sum to 1
            table = np.bincount(which, weight)
            table /= np.bincount(sources, table)[sources]
        self._table = dict(zip(codes.tolist(), table.tolist(), strict=True))

    def probability(self, source: str, target: str) -> float:
        """p(target | source); the empty source is "no word"."""
        s, t = self._source.get(source), self._target.get(target)
        return UNSEEN if s is None or t is None else max(UNSEEN, self._table.get((s << 32) | t, 0.0))

    def best(self, source: Words, target: Words) -> np.ndarray:
        """[n_target] index of the likeliest source word, -1 for none."""
        prior = position_prior(len(source), len(target))
        table = np.array([[self.probability(s, t) for s in ("", *source)] for t in target])
        return (table * prior).argmax(1) - 1


@dataclass(frozen=True)
class Alignment:
    """`sure` links are in `possible` as well."""

    sure: Links
    possible: Links


class WordAligner:
    """Trained on pairs of word lists; `align(source, target)` joins the two directions."""

    def __init__(self, pairs: Sequence[tuple[Words, Words]], iterations: int = 6):
        self.forward = OneWay(pairs, iterations)
        self.backward = OneWay([(target, source) for source, target in pairs], iterations)

    def align(self, source: Words, target: Words) -> Alignment:
        there = {(int(s), t) for t, s in enumerate(self.forward.best(source, target)) if s >= 0}
        back = {(s, int(t)) for s, t in enumerate(self.backward.best(target, source)) if t >= 0}
        return Alignment(frozenset(there & back), grow_diagonal(there & back, there | back))


def grow_diagonal(sure: set[tuple[int, int]], union: set[tuple[int, int]]) -> Links:
    """Adds links of the union that touch a link already there and whose source or target word has none yet (Koehn et al. 2003)."""
    found, grew = set(sure), True
    while grew:
        sources, targets = {s for s, _ in found}, {t for _, t in found}
        touching = (
            (s, t)
            for s, t in sorted(union - found)
            if (s not in sources or t not in targets)
            and any((s + i, t + j) in found for i in (-1, 0, 1) for j in (-1, 0, 1))
        )
        link = next(touching, None)
        grew = link is not None
        if link is not None:
            found.add(link)
    return frozenset(found)


def error_rate(found: Sequence[Links], reference: Sequence[Alignment]) -> float:
    """Alignment error rate 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|) over all sentences (Och & Ney 2003, section 5).

    >>> error_rate([frozenset({(0, 0), (1, 2)})], [Alignment(frozenset({(0, 0), (1, 1)}), frozenset({(0, 0), (1, 1)}))])
    0.5
    """
    hits = sum(len(a & r.sure) + len(a & r.possible) for a, r in zip(found, reference, strict=True))
    size = sum(len(a) + len(r.sure) for a, r in zip(found, reference, strict=True))
    return 1.0 - hits / size if size else 0.0
