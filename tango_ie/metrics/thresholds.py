"""The confidence below which predictions are better dropped, found on the dev split."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.diagnosis import Item
from tango_ie.metrics.scored_items import ScoredItems


@dataclass(frozen=True)
class Thresholds:
    """Predictions are kept whose confidence is at least the threshold of their label.

    Args:
        overall: for labels that have none of their own; 0.0 keeps everything, and what is greater
            than 1.0 nothing.
        per_label: thresholds of labels.
        before: counts on the dev split without a threshold.
        after: counts on the dev split with these.

    >>> from tango_ie.data.annotations import Entity
    >>> sure, unsure = Entity("PER", 0, 1, score=0.9), Entity("PER", 2, 3, score=0.2)
    >>> [entity.start for entity in Thresholds(0.5).keep([sure, unsure])]
    [0]
    """

    overall: float = 0.0
    per_label: Mapping[str, float] = field(default_factory=dict)
    before: Counts = field(default_factory=Counts)
    after: Counts = field(default_factory=Counts)

    def keep(self, items: Iterable[Item]) -> list[Item]:
        """The items that are confident enough, in their order; those without a score stay."""
        return [item for item in items if self.keeps(item.label, item.score)]

    def keeps(self, label: str, score: float | None) -> bool:
        """Whether an item of this label and confidence is kept."""
        return score is None or score >= self.per_label.get(label, self.overall)

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        counts = {
            key: [found.tp, found.fp, found.fn]
            for key, found in (("before", self.before), ("after", self.after))
        }
        return {"overall": self.overall, "per_label": dict(self.per_label), **counts}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Thresholds:
        """The inverse of :meth:`to_json`."""
        before, after = Counts(*value["before"]), Counts(*value["after"])
        return cls(float(value["overall"]), dict(value["per_label"]), before, after)


def best_threshold(items: ScoredItems) -> Thresholds:
    """The one threshold with the highest micro F1; of equally good ones the lowest.

    It lies half-way between the confidences that it parts, and is 0.0 where nothing is dropped.

    Raises:
        DataError: predictions without a confidence.

    >>> columns = np.array([0.9, 0.6, 0.2]), np.array([True, True, False]), np.zeros(3, np.int64)
    >>> best_threshold(ScoredItems(*columns, ("PER",), np.array([2]))).overall
    0.4
    """
    _check(items)
    curve = _Curve(items.scores, items.correct)
    num_gold = int(items.num_gold.sum())
    # Division rounds equal fractions to equal floats, so that ties are seen.
    wholes = np.maximum(curve.kept + num_gold, 1)  # (K,)
    place = _last_best(2 * curve.right / wholes)
    return Thresholds(
        curve.threshold(place),
        {},
        _counts([curve], [-1], num_gold),
        _counts([curve], [place], num_gold),
    )


def best_thresholds_per_label(items: ScoredItems) -> Thresholds:
    """One threshold for each label, so that together they have the highest micro F1.

    That is not each label's own best F1. We look for the highest ratio 2 tp / (kept + gold), which
    for a given ratio to beat falls apart into one search per label (Dinkelbach 1967); a few rounds
    find the best of all combinations. Labels with few predictions on dev are fitted closely, so
    that the gain on dev says little of that on other data. Labels that were not predicted get no
    threshold of their own; ``overall`` is 0.0.

    Raises:
        DataError: predictions without a confidence.
    """
    _check(items)
    num_gold = int(items.num_gold.sum())
    label_ids = np.unique(items.label_ids).tolist()
    chosen = [items.label_ids == label for label in label_ids]
    curves = [_Curve(items.scores[mask], items.correct[mask]) for mask in chosen]
    places = [-1] * len(curves)  # everything is kept
    before = after = _counts(curves, places, num_gold)
    while True:
        # In whole numbers, so that it is sure to end.
        above, below = 2 * after.tp, max(after.predicted + after.gold, 1)
        moved = [_last_best(2 * below * curve.right - above * curve.kept) for curve in curves]
        found = _counts(curves, moved, num_gold)
        if 2 * found.tp * below <= above * max(found.predicted + found.gold, 1):
            break
        places, after = moved, found
    thresholds = {
        items.labels[label]: curve.threshold(place)
        for label, curve, place in zip(label_ids, curves, places, strict=True)
    }
    return Thresholds(0.0, thresholds, before, after)


class _Curve:
    """What is kept, and right, for each threshold: nothing first, everything last.

    Shapes:
        scores (K - 1,) descending, without repetition; kept (K,) int; right (K,) int
    """

    def __init__(self, scores: NDArray[np.float64], correct: NDArray[np.bool_]) -> None:
        order = np.argsort(-scores, kind="stable")  # (N,)
        ordered = scores[order]  # (N,)
        last_of_its_score = np.append(ordered[1:] != ordered[:-1], True)[: len(ordered)]  # (N,)
        ends = np.flatnonzero(last_of_its_score)  # (K - 1,)
        self.scores = ordered[ends]
        self.kept = np.append(0, ends + 1)
        self.right = np.append(0, np.cumsum(correct[order], dtype=np.int64)[ends])

    def threshold(self, place: int) -> float:
        """The threshold that keeps what is kept at this place."""
        place %= len(self.kept)
        if place == len(self.scores):
            return 0.0
        lowest_kept = math.nextafter(1, 2) if place == 0 else float(self.scores[place - 1])
        highest_dropped = float(self.scores[place])
        middle = (lowest_kept + highest_dropped) / 2
        # Between neighbouring floats there is no middle.
        return middle if middle > highest_dropped else lowest_kept


def _last_best(values: NDArray[Any]) -> int:
    return len(values) - 1 - int(np.argmax(values[::-1]))


def _counts(curves: list[_Curve], places: list[int], num_gold: int) -> Counts:
    right = sum(int(curve.right[place]) for curve, place in zip(curves, places, strict=True))
    kept = sum(int(curve.kept[place]) for curve, place in zip(curves, places, strict=True))
    return Counts(right, kept - right, num_gold - right)


def _check(items: ScoredItems) -> None:
    if items.num_unscored:
        raise DataError(
            f"{items.num_unscored} predictions have no confidence, which a threshold needs; use a "
            "model that gives one"
        )
