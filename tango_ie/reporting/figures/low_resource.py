"""Figure: the score over the number of sentences that models were trained on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.reporting import wording
from tango_ie.reporting.figures.arms import Arm, arms
from tango_ie.reporting.figures.interval import INTERVAL_NOTE, ends, scale_of_intervals
from tango_ie.reporting.figures.key import key, panels
from tango_ie.reporting.figures.panel import Panel
from tango_ie.reporting.figures.scale import Scale, log_scale
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.strokes import line, marks
from tango_ie.reporting.figures.theme import Look, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tango_ie.reporting.report import Report

_TITLE = "F1 over the size of the training data"


def low_resource(report: Report) -> FigureSection | None:
    """``None`` where the runs do not say how many sentences they had, or had about as many."""
    found = arms(report.variants)
    if not found:
        return None
    lines = [
        (arm, look(place), _intervals(arm, report.confidence)) for place, arm in enumerate(found)
    ]
    scores = [score for arm in found for size in arm.sizes for _, score in size.runs]
    scale, cut = scale_of_intervals([item for *_, row in lines for item in row], scores)
    across = log_scale([number for arm in found for size in arm.sizes for number, _ in size.runs])

    def draw(axes: Axes) -> None:
        for arm, its_look, intervals in lines:
            _draw_band(axes, arm, intervals, its_look, scale)
        for arm, its_look, _ in lines:
            runs = [run for size in arm.sizes for run in size.runs]
            xs, ys = [math.log10(number) for number, _ in runs], [score for _, score in runs]
            marks(axes, xs, ys, Look(its_look.colour, (), "circle"), 3.5, alpha=0.6)
        for arm, its_look, intervals in lines:
            xs, ys = _places(arm), [item.mean for item in intervals]
            line(axes, xs, ys, its_look)
            marks(axes, xs, ys, its_look, 8)

    picture = Panel(
        "low-resource",
        _TITLE,
        _spoken(lines),
        across,
        scale,
        "sentences in training, logarithmic",
        "F1, %",
    ).draw(draw)
    caption = (
        "Means over seeds; small dots are seeds, each at the number of sentences of its own "
        f"sample, and bands are {100 * report.confidence:g} % intervals over seeds."
    )
    caption += INTERVAL_NOTE if cut else ""
    svg = panels([(picture, "")]) + key((its_look, arm.name) for arm, its_look, _ in lines)
    return FigureSection(_TITLE, svg, caption, _table(lines))


Lines = Sequence[tuple[Arm, Look, Sequence[SeedInterval]]]


def _intervals(arm: Arm, confidence: float) -> list[SeedInterval]:
    return [seed_interval([score for _, score in size.runs], confidence) for size in arm.sizes]


def _places(arm: Arm) -> list[float]:
    return [math.log10(size.sentences) for size in arm.sizes]


def _draw_band(
    axes: Axes, arm: Arm, intervals: Sequence[SeedInterval], its_look: Look, scale: Scale
) -> None:
    known = [
        (place, ends(item, scale)) for place, item in zip(_places(arm), intervals, strict=True)
    ]
    inside = [(place, *found) for place, found in known if found]
    if len(inside) > 1:
        xs, lows, highs = zip(*inside, strict=True)
        axes.fill_between(xs, lows, highs, color=its_look.colour, alpha=0.13, linewidth=0)


def _spoken(lines: Lines) -> str:
    parts = []
    for arm, _, intervals in lines:
        first, last = arm.sizes[0], arm.sizes[-1]
        parts.append(
            f"{arm.name} goes from {intervals[0].mean:.2f} percent with {first.sentences:,.0f} "
            f"sentences to {intervals[-1].mean:.2f} with {last.sentences:,.0f}"
        )
    return "; ".join(parts) + "."


def _table(lines: Lines) -> tuple[list[str], list[list[str]]]:
    header = ["variant", "line", "sentences", "seeds", "F1"]
    rows = []
    for arm, _, _ in lines:
        for size in arm.sizes:
            score = seed_interval([value / 100 for _, value in size.runs])
            sentences = f"{size.sentences:,.0f}"
            rows.append([size.variant, arm.name, sentences, str(score.n), wording.mean_sd(score)])
    return header, rows
