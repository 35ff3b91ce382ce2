"""Panels of learning curves: scores of all variants, of one variant each, and losses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from tango_ie.metrics.significance import seed_interval
from tango_ie.reporting.figures.curve import MOST_POINTS, Curve, joined, mean
from tango_ie.reporting.figures.key import panels, swatch
from tango_ie.reporting.figures.panel import SMALL_FONT_SIZE, Panel
from tango_ie.reporting.figures.scale import Scale, linear_scale, log_scale
from tango_ie.reporting.figures.series import Series, metric_name, spoken
from tango_ie.reporting.figures.strokes import line, marks, thin_line
from tango_ie.reporting.figures.theme import SOFT, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_IN_ONE = 6  # variants; more of them get a panel each
_SMALL = (165.0, 105.0)
_FEW_POINTS = 24
_ZOOM = 2.0
_LOG_RANGE = 10.0


def score_panel(series: Sequence[Series], scale: Scale) -> Markup:
    """All variants in one panel."""

    def draw(axes: Axes) -> None:
        for item in series:
            _draw_runs(axes, item.scores(), item.look, scale.low, kept=item.kept())
        for item in series:
            _draw_mean(axes, item.scores(), item.look, scale.low)
        for item in series:
            _draw_kept(axes, item, scale.low, 7.5)

    epochs = _epochs([curve for item in series for curve in item.scores()])
    return Panel(
        "curves-score",
        f"{metric_name(series)} on the dev split over epochs",
        spoken(series),
        epochs,
        scale,
        "epoch",
        f"dev {metric_name(series)}, %",
    ).draw(draw)


def score_panels(series: Sequence[Series], scale: Scale) -> Markup:
    """A small panel for each variant, with the baseline in grey."""
    epochs = _epochs([curve for item in series for curve in item.scores()], most=3)
    baseline = series[0]
    found = []
    for place, item in enumerate(series):
        if not item.scores():
            continue

        def draw(axes: Axes, item: Series = item) -> None:
            if item is not baseline and baseline.scores():
                grey = Look(SOFT, (2, 2), baseline.look.shape)
                _draw_mean(axes, baseline.scores(), grey, scale.low, 1.4, _FEW_POINTS)
            _draw_runs(axes, item.scores(), item.look, scale.low, _FEW_POINTS, item.kept())
            _draw_mean(axes, item.scores(), item.look, scale.low, most=_FEW_POINTS)
            _draw_kept(axes, item, scale.low, 6.5)

        picture = Panel(
            f"curves-score-{place}",
            f"{item.name}: {metric_name(series)} on the dev split over epochs",
            spoken([item]),
            epochs,
            scale,
            width=_SMALL[0],
            height=_SMALL[1],
            font_size=SMALL_FONT_SIZE,
        ).draw(draw)
        found.append((picture, swatch(item.look) + item.name))
    return panels(found, small=True)


def loss_panel(series: Sequence[Series]) -> Markup | None:
    """The loss of training; ``None`` where no history has it. Runs are drawn if there is room."""
    curves = [curve for item in series for curve in item.losses()]
    if not curves:
        return None
    values = [value for curve in curves for value in curve.values]
    is_log = min(values) > 0 and max(values) >= _LOG_RANGE * min(values)
    scale = log_scale(values) if is_log else linear_scale(values)
    crowded = len(series) > MOST_IN_ONE

    def draw(axes: Axes) -> None:
        place = _logged if is_log else _as_it_is
        shown = [item for item in series if item.losses()]
        if not crowded:
            for item in shown:
                _draw_runs(axes, list(map(place, item.losses())), item.look, scale.low)
        style = (1.6, _FEW_POINTS) if crowded else (2.2, MOST_POINTS)
        for item in shown:
            _draw_mean(axes, [place(mean(item.losses()))], item.look, scale.low, *style)

    ends = [
        (item.name, seed_interval([c.values[-1] for c in item.losses()]).mean)
        for item in series
        if item.losses()
    ]
    described = "; ".join(f"{name} ends at {value:.3g}" for name, value in ends)
    return Panel(
        "curves-loss",
        "Loss of training over epochs",
        f"{described}.",
        _epochs(curves),
        scale,
        "epoch",
        "loss of training" + (", logarithmic" if is_log else ""),
    ).draw(draw)


def _draw_runs(
    axes: Axes,
    curves: Sequence[Curve],
    its_look: Look,
    low: float,
    most: int = MOST_POINTS,
    kept: Sequence[tuple[int, float]] = (),
) -> None:
    if len(curves) > 1:
        also = {epoch for epoch, _ in kept}
        thin_line(axes, *joined([c.thinned(most, also).above(low) for c in curves]), its_look)


def _draw_mean(
    axes: Axes,
    curves: Sequence[Curve],
    its_look: Look,
    low: float,
    linewidth: float = 2.2,
    most: int = MOST_POINTS,
) -> None:
    if curves:
        line(axes, *mean(curves).thinned(most).above(low), its_look, linewidth=linewidth)


def _draw_kept(axes: Axes, item: Series, low: float, size: float) -> None:
    inside = [(epoch, score) for epoch, score in item.kept() if score >= low]
    marks(axes, [epoch for epoch, _ in inside], [score for _, score in inside], item.look, size)


def score_scale(series: Sequence[Series]) -> tuple[Scale, bool]:
    """Room for all scores; for the later ones alone where the first would press them together."""
    curves = [curve for item in series for curve in item.scores()]
    values = [value for curve in curves for value in curve.values]
    later = [value for curve in curves for value in curve.values[len(curve.values) // 3 :]]
    later += [score for item in series for _, score in item.kept()]
    spread, zoomed = max(values) - min(values), max(later) - min(later)
    cut = spread > _ZOOM * zoomed > 0
    if not cut:
        return linear_scale(values, limits=(0.0, 100.0)), False
    scale = linear_scale([min(later) - 0.15 * zoomed, max(later)], limits=(0.0, 100.0))
    return scale, min(values) < scale.low


def _epochs(curves: Sequence[Curve], most: int = 6) -> Scale:
    epochs = [epoch for curve in curves for epoch in curve.epochs]
    found = linear_scale([min(epochs), max(epochs)], most, whole=True)
    return Scale(found.low, found.high, tuple(tick for tick in found.ticks if tick[0] >= 1))


def _as_it_is(curve: Curve) -> Curve:
    return curve


def _logged(curve: Curve) -> Curve:
    return Curve(curve.epochs, tuple(math.log10(value) for value in curve.values))
