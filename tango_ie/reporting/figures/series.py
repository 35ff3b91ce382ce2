"""The trainings of a variant, for its learning curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tango_ie.metrics.significance import seed_interval
from tango_ie.reporting import wording
from tango_ie.reporting.figures.curve import Curve, History, history_of
from tango_ie.reporting.figures.theme import Look, look

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report


@dataclass(frozen=True)
class Series:
    """A variant's trainings.

    Args:
        name: of the variant.
        look: of its lines.
        histories: of those runs that have one.
    """

    name: str
    look: Look
    histories: tuple[History, ...]

    def scores(self) -> list[Curve]:
        """Dev scores in percent."""
        found = [history.score for history in self.histories if history.score]
        return [
            Curve(curve.epochs, tuple(100 * value for value in curve.values)) for curve in found
        ]

    def losses(self) -> list[Curve]:
        """Losses of training."""
        return [history.loss for history in self.histories if history.loss]

    def kept(self) -> list[tuple[int, float]]:
        """Epochs that were kept, with their score in percent."""
        pairs = [
            (history.kept, history.score.at(history.kept))
            for history in self.histories
            if history.score
        ]
        return [(epoch, 100 * score) for epoch, score in pairs if score is not None]


def series_of(report: Report) -> list[Series]:
    """One for each variant, those without a history included."""
    series = []
    for place, variant in enumerate(report.variants):
        found = [history_of(run) for run in variant.runs]
        histories = tuple(history for history in found if history)
        series.append(Series(variant.name, look(place), histories))
    return series


def metric_name(series: Sequence[Series]) -> str:
    """What the dev score is."""
    found = {history.metric for item in series for history in item.histories} - {None}
    names = sorted(str(name).replace("entities_f1", "F1").replace("_", " ") for name in found)
    return wording.listed(names) or "score"


def spoken(series: Sequence[Series]) -> str:
    """What is seen in the curves of dev scores."""
    parts = []
    for item in series:
        kept = item.kept()
        if kept:
            score = seed_interval([score / 100 for _, score in kept])
            epoch = seed_interval([epoch for epoch, _ in kept]).mean
            parts.append(
                f"{item.name} reaches {wording.mean_sd(score)} percent in the epoch that is kept, "
                f"on average epoch {epoch:.1f}"
            )
    return "; ".join(parts) + "."
