"""Figure: the score over a numeric field of the config."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.reporting import wording
from tango_ie.reporting.figures.interval import INTERVAL_NOTE, bar, scale_of_intervals
from tango_ie.reporting.figures.key import panels
from tango_ie.reporting.figures.panel import Panel
from tango_ie.reporting.figures.scale import Scale, text_width
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.strokes import line, marks
from tango_ie.reporting.figures.theme import INK, SOFT, Look, look
from tango_ie.reporting.figures.varied import Varied

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tango_ie.reporting.report import Report

_FEWEST, _MOST = 3, 40
_LOG_RANGE = 10.0
_TINY = 0.001
_ASIDE = 0.018  # of the axis; seeds stand beside their mean
_FONT_SIZE = 12.0
_WIDTH = 300.0


def sweep(report: Report, field: Varied) -> FigureSection | None:
    """``None`` where the field has no numbers, or less than three."""
    if field.numbers is None or not _FEWEST <= len(field.levels) <= _MOST:
        return None
    scores: dict[float, list[float]] = {}
    for number, variant in zip(field.numbers, report.variants, strict=True):
        scores.setdefault(number, []).extend(100 * run.total.f1 for run in variant.runs)
    numbers = sorted(scores)
    texts = dict(zip(field.numbers, field.texts, strict=True))
    places = _places(numbers)
    intervals = [seed_interval(scores[number], report.confidence) for number in numbers]
    scale, cut = scale_of_intervals(intervals, [item for row in scores.values() for item in row])
    first = field.numbers[0]

    def draw(axes: Axes) -> None:
        baseline = intervals[numbers.index(first)]
        axes.axhline(baseline.mean, color=SOFT, linewidth=1, linestyle=(0, (2, 3)))
        its_look = look(1)
        for place, interval in zip(places, intervals, strict=True):
            bar(axes, place, interval, its_look, scale)
        plain = Look(its_look.colour, (), "circle")
        aside = _ASIDE * (places[-1] - places[0])
        dots = [
            (place + aside, score)
            for place, number in zip(places, numbers, strict=True)
            for score in scores[number]
        ]
        marks(axes, [x for x, _ in dots], [y for _, y in dots], plain, 4, alpha=0.6)
        means = [item.mean for item in intervals]
        line(axes, places, means, plain)
        marks(axes, places, means, plain, 8)
        at = numbers.index(first)
        marks(axes, [places[at]], [means[at]], Look(INK, (), "square"), 9)

    best = max(zip(intervals, numbers, strict=True), key=lambda pair: pair[0].mean)[1]
    picture = Panel(
        "sweep",
        f"F1 over {field.label}",
        _spoken(numbers, intervals, texts, best),
        _scale(numbers, places),
        scale,
        field.label + (", logarithmic" if places != [float(number) for number in numbers] else ""),
        "F1, %",
    ).draw(draw)
    caption = (
        f"Means over seeds with {100 * report.confidence:g} % intervals; small dots are seeds. "
        f"The dashed line and the square are {report.baseline.name}.{field.remark}"
    )
    caption += INTERVAL_NOTE if cut else ""
    rows = [
        [texts[number], str(item.n), wording.mean_sd(_fraction(item))]
        for number, item in zip(numbers, intervals, strict=True)
    ]
    table = ([field.label, "seeds", "F1"], rows)
    return FigureSection(f"F1 over {field.label}", panels([(picture, "")]), caption, table)


def _places(numbers: Sequence[float]) -> list[float]:
    """Where values stand: as they are, or by their logarithm where that spreads them more evenly.

    A zero before values that are logarithmic stands one step before them.

    >>> _places([1, 2, 3]), _places([0.01, 0.1, 1]), _places([0, 0.1, 1])
    ([1.0, 2.0, 3.0], [-2.0, -1.0, 0.0], [-2.0, -1.0, 0.0])
    """
    plain = [float(number) for number in numbers]
    positive = [number for number in plain if number > 0]
    if plain[0] < 0 or len(positive) < 2 or positive[-1] < _LOG_RANGE * positive[0] * 0.999:
        return plain
    logs = [math.log10(number) for number in positive]
    if len(logs) > 2 and _unevenness(positive) <= _unevenness(logs):
        return plain
    if len(positive) == len(plain):
        return logs
    return [logs[0] - (logs[-1] - logs[0]) / (len(logs) - 1), *logs]


def _unevenness(places: Sequence[float]) -> float:
    steps = [after - before for before, after in pairwise(places)]
    middle = sum(steps) / len(steps)
    return math.sqrt(sum((step - middle) ** 2 for step in steps) / len(steps)) / middle


def _scale(numbers: Sequence[float], places: Sequence[float]) -> Scale:
    """Ticks at the values themselves, as many as find room."""
    margin = 0.04 * (places[-1] - places[0])
    low, high = places[0] - margin, places[-1] + margin
    ticks: list[tuple[float, str]] = []
    taken = -math.inf
    scientific = any(0 < abs(number) < _TINY for number in numbers)
    for number, place in zip(numbers, places, strict=True):
        text = _tick(number, scientific)
        middle = (place - low) / (high - low) * _WIDTH
        half = text_width(text, _FONT_SIZE) / 2
        if middle - half >= taken + 4:
            ticks.append((place, text))
            taken = middle + half
    return Scale(low, high, tuple(ticks))


def _tick(number: float, scientific: bool) -> str:
    """
    >>> _tick(0.00025, True), _tick(0.1, False), _tick(-1, False), _tick(0, True)
    ('2.5e−4', '0.1', '−1', '0')
    """
    shown = f"{number:g}"
    if scientific and number:
        mantissa, _, exponent = f"{number:e}".partition("e")
        shown = f"{float(mantissa):g}e{int(exponent)}"
    return shown.replace("-", "−")


def _fraction(interval: SeedInterval) -> SeedInterval:
    sd = None if interval.sd is None else interval.sd / 100
    return SeedInterval(interval.mean / 100, sd, interval.n, None, None)


def _spoken(
    numbers: Sequence[float],
    intervals: Sequence[SeedInterval],
    texts: dict[float, str],
    best: float,
) -> str:
    parts = [
        f"{texts[number]}: {wording.mean_sd(_fraction(item))}"
        for number, item in zip(numbers, intervals, strict=True)
    ]
    return f"{'; '.join(parts)}. The mean is highest at {texts[best]}."
