"""Figure: the dev score and the loss of training over epochs, with all seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from tango_ie.metrics.significance import seed_interval
from tango_ie.reporting import wording
from tango_ie.reporting.figures.curve_panels import (
    MOST_IN_ONE,
    loss_panel,
    score_panel,
    score_panels,
    score_scale,
)
from tango_ie.reporting.figures.key import key, panels
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.series import Series, metric_name, series_of
from tango_ie.reporting.tables import Table

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report


def learning_curves(report: Report) -> FigureSection | None:
    """``None`` where no run has a history of two epochs."""
    series = series_of(report)
    curves = [curve for item in series for curve in (*item.losses(), *item.scores())]
    if max((len(curve.epochs) for curve in curves), default=0) < 2:
        return None
    pictures: list[Markup] = []
    caption = []
    if any(item.scores() for item in series):
        scale, cut = score_scale(series)
        crowded = len(series) > MOST_IN_ONE
        pictures.append(score_panels(series, scale) if crowded else score_panel(series, scale))
        caption.append(_score_caption(series, crowded))
        if cut:
            caption.append(f"The axis begins at {scale.low:.1f}; what lies below is not drawn.")
    else:
        crowded = False
        caption.append(f"{_lines(series)}. No dev split was scored: the last epoch was kept.")
    loss = loss_panel(series)
    if loss:
        pictures.append(loss)
        caption.append("The loss is that of training, a mean over each epoch.")
    missing = [item.name for item in series if not item.histories]
    if missing:
        caption.append(f"Without a history: {wording.listed(missing)}.")
    shown = [(item.look, item.name) for item in series if item.histories]
    if crowded:
        svg = Markup("").join([pictures[0], panels([(loss, "")]) if loss else "", key(shown)])
    else:
        svg = Markup("").join([panels([(picture, "") for picture in pictures]), key(shown)])
    return FigureSection("Learning curves", svg, " ".join(caption), _table(series))


def _score_caption(series: Sequence[Series], crowded: bool) -> str:
    lines, kept = _lines(series), "; marks are the epochs that were kept."
    if not crowded:
        return lines + kept
    what = f"Dev {metric_name(series)} in percent over epochs."
    return f"{what} {lines}{kept} Grey: {series[0].name}."


def _lines(series: Sequence[Series]) -> str:
    if not any(len(item.histories) > 1 for item in series):
        return "One line per variant"
    return "Thin lines are seeds, thick ones their mean over the epochs that all of them have"


def _table(series: Sequence[Series]) -> Table:
    score = f"dev {metric_name(series)}, %"
    header = ["variant", "runs", "epochs", "epoch kept", score, "last loss"]
    rows = []
    for item in series:
        if not item.histories:
            continue
        lengths = [max(curve.epochs) for curve in item.losses() or item.scores()]
        kept = [float(history.kept) for history in item.histories]
        scores = [score / 100 for _, score in item.kept()]
        losses = [curve.values[-1] for curve in item.losses()]
        rows.append(
            [
                item.name,
                str(len(item.histories)),
                _spread(lengths),
                _spread(kept),
                wording.mean_sd(seed_interval(scores)) if scores else wording.MISSING,
                f"{seed_interval(losses).mean:.3g}" if losses else wording.MISSING,
            ]
        )
    return header, rows


def _spread(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
