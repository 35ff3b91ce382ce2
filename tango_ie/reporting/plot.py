"""Where the marks of the plot of differences lie, in percent of its width."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tango_ie.metrics.verdict import points
from tango_ie.reporting.wording import span

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Mark:
    """One row: a difference and its interval."""

    name: str
    at: float
    low: float
    high: float
    kind: str  # "higher", "lower" or "open"
    label: str


@dataclass(frozen=True)
class Plot:
    """All rows on one scale; ``zero`` and the places of ``ticks`` are percentages too."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float


def difference_plot(report: Report) -> Plot | None:
    """The differences to the baseline; ``None`` where there is nothing to compare."""
    found = [(item.name, item.difference) for item in report.variants if item.difference]
    if not found:
        return None
    low = min(0.0, *(interval.low for _, interval in found))
    high = max(0.0, *(interval.high for _, interval in found))
    step = _step(high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    last = max(last, first + 1)

    def place(value: float) -> float:
        return round(100 * (value / step - first) / (last - first), 3)

    marks = tuple(
        Mark(
            name,
            place(interval.difference),
            place(interval.low),
            place(interval.high),
            _kind(interval.difference, interval.significant),
            f"{points(interval.difference)} {span(interval)}",
        )
        for name, interval in found
    )
    ticks = tuple((place(tick * step), _tick(tick * step)) for tick in range(first, last + 1))
    return Plot(marks, ticks, place(0.0))


def _step(width: float) -> float:
    """A round distance between ticks that gives three to seven of them."""
    if width <= 0:
        return 0.001
    power = 10.0 ** math.floor(math.log10(width / 4))
    return next(step * power for step in (*_STEPS, 10.0) if step * power >= width / 5)


def _tick(value: float) -> str:
    """A tick in points, without zeros at its end.

    >>> _tick(0.005), _tick(-0.1), _tick(0.0)
    ('+0.5', '−10', '0')
    """
    points = round(100 * value, 4)
    return "0" if points == 0 else f"{points:+g}".replace("-", "−")


def _kind(difference: float, significant: bool) -> str:
    if not significant:
        return "open"
    return "higher" if difference > 0 else "lower"
