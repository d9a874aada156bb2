"""Interpolated modified Kneser-Ney n-gram model over token ids: the baseline that a neural model has to beat.

Chen & Goodman 1998, "An Empirical Study of Smoothing Techniques for Language Modeling", section 3 (Kneser-Ney, modified):

    p_n(w | c) = max(a(cw) - D(a(cw)), 0) / a(c·) + g(c) · p_{n-1}(w | c without its first token)

where `a` is the count at the highest order and the number of different left neighbours below it, D one of three discounts
(for counts 1, 2, 3 and more), and g(c) the mass so freed; below the unigrams lies the uniform distribution. An n-gram that
begins with the start mark has no left neighbour and keeps its count, as in Heafield et al. 2013, section 3.

Every n-gram has a dense number, and an n-gram is the pair (number of its context, last token): keys stay within 64 bits.
"""

from dataclasses import dataclass

import numpy as np

FALLBACK = (0.5, 1.0, 1.5)  # discounts where a corpus is too small to estimate them (Heafield et al.'s choice)


@dataclass(frozen=True, eq=False)
class _Order:
    """The n-grams of one order: sorted keys context·vocab + token, their adjusted counts, and sums per context."""

    keys: np.ndarray  # [gram] int64
    counts: np.ndarray  # [gram] adjusted
    totals: np.ndarray  # [context] sum of the counts
    freed: np.ndarray  # [context] sum of the discounts
    discounts: np.ndarray  # [4]: of counts 0, 1, 2, 3+


def discounts_of(counts: np.ndarray) -> np.ndarray:
    """(0, D1, D2, D3+) from the counts of counts; Chen & Goodman 1998, equation 17.

    >>> discounts_of(np.array([1] * 8 + [2] * 4 + [3] * 2 + [4])).tolist()  # Y = 8/(8+8)
    [0.0, 0.5, 1.25, 2.0]
    """
    n1, n2, n3, n4 = (int((counts == k).sum()) for k in (1, 2, 3, 4))
    if not (n1 and n2 and n3 and n4):
        return np.array((0.0, *FALLBACK))
    y = n1 / (n1 + 2 * n2)
    found = np.array((0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3))
    return found if (found[1:] > 0).all() else np.array((0.0, *FALLBACK))


def _positions(documents: list[list[int]], end: int, order: int) -> tuple[np.ndarray, np.ndarray]:
    """(tokens, reach): each document with the mark before and behind it; reach = the longest n-gram that ends there.

    A start mark has reach 1 as a context and is never predicted.
    """
    lengths = np.array([len(d) + 2 for d in documents])
    tokens = np.fromiter((t for d in documents for t in (end, *d, end)), dtype=np.int64, count=int(lengths.sum()))
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return tokens, np.minimum(np.arange(len(tokens)) - starts + 1, max(order, 2))


def _find(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Index of each wanted key in the sorted keys, -1 where it is missing."""
    at = np.searchsorted(keys, wanted).clip(max=max(0, len(keys) - 1))
    return np.where(keys[at] == wanted, at, -1) if len(keys) else np.full(len(wanted), -1)


def _shifted(ids: np.ndarray) -> np.ndarray:
    """The value one position earlier; -1 at the first."""
    return np.concatenate(([-1], ids[:-1]))


class KneserNey:
    """`KneserNey(documents, vocab_size, end).logprobs_bits(other_documents)`.

    `vocab_size` counts the tokens that can come; ids beyond it are not allowed.
    """

    def __init__(self, documents: list[list[int]], vocab_size: int, end: int, order: int = 5):
        self.vocab_size, self.end, self.order = vocab_size, end, order
        tokens, reach = _positions(documents, end, order)
        starts = reach == 1
        self.orders: list[_Order] = []
        numbers = [tokens]  # numbers[n - 1][pos]: dense number of the n-gram that ends at pos, -1 where there is none
        grams: list[tuple[np.ndarray, np.ndarray]] = []  # per order: sorted keys, a position of each
        for n in range(2, order + 1):
            context = _shifted(numbers[-1])
            valid = (reach >= n) & (context >= 0)
            keys, first, inverse = np.unique(
                context[valid] * vocab_size + tokens[valid], return_index=True, return_inverse=True
            )
            number = np.full(len(tokens), -1)
            number[valid] = inverse
            grams.append((keys, np.flatnonzero(valid)[first]))
            numbers.append(number)
        for n in range(1, order + 1):
            self.orders.append(self._order(n, numbers, grams, reach, starts))

    def _order(self, n: int, numbers: list[np.ndarray], grams: list, reach: np.ndarray, starts: np.ndarray) -> _Order:
        keys = np.arange(self.vocab_size) if n == 1 else grams[n - 2][0]
        own = numbers[n - 1]
        if n == self.order:
            counted = own[(own >= 0) & ~starts]
        else:
            extended = own[grams[n - 1][1]]  # the suffix of each different (n+1)-gram
            at_start = own[(reach == n) & ~starts & (n > 1)]  # begins with the start mark: its plain count
            counted = np.concatenate((extended, at_start))
        counts = np.bincount(counted, minlength=len(keys))
        discounts = discounts_of(counts)
        n_contexts = 1 if n == 1 else self.vocab_size if n == 2 else len(grams[n - 3][0])
        context = keys // self.vocab_size
        freed = np.bincount(context, weights=discounts[counts.clip(max=3)], minlength=n_contexts)
        return _Order(keys, counts, np.bincount(context, weights=counts, minlength=n_contexts), freed, discounts)

    def _step(self, order: _Order, context: np.ndarray, tokens: np.ndarray, lower: np.ndarray) -> np.ndarray:
        """p_n from p_{n-1} for each pair (context number or -1, token)."""
        at = _find(order.keys, context * self.vocab_size + tokens)
        count = np.where(at >= 0, order.counts[at], 0)
        known = (context >= 0) & (order.totals[context.clip(min=0)] > 0)
        total = np.where(known, order.totals[context.clip(min=0)], 1.0)
        direct = np.maximum(count - order.discounts[count.clip(max=3)], 0.0) / total
        return np.where(known, direct + order.freed[context.clip(min=0)] / total * lower, lower)

    def probabilities(self, documents: list[list[int]]) -> list[np.ndarray]:
        """Per document the probability of each of its tokens and of its end, [len + 1]."""
        tokens, reach = _positions(documents, self.end, self.order)
        p = np.full(len(tokens), 1.0 / self.vocab_size)
        number = np.zeros(len(tokens), dtype=np.int64)  # of the (n-1)-gram that ends at each position
        for n, order in enumerate(self.orders, start=1):
            context = _shifted(number) if n > 1 else number
            context = np.where(reach >= n, context, -1)
            p = self._step(order, context, tokens, p)
            found = _find(order.keys, context * self.vocab_size + tokens) if n > 1 else tokens
            number = np.where(context >= 0, found, -1)
        bounds = np.cumsum([len(d) + 2 for d in documents])
        return [part[1:] for part in np.split(p, bounds[:-1])]

    def total_bits(self, documents: list[list[int]]) -> float:
        """Bits for all tokens of all documents, their ends included."""
        return float(sum(-np.log2(p).sum() for p in self.probabilities(documents)))
