"""The two ways of cutting a word that do not merge: WordPiece's longest match and Unigram's best score.

WordPiece takes, from the left, the longest beginning that stands in the vocabulary, then goes on behind it. Unigram gives
every piece of the vocabulary a score (the logarithm of how probable the piece was in the training text) and takes the
segmentation whose scores have the greatest sum.

Sources: M. Schuster, K. Nakajima, "Japanese and Korean Voice Search", ICASSP 2012, with the greedy longest match of BERT (Devlin et
al. 2019); T. Kudo, "Subword Regularization", ACL 2018 (the unigram language model).
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass

UNKNOWN_PENALTY = 10.0  # the tokenizers library scores an unknown character 10 below the worst piece


@dataclass(frozen=True, slots=True)
class Match:
    """One greedy step: from character `start`, the candidates that were tried, longest first, and the one found ("" = none),
    which ends before character `end`."""

    start: int
    end: int
    tried: tuple[str, ...]
    token: str


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way of cutting: the pieces, the score of each (natural logarithm of its probability) and their sum."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.scores)


def longest_matches(
    word: str, lookup: Callable[[str], int | None], prefix: str = "##", limit: int = 100
) -> list[Match]:
    """The greedy steps through `word`; pieces behind the first carry `prefix`. A last match without a token means that
    nothing fits there, and the whole word becomes the unknown token. Words longer than `limit` are not tried at all.

    >>> vocabulary = {"un": 0, "##aff": 1, "##able": 2, "##a": 3}
    >>> [match.token for match in longest_matches("unaffable", vocabulary.get)]
    ['un', '##aff', '##able']
    """
    if len(word) > limit:
        return [Match(0, 0, (), "")]
    matches: list[Match] = []
    start = 0
    while start < len(word):
        mark = prefix if start else ""
        tried: list[str] = []
        found = ""
        for end in range(len(word), start, -1):
            tried.append(mark + word[start:end])
            if lookup(tried[-1]) is not None:
                found = tried[-1]
                break
        end = start + len(found) - len(mark) if found else start
        matches.append(Match(start, end, tuple(tried), found))
        if not found:
            break
        start = end
    return matches


def best_segmentations(
    text: str, scores: Mapping[str, float], unknown: int | None = None, n: int = 3
) -> list[Segmentation]:
    """The `n` segmentations with the greatest sum of scores, best first, by dynamic programming from the left.

    A character without a piece of its own counts as unknown, 10 below the worst score, where the vocabulary has an unknown
    token (`unknown` is its id); without one, text that no pieces cover gives an empty list.

    >>> scores = {"a": -3.0, "b": -3.0, "ab": -4.0, "c": -2.0, "bc": -5.5}
    >>> [(s.pieces, s.total) for s in best_segmentations("abc", scores, n=2)]
    [(('ab', 'c'), -6.0), (('a', 'b', 'c'), -8.0)]
    """
    longest = max(map(len, scores), default=1)
    worst = min(scores.values(), default=0.0) - UNKNOWN_PENALTY
    best: list[list[Segmentation]] = [[Segmentation((), ())]]  # best[end]: the n best ways to cut text[:end]
    for end in range(1, len(text) + 1):
        ways: list[Segmentation] = []
        for start in range(max(0, end - longest), end):
            piece = text[start:end]
            score = scores.get(piece)
            if score is None and end - start == 1 and unknown is not None:
                score = worst
            if score is not None:
                ways += [Segmentation((*way.pieces, piece), (*way.scores, score)) for way in best[start]]
        best.append(heapq.nlargest(n, ways, key=lambda way: way.total))
    return best[-1]
