"""Figure: F1 of each label, for all variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.reporting.figures.interval import INTERVAL_NOTE, bar, scale_of_intervals
from tango_ie.reporting.figures.key import key, panels
from tango_ie.reporting.figures.panel import FONT_SIZE, Panel
from tango_ie.reporting.figures.scale import Scale, text_width
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.strokes import marks
from tango_ie.reporting.figures.theme import LINE, look
from tango_ie.reporting.shortened import shortened

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

    from tango_ie.reporting.report import Report
    from tango_ie.reporting.variant import Variant

_FEWEST_LABELS, _MOST_LABELS = 3, 20
_MOST_VARIANTS = 6
_ROWS = 10  # labels in a panel
_LINE = 11.0  # pixels for a variant
_BETWEEN = 12.0  # pixels between labels
_LONGEST = 16


def label_scores(report: Report) -> FigureSection | None:
    """``None`` for less than three labels, and where the variants are too many to tell apart.

    The numbers are in the page's table of labels already.
    """
    gold = {label: number for label, number in report.gold_per_label.items() if number}
    labels = sorted(gold, key=lambda label: -gold[label])[:_MOST_LABELS]
    variants = report.variants
    if len(labels) < _FEWEST_LABELS or not 1 < len(variants) <= _MOST_VARIANTS:
        return None
    confidence = report.confidence
    found = {
        label: [_interval(variant, label, confidence) for variant in variants] for label in labels
    }
    scores = [score for label in labels for item in variants for score in _scores(item, label)]
    scale, cut = scale_of_intervals([item for row in found.values() for item in row], scores)
    parts = [labels[first : first + _ROWS] for first in range(0, len(labels), _ROWS)]
    pictures = [
        (_panel(report, place, {label: found[label] for label in part}, scale), "")
        for place, part in enumerate(parts)
    ]
    caption = (
        f"Means over seeds with {100 * confidence:g} % intervals; frequent labels stand above."
    )
    if len(labels) < len(gold):
        caption += f" The {len(labels)} most frequent of {len(gold)} labels."
    caption += INTERVAL_NOTE if cut else ""
    names_of = ((look(place), variant.name) for place, variant in enumerate(variants))
    return FigureSection("Labels compared", panels(pictures) + key(names_of), caption)


def _panel(
    report: Report, place: int, found: Mapping[str, Sequence[SeedInterval]], scale: Scale
) -> Markup:
    num = len(report.variants)
    step = _LINE / (_LINE * num + _BETWEEN)
    names = [str(shortened(label, _LONGEST)) for label in found]
    ticks = tuple((float(at), text) for at, text in enumerate(names))

    def draw(axes: Axes) -> None:
        for at in range(1, len(found)):
            axes.axhline(at - 0.5, color=LINE, linewidth=1)
        for number in range(num):
            its_look = look(number)
            ys = [at + step * (number - (num - 1) / 2) for at in range(len(found))]
            intervals = [row[number] for row in found.values()]
            for y, interval in zip(ys, intervals, strict=True):
                bar(axes, y, interval, its_look, scale, across=True)
            marks(axes, [item.mean for item in intervals], ys, its_look, 7)

    return Panel(
        f"labels-{place}",
        "F1 of each label",
        _spoken(report, found),
        scale,
        Scale(len(found) - 0.5, -0.5, ticks),
        "F1, %",
        left=max(text_width(name, FONT_SIZE) for name in names) + 10,
        height=(_LINE * num + _BETWEEN) * len(found),
        grid="x",
    ).draw(draw)


def _scores(variant: Variant, label: str) -> list[float]:
    return [
        100 * run.per_label[label].f1 if label in run.per_label else 0.0 for run in variant.runs
    ]


def _interval(variant: Variant, label: str, confidence: float) -> SeedInterval:
    return seed_interval(_scores(variant, label), confidence)


def _spoken(report: Report, found: Mapping[str, Sequence[SeedInterval]]) -> str:
    parts = []
    for label, intervals in found.items():
        means = [item.mean for item in intervals]
        best = report.variants[means.index(max(means))].name
        parts.append(
            f"{label}: {best} is highest with {max(means):.2f}, the lowest is {min(means):.2f}"
        )
    return "; ".join(parts) + "."
