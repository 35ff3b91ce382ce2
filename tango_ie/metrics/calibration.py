"""Are predictions with a confidence of 0.8 right in 80 % of the cases?

Source: Guo et al. (2017) for the expected calibration error over bins of equal width; bins of equal
mass as in Nguyen and O'Connor (2015). Only predicted items are asked about: what is missed has no
confidence.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import ConfigurationError, DataError

Binning = Literal["equal width", "equal mass"]


@dataclass(frozen=True)
class Bin:
    """Predictions of similar confidence.

    Args:
        low, high: the smallest and the greatest confidence in it.
        confidence: their mean.
        accuracy: share of them that are right.
        number: of predictions.
    """

    low: float
    high: float
    confidence: float
    accuracy: float
    number: int


@dataclass(frozen=True)
class Calibration:
    """A reliability curve and its distance from the diagonal.

    Args:
        binning: how confidences were put into bins.
        bins: those that are not empty, ascending: the points of the curve.
        num_unscored: predictions without a confidence, which are left out.
        num_bins: how many bins there are, empty ones included; at most, where they have equal mass.
    """

    binning: Binning
    bins: tuple[Bin, ...]
    num_unscored: int = 0
    num_bins: int = 10

    @property
    def number(self) -> int:
        """How many predictions there are."""
        return sum(group.number for group in self.bins)

    @property
    def error(self) -> float:
        """Expected calibration error in [0, 1]: mean distance of a bin's confidence and accuracy.

        0.0 where there are no predictions.
        """
        return _mean(
            [(abs(group.confidence - group.accuracy), group.number) for group in self.bins]
        )

    @property
    def largest_error(self) -> float:
        """The greatest of these distances; 0.0 where there are no predictions."""
        return max((abs(group.confidence - group.accuracy) for group in self.bins), default=0.0)

    @property
    def confidence(self) -> float:
        """Mean confidence of all predictions; 0.0 where there are none."""
        return _mean([(group.confidence, group.number) for group in self.bins])

    @property
    def accuracy(self) -> float:
        """Share of all predictions that are right; 0.0 where there are none."""
        return _mean([(group.accuracy, group.number) for group in self.bins])

    @property
    def rule(self) -> str:
        """What a table prints below itself."""
        return (
            "expected calibration error: mean distance between confidence and share of right "
            f"predictions, by the strict rule, over bins of {self.binning}, weighted by their size"
        )

    def merge(self, other: Calibration) -> Calibration | None:
        """That of both sets of predictions; ``None`` where their bins are not the same.

        Bins of equal width add up. Those of equal mass depend on all predictions at once.
        """
        if (self.binning, self.num_bins) != (other.binning, other.num_bins):
            return None
        if self.binning != "equal width":
            return None
        merged: dict[int, Bin] = {}
        for group in (*self.bins, *other.bins):
            place = bisect_right(_edges(self.num_bins), group.low)
            merged[place] = _joined(merged[place], group) if place in merged else group
        bins = tuple(merged[place] for place in sorted(merged))
        return Calibration(
            self.binning, bins, self.num_unscored + other.num_unscored, self.num_bins
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "binning": self.binning,
            "num_bins": self.num_bins,
            "error": self.error,
            "bins": [vars(group) for group in self.bins],
            "num_unscored": self.num_unscored,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Calibration:
        """The inverse of :meth:`to_json`."""
        bins = tuple(Bin(**group) for group in value["bins"])
        return cls(value["binning"], bins, int(value["num_unscored"]), int(value["num_bins"]))


def calibrate(
    scores: NDArray[np.float64],
    correct: NDArray[np.bool_],
    bins: int = 10,
    binning: Binning = "equal width",
    num_unscored: int = 0,
) -> Calibration:
    """Put predictions into bins by their confidence.

    Bins of equal width are [0, 1/B), [1/B, 2/B) and so on, the last with 1.0. Bins of equal mass
    have about N/B predictions each; equal confidences are never torn apart, so that the order of
    predictions does not matter, and there may be fewer bins than asked for.

    Args:
        scores: confidences in [0, 1].
        correct: whether each prediction is right.
        bins: B, how many bins at most.
        binning: their kind.
        num_unscored: predictions that had no confidence, for the record.

    Shapes:
        scores (N,), correct (N,)

    Raises:
        ConfigurationError: less than one bin, or no such kind.
        DataError: a confidence outside [0, 1], or columns of different lengths.

    >>> found = calibrate(np.array([0.9, 0.9, 0.3]), np.array([True, False, False]))
    >>> round(found.error, 4), [group.number for group in found.bins]
    (0.3667, [1, 2])
    """
    if bins < 1:
        raise ConfigurationError(f"expected at least one bin, found {bins}", "bins")
    if binning not in get_args(Binning):
        raise ConfigurationError(
            f"expected one of {', '.join(get_args(Binning))}, found {binning!r}", "binning"
        )
    if scores.shape != correct.shape:
        raise DataError(f"{len(scores)} confidences for {len(correct)} predictions")
    if not ((scores >= 0) & (scores <= 1)).all():
        raise DataError("a confidence must lie in [0, 1]; make probabilities of scores first")
    order = np.argsort(scores, kind="stable")  # (N,)
    ordered, right = scores[order], correct[order]
    if binning == "equal width":
        places = np.searchsorted(_edges(bins), ordered, side="right")  # (N,)
    else:
        before = np.searchsorted(ordered, ordered, side="left")  # (N,): how many are smaller
        places = before * bins // max(len(ordered), 1)
    _, firsts = np.unique(places, return_index=True)
    cuts = zip(firsts.tolist(), [*firsts[1:].tolist(), len(ordered)], strict=True)
    found = tuple(
        Bin(
            float(ordered[first]),
            float(ordered[end - 1]),
            float(ordered[first:end].mean()),
            float(right[first:end].mean()),
            end - first,
        )
        for first, end in (cuts if len(ordered) else ())
    )
    return Calibration(binning, found, num_unscored, bins)


def _edges(bins: int) -> list[float]:
    """Between bins of equal width."""
    return [place / bins for place in range(1, bins)]


def _joined(one: Bin, other: Bin) -> Bin:
    number = one.number + other.number
    confidence = (one.confidence * one.number + other.confidence * other.number) / number
    # Whole numbers, so that nothing is lost over many parts.
    right = round(one.accuracy * one.number) + round(other.accuracy * other.number)
    return Bin(
        min(one.low, other.low), max(one.high, other.high), confidence, right / number, number
    )


def _mean(parts: list[tuple[float, int]]) -> float:
    number = sum(weight for _, weight in parts)
    return sum(value * weight for value, weight in parts) / number if number else 0.0
