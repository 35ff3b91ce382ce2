"""All figures of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tango_ie.reporting.figures.ablation import ablation
from tango_ie.reporting.figures.label_scores import label_scores
from tango_ie.reporting.figures.learning_curves import learning_curves
from tango_ie.reporting.figures.low_resource import low_resource
from tango_ie.reporting.figures.reliability import reliability
from tango_ie.reporting.figures.section import FigureSection

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

_FIGURES = {
    "ablation": ablation,
    "low_resource": low_resource,
    "label_scores": label_scores,
    "learning_curves": learning_curves,
    "reliability": reliability,
}


def drawn(report: Report) -> dict[str, FigureSection]:
    """Those that the report has something to show in, by name.

    They can be of one page: the names of their parts do not clash.
    """
    found = ((name, draw(report)) for name, draw in _FIGURES.items())
    return {name: section for name, section in found if section is not None}


def figures(report: Report) -> tuple[FigureSection, ...]:
    """Those of :func:`drawn`, in the order of the page."""
    return tuple(drawn(report).values())
