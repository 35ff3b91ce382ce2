"""Choosing among spans that overlap.

Legend: N spans, C words of spans, W words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_disjoint(
    starts: NDArray[np.int64], ends: NDArray[np.int64], scores: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Which spans stay when the best comes first and takes its words; ties: the first of them.

    The same as going through the spans one by one, but in rounds: in each, all spans stay that are
    the best at each of their words, and what overlaps with them goes.

    Args:
        starts: of non-empty spans, counted so that those of different sentences have no word in
            common.
        ends: behind their last words.
        scores: the higher, the better.

    Shapes:
        starts, ends, scores (N,); returns (N,) bool

    >>> best_disjoint(np.array([0, 1, 2]), np.array([2, 3, 4]), np.array([0.7, 0.8, 0.9])).tolist()
    [True, False, True]
    """
    kept = np.zeros(len(starts), np.bool_)
    rank = np.empty(len(starts), np.int64)
    rank[np.argsort(-scores, kind="stable")] = np.arange(len(starts))
    left = np.arange(len(starts))  # spans that are not decided upon
    while len(left):
        sizes = ends[left] - starts[left]
        firsts = sizes.cumsum() - sizes  # of each span, among all their words
        words = np.arange(sizes.sum()) + np.repeat(starts[left] - firsts, sizes)  # (C,)
        best = np.full(words.max() + 1, len(starts))  # (W,) lowest rank of a span at the word
        np.minimum.at(best, words, np.repeat(rank[left], sizes))
        wins = np.minimum.reduceat(best[words], firsts) == rank[left]
        kept[left[wins]] = True
        taken = np.zeros(len(best), np.bool_)
        taken[words[np.repeat(wins, sizes)]] = True
        left = left[~np.logical_or.reduceat(taken[words], firsts)]
    return kept
