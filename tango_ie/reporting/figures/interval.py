"""Intervals over seeds: how far an axis goes for their sake, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tango_ie.metrics.significance import SeedInterval
from tango_ie.reporting.figures.scale import Scale, linear_scale
from tango_ie.reporting.figures.theme import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INTERVAL_NOTE = " Intervals that reach beyond the picture are cut at its edge."
_LIMITS = (0.0, 100.0)
_MOST_BEYOND = 0.75  # of the range of the scores themselves


def scale_of_intervals(
    intervals: Sequence[SeedInterval], scores: Sequence[float], most: int = 5
) -> tuple[Scale, bool]:
    """An axis for scores in percent, and whether it cuts an interval.

    Two seeds give intervals so wide that nothing else would be seen, so these do not decide how
    far an axis goes.
    """
    low, high = min(scores), max(scores)
    beyond = _MOST_BEYOND * (high - low) or 1.0
    lows = [item.low for item in intervals if item.low is not None]
    highs = [item.high for item in intervals if item.high is not None]
    wanted = [max(min([low, *lows]), low - beyond), min(max([high, *highs]), high + beyond)]
    scale = linear_scale(wanted, most, limits=_LIMITS)
    cut = any(item < scale.low for item in lows) or any(item > scale.high for item in highs)
    return scale, cut


def ends(interval: SeedInterval, scale: Scale) -> tuple[float, float] | None:
    """What of an interval lies on an axis; ``None`` for one seed."""
    if interval.low is None or interval.high is None:
        return None
    return max(interval.low, scale.low), min(interval.high, scale.high)


def bar(
    axes: Axes, place: float, interval: SeedInterval, look: Look, scale: Scale, across: bool = False
) -> None:
    """An interval as a line; ``across`` for scores that run from left to right."""
    found = ends(interval, scale)
    if found is None:
        return
    along, fixed = list(found), [place, place]
    xs, ys = (along, fixed) if across else (fixed, along)
    axes.plot(xs, ys, color=look.colour, linewidth=1.6, solid_capstyle="round", alpha=0.8)
