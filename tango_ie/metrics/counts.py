"""True and false positives and misses: the state of every metric.

Counts add over sentences, labels and parts of a corpus; ratios are taken last. A ratio whose
denominator is zero is 0.0, as in seqeval with ``zero_division=0``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Ratios(NamedTuple):
    """Precision, recall and F1, each in [0, 1]."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items were found, invented and missed.

    Args:
        tp: predicted and in gold.
        fp: predicted, not in gold.
        fn: in gold, not predicted.

    >>> counts = Counts(tp=3, fp=1, fn=0) + Counts(fn=3)
    >>> counts
    Counts(tp=3, fp=1, fn=3)
    >>> counts.precision, counts.recall, counts.f1
    (0.75, 0.5, 0.6)
    >>> Counts().f1  # nothing to find and nothing found: 0/0 is 0 here
    0.0
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def gold(self) -> int:
        """Number of items in gold."""
        return self.tp + self.fn

    @property
    def predicted(self) -> int:
        """Number of items predicted."""
        return self.tp + self.fp

    @property
    def precision(self) -> float:
        """Share of the predicted items that are in gold; 0.0 where nothing is predicted."""
        return _ratio(self.tp, self.predicted)

    @property
    def recall(self) -> float:
        """Share of the gold items that are predicted; 0.0 where gold is empty."""
        return _ratio(self.tp, self.gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0.0 where both are zero."""
        return _ratio(2 * self.tp, self.predicted + self.gold)

    @property
    def ratios(self) -> Ratios:
        """All three ratios."""
        return Ratios(self.precision, self.recall, self.f1)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum.

    >>> total([Counts(tp=1), Counts(tp=2, fp=1)])
    Counts(tp=3, fp=1, fn=0)
    """
    return sum(counts, Counts())


def macro(counts: Sequence[Counts]) -> Ratios:
    """Unweighted means over labels of precision, recall and F1.

    Labels that occur neither in gold nor in the predictions are left out, as in seqeval. The F1 is
    the mean of the labels' F1, not the F1 of the mean precision and recall.

    >>> macro([Counts(tp=1), Counts(fn=1), Counts()])
    Ratios(precision=0.5, recall=0.5, f1=0.5)
    """
    met = [item.ratios for item in counts if item.gold or item.predicted]
    if not met:
        return Ratios(0.0, 0.0, 0.0)
    return Ratios(*(sum(column) / len(met) for column in zip(*met, strict=True)))


def f1_scores(counts: NDArray[np.floating] | NDArray[np.integer]) -> NDArray[np.float64]:
    """F1 of many counts at once.

    Shapes:
        counts (..., 3): tp, fp, fn
        returns (...,)

    >>> f1_scores(np.array([[3, 1, 3], [0, 0, 0]])).tolist()
    [0.6, 0.0]
    """
    doubled = 2.0 * counts[..., 0]  # (...,)
    whole = doubled + counts[..., 1] + counts[..., 2]  # (...,)
    return np.divide(doubled, whole, out=np.zeros_like(whole), where=whole > 0)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
