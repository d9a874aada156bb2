"""Kneser-Ney against a hand-worked bigram and against the published recursion written out naively with dictionaries."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from training.kneser_ney import FALLBACK, KneserNey, discounts_of

END = 0


def naive(documents, vocab_size, order):
    """Chen & Goodman 1998 as nested functions over Counters; returns p(token | history) with history from the start mark on."""
    plain = [Counter() for _ in range(order + 1)]
    for document in documents:
        marked = (END, *document, END)
        for i in range(1, len(marked)):
            for n in range(1, order + 1):
                if i - n + 1 >= 0:
                    plain[n][marked[i - n + 1 : i + 1]] += 1
    adjusted = [Counter() for _ in range(order + 1)]
    adjusted[order] = plain[order]
    for n in range(1, order):
        left = defaultdict(set)
        for gram in plain[n + 1]:
            left[gram[1:]].add(gram[0])
        for gram in plain[n]:
            begins = n > 1 and gram[0] == END  # the mark opens documents only, so such a gram has no left neighbour
            adjusted[n][gram] = plain[n][gram] if begins else len(left[gram])
    discounts = [None, *(discounts_of(np.array(list(adjusted[n].values()))) for n in range(1, order + 1))]

    def p(token, history):
        history = tuple(history)[-(order - 1) :] if order > 1 else ()
        n = len(history) + 1
        lower = p(token, history[1:]) if history else 1.0 / vocab_size
        after = {gram[-1]: c for gram, c in adjusted[n].items() if gram[:-1] == history}
        total = sum(after.values())
        if not total:
            return lower
        d = discounts[n]
        freed = sum(d[min(c, 3)] for c in after.values())
        return max(after.get(token, 0) - d[min(after.get(token, 0), 3)], 0) / total + freed / total * lower

    return p


def test_bigram_worked_by_hand():
    """Documents "1 2" and "1 3", V = 4. The fallback discounts hold: 0.5, 1, 1.5.

    Distinct bigrams: #1 12 13 2# 3#. Continuation counts: 1 has 1 left neighbour, 2 has 1, 3 has 1, # has 2; total 5.
    Freed by the unigrams: 3 · 0.5 + 1 · 1 = 2.5, so p1(2) = (1 - 0.5)/5 + 2.5/5 · 1/4 = 0.225.
    After 1: counts 2 -> 1, 3 -> 1, total 2, freed 1: p(2 | 1) = 0.5/2 + 1/2 · 0.225 = 0.3625.
    After #: count 1 -> 2, total 2, freed 1: p(1 | #) = (2 - 1)/2 + 1/2 · 0.225 = 0.6125.
    After 2: count # -> 1, total 1, freed 0.5: p(# | 2) = 0.5 + 0.5 · p1(#), p1(#) = (2 - 1)/5 + 0.125 = 0.325.
    """
    model = KneserNey([[1, 2], [1, 3]], vocab_size=4, end=END, order=2)
    (p,) = model.probabilities([[1, 2]])
    assert p == pytest.approx([0.6125, 0.3625, 0.5 + 0.5 * 0.325])
    assert model.total_bits([[1, 2]]) == pytest.approx(-np.log2(p).sum())


def test_discounts_follow_equation_17():
    """n1..n4 = 8, 4, 2, 1: Y = 0.5, D1 = 1 - 2·0.5·4/8, D2 = 2 - 3·0.5·2/4, D3 = 3 - 4·0.5·1/2."""
    counts = np.array([1] * 8 + [2] * 4 + [3] * 2 + [4] + [9] * 5)
    assert discounts_of(counts) == pytest.approx([0, 0.5, 1.25, 2.0])
    assert discounts_of(np.array([1, 1, 7])) == pytest.approx([0, *FALLBACK])


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_equals_the_naive_recursion(order):
    """Skewed random text, unseen tokens, unseen contexts, empty and one-token documents."""
    rng = np.random.default_rng(order)
    vocab_size = 12
    weights = 1.0 / np.arange(1, vocab_size - 1)
    draw = lambda n: (1 + rng.choice(len(weights), n, p=weights / weights.sum())).tolist()  # noqa: E731
    training = [draw(n) for n in (9, 1, 0, 14, 3, 20, 6)] + [[1, 2, 3, 4, 5]] * 2
    test = [draw(n) for n in (0, 1, 5, 12)] + [[1, 2, 3, 4, 11], [11, 11]]
    expected = naive(training, vocab_size, order)
    found = KneserNey(training, vocab_size, END, order).probabilities(test)
    for document, p in zip(test, found, strict=True):
        marked = (END, *document, END)
        assert p == pytest.approx([expected(marked[i], marked[:i]) for i in range(1, len(marked))], rel=1e-12)


def test_each_context_sums_to_one():
    """Interpolation gives away exactly what the discounts free, for seen and unseen contexts alike."""
    rng = np.random.default_rng(3)
    training = [rng.integers(1, 6, 30).tolist() for _ in range(8)]
    model = KneserNey(training, vocab_size=8, end=END, order=4)
    for history in ([], [1], [1, 2], [1, 2, 3], [7, 7, 7], [5, 7, 2]):
        p = [model.probabilities([[*history, token]])[0][len(history)] for token in range(1, 8)]
        p.append(model.probabilities([history])[0][-1])
        assert sum(p) == pytest.approx(1.0, abs=1e-12)
