"""Choosing among spans that were found: the most probable first.

Legend: N spans, B sentences, T words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tango_ie.modules.queries.settings import Overlaps

Ints = NDArray[np.int64]


def without_conflicts(
    rows: Ints, starts: Ints, lasts: Ints, scores: NDArray[np.float32], overlaps: Overlaps
) -> NDArray[np.bool_]:
    """Which spans stay when the best comes first, and what is in conflict with it goes.

    The same as going through the spans one by one, but in rounds: in each, those stay that no
    better one is in conflict with, and what is in conflict with them goes. A round looks up the
    best of all spans that a span may be in conflict with in tables of (sentence, start, last word),
    so that its time does not grow with the number of pairs.

    Args:
        rows: sentence of each span.
        starts: its first word.
        lasts: its last one.
        scores: the higher, the better; ties: the earlier in the arrays.
        overlaps: ``drop``: two spans that share a word are in conflict; ``drop_crossing``: two of
            which neither contains the other, but which share a word; ``keep``: none are.

    Shapes:
        all (N,); returns (N,) bool

    >>> two = np.array([0, 0]), np.array([0, 1]), np.array([2, 3]), np.array([0.6, 0.9])
    >>> without_conflicts(*two, "drop_crossing").tolist()
    [False, True]
    """
    kept = np.ones(len(rows), np.bool_)
    if overlaps == "keep" or len(rows) < 2:
        return kept
    kept[:] = False
    best_rival = _best_overlapping if overlaps == "drop" else _best_crossing
    ranks = np.empty(len(rows), np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(rows))
    shape = (int(rows.max()) + 1, int(lasts.max()) + 1)
    left = np.arange(len(rows))  # spans that are not decided upon
    while len(left):
        spans = rows[left], starts[left], lasts[left]
        wins = best_rival(_table(spans, ranks[left], shape), *spans) >= ranks[left]
        kept[left[wins]] = True
        winners = _table(tuple(column[wins] for column in spans), ranks[left[wins]], shape)
        lost = best_rival(winners, *spans) < len(ranks)
        # Of spans in the same place, under `drop`, only one wins.
        left = left[~wins & ~lost]
    return kept


def _table(spans: tuple[Ints, ...], ranks: Ints, shape: tuple[int, int]) -> Ints:
    """The best rank at each (sentence, start, last word), (B, T, T)."""
    table = np.full((shape[0], shape[1], shape[1]), np.iinfo(np.int64).max)
    np.minimum.at(table, spans, ranks)
    return table


def _best_overlapping(table: Ints, rows: Ints, starts: Ints, lasts: Ints) -> Ints:
    """The best rank of a span that shares a word with each span, itself included, (N,)."""
    # Spans that begin no later than the last word, and end no earlier than the first.
    ending = np.minimum.accumulate(table[:, :, ::-1], axis=2)[:, :, ::-1]
    return np.minimum.accumulate(ending, axis=1)[rows, lasts, starts]


def _best_crossing(table: Ints, rows: Ints, starts: Ints, lasts: Ints) -> Ints:
    """The best rank of a span that crosses each span, (N,)."""
    none = np.iinfo(np.int64).max
    size = table.shape[1]
    places = np.arange(size)
    # Those that begin earlier and end inside, but before the last word: over starts < s, then over
    # last words from s on.
    earlier = np.full_like(table, none)
    np.minimum.accumulate(table[:, :-1], axis=1, out=earlier[:, 1:])
    earlier[:, places[:, np.newaxis] > places] = none  # last words before s
    earlier = np.minimum.accumulate(earlier, axis=2)
    # Those that begin inside, behind the first word, and end later.
    later = np.full_like(table, none)
    later[:, :, :-1] = np.minimum.accumulate(table[:, :, ::-1], axis=2)[:, :, ::-1][:, :, 1:]
    later[:, places[:, np.newaxis] > places] = none  # starts behind the last word
    later = np.minimum.accumulate(later[:, ::-1], axis=1)[:, ::-1]
    wide = lasts > starts
    left = earlier[rows, starts, np.maximum(lasts - 1, 0)]
    right = later[rows, np.minimum(starts + 1, size - 1), lasts]
    return np.where(wide, np.minimum(left, right), none)
