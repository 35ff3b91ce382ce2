"""Curves over the epochs of trainings: read, thinned, averaged, cut."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Run

MOST_POINTS = 48


@dataclass(frozen=True)
class Curve:
    """A value after each epoch, as far as it is known.

    Args:
        epochs: ascending.
        values: of the same length.
    """

    epochs: tuple[int, ...]
    values: tuple[float, ...]

    def at(self, epoch: int | None) -> float | None:
        """The value after an epoch; ``None`` where there is none."""
        return dict(zip(self.epochs, self.values, strict=True)).get(epoch or 0)

    def thinned(self, most: int = MOST_POINTS, also: Collection[int] = ()) -> Curve:
        """The same with few points, evenly spread, the first and the last among them.

        Args:
            most: points.
            also: epochs that stay, whatever their number.

        >>> Curve(tuple(range(1, 8)), tuple("abcdefg")).thinned(4).values
        ('a', 'c', 'e', 'g')
        """
        if len(self.epochs) <= most:
            return self
        last = len(self.epochs) - 1
        spread = {round(place * last / (most - 1)) for place in range(most)}
        kept = sorted(spread | {at for at, epoch in enumerate(self.epochs) if epoch in also})
        return Curve(
            tuple(self.epochs[place] for place in kept), tuple(self.values[place] for place in kept)
        )

    def above(self, low: float) -> tuple[list[float], list[float]]:
        """The parts that are not below ``low``, with gaps of NaN between them.

        >>> Curve((1, 2, 3), (0.0, 2.0, 4.0)).above(1.0)
        ([1.5, 2, 3], [1.0, 2.0, 4.0])
        """
        xs: list[float] = []
        ys: list[float] = []
        previous: tuple[float, float] | None = None
        for x, y in zip(self.epochs, self.values, strict=True):
            if previous is not None and (previous[1] < low) != (y < low):
                share = (low - previous[1]) / (y - previous[1])
                xs.append(previous[0] + share * (x - previous[0]))
                ys.append(low)
            if y >= low:
                xs.append(x)
                ys.append(y)
            elif ys and not math.isnan(ys[-1]):
                xs.append(math.nan)
                ys.append(math.nan)
            previous = (x, y)
        return xs, ys


@dataclass(frozen=True)
class History:
    """What a run's training left.

    Args:
        metric: the dev score, such as ``entities_f1``; ``None`` where nothing was measured.
        score: of the dev split; ``None`` as for ``metric``.
        loss: of training.
        kept: the epoch that the model is from.
    """

    metric: str | None
    score: Curve | None
    loss: Curve | None
    kept: int


def history_of(run: Run) -> History | None:
    """The history of a run; ``None`` where its predictions did not bring it along."""
    found = run.info.get("history")
    if not isinstance(found, Mapping) or not found.get("epochs"):
        return None
    metric = found.get("metric")
    kept = run.archive.get("best_epoch") or max(found["epochs"])
    return History(metric, _curve(found, "score"), _curve(found, "loss"), int(kept))


def mean(curves: Sequence[Curve]) -> Curve:
    """The mean of curves, over the epochs that all of them have."""
    common = sorted(set.intersection(*(set(curve.epochs) for curve in curves)))
    values = [[curve.at(epoch) or 0.0 for curve in curves] for epoch in common]
    return Curve(tuple(common), tuple(math.fsum(row) / len(row) for row in values))


def joined(curves: Sequence[tuple[list[float], list[float]]]) -> tuple[list[float], list[float]]:
    """Several lines as one that is drawn at once, with gaps."""
    xs: list[float] = []
    ys: list[float] = []
    for more_xs, more_ys in curves:
        xs += [*more_xs, math.nan]
        ys += [*more_ys, math.nan]
    return xs, ys


def _curve(found: Mapping[str, Any], name: str) -> Curve | None:
    """What is no number, as after a detour through strict JSON, is left out."""
    pairs = [
        (int(epoch), float(value))
        for epoch, value in zip(found["epochs"], found.get(name) or (), strict=False)
        if value is not None and math.isfinite(value)
    ]
    if not pairs:
        return None
    return Curve(tuple(epoch for epoch, _ in pairs), tuple(value for _, value in pairs))
