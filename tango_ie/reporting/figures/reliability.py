"""Figure: how often predictions of a confidence are right."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from tango_ie.metrics.calibration import Bin, Calibration
from tango_ie.reporting.figures.key import panels, swatch
from tango_ie.reporting.figures.panel import SMALL_FONT_SIZE, Panel
from tango_ie.reporting.figures.scale import Scale
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.strokes import boxes, line, marks
from tango_ie.reporting.figures.theme import LINE, SOFT, Look, look

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

    from tango_ie.reporting.report import Report
    from tango_ie.reporting.variant import Variant

_TITLE = "Reliability of confidences"
_FEW = 20  # predictions; the share of right ones among fewer says little
_WIDTH, _HEIGHT = 170.0, 170.0
_BARS = 0.24  # of the height, below the curve
_GAP = 0.05


def reliability(report: Report) -> FigureSection | None:
    """``None`` where no run has a calibration with predictions in it."""
    found = [
        (variant, look(place), calibration)
        for place, variant in enumerate(report.variants)
        if (calibration := pooled(variant)) is not None
    ]
    if not found:
        return None
    pictures = [
        (_panel(place, variant.name, its_look, calibration), swatch(its_look) + variant.name)
        for place, (variant, its_look, calibration) in enumerate(found)
    ]
    caption = (
        "Share of right predictions over their confidence; on the dashed line a confidence says "
        "how often it is right, below it the model is too sure of itself. The bars show how the "
        f"predictions spread, all seeds together. Hollow: fewer than {_FEW} predictions."
    )
    rows = [
        [
            variant.name,
            f"{group.low:.2f} to {group.high:.2f}",
            f"{group.number:,}",
            f"{100 * group.confidence:.1f}",
            f"{100 * group.accuracy:.1f}",
        ]
        for variant, _, calibration in found
        for group in calibration.bins
    ]
    header = ["variant", "confidences", "predictions", "mean confidence, %", "right, %"]
    return FigureSection(_TITLE, panels(pictures, small=True), caption, (header, rows))


def pooled(variant: Variant) -> Calibration | None:
    """All predictions of a variant's runs in common bins.

    Bins of equal mass cannot be added; their curve is that of the first run.
    """
    found = [run.calibration for run in variant.runs if run.calibration and run.calibration.bins]
    if not found:
        return None
    return reduce(lambda one, other: one.merge(other) or one, found)


def _panel(place: int, name: str, its_look: Look, calibration: Calibration) -> Markup:
    bottom = -_GAP - _BARS
    most = max(group.number for group in calibration.bins)

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (3, 3)))
        axes.plot([0, 1], [bottom, bottom], color=SOFT, linewidth=1)
        bars = []
        for group in calibration.bins:
            left, right = _edges(group, calibration)
            bars.append((left, bottom, right, bottom + _BARS * group.number / most))
        boxes(axes, bars, facecolor=its_look.colour, linewidth=0, alpha=0.45)
        xs = [group.confidence for group in calibration.bins]
        ys = [group.accuracy for group in calibration.bins]
        line(axes, xs, ys, Look(its_look.colour, (), its_look.shape), linewidth=1.8)
        for hollow in (False, True):
            chosen = [group for group in calibration.bins if (group.number < _FEW) == hollow]
            marks(
                axes,
                [group.confidence for group in chosen],
                [group.accuracy for group in chosen],
                its_look,
                6.5,
                hollow,
            )
        axes.plot([0, 0], [0, 1], color=LINE, linewidth=1, zorder=0)

    ticks = tuple((share / 100, str(share)) for share in (0, 50, 100))
    return Panel(
        f"reliability-{place}",
        f"{name}: share of right predictions over their confidence",
        _spoken(name, calibration),
        Scale(0.0, 1.0, ticks),
        Scale(bottom, 1.0, ticks),
        "confidence, %",
        "right, %",
        width=_WIDTH,
        height=_HEIGHT,
        font_size=SMALL_FONT_SIZE,
    ).draw(draw)


def _edges(group: Bin, calibration: Calibration) -> tuple[float, float]:
    """Of the bar of a bin; at least as wide as can be seen."""
    if calibration.binning == "equal width":
        number = calibration.num_bins
        place = min(int(group.low * number + 1e-9), number - 1)
        return (place + 0.06) / number, (place + 0.94) / number
    return group.low, max(group.high, group.low + 0.01)


def _spoken(name: str, calibration: Calibration) -> str:
    sure = "too sure" if calibration.confidence > calibration.accuracy else "not sure enough"
    return (
        f"{name} is {sure} of itself: over {calibration.number:,} predictions the mean confidence "
        f"is {100 * calibration.confidence:.1f} percent, and {100 * calibration.accuracy:.1f} "
        f"percent are right; the expected calibration error is {100 * calibration.error:.1f}."
    )
