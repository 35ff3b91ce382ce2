"""Figure: the score over a hyper-parameter, or over two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tango_ie.reporting.figures.heat_map import heat_map
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.sweep import sweep
from tango_ie.reporting.figures.varied import varied

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report


def ablation(report: Report) -> FigureSection | None:
    """A line over one numeric field of the config, or a heat map over two fields.

    ``None`` where the variants differ in something else, or in more.
    """
    found = varied(report.variants)
    if found is None:
        return None
    if len(found) == 1:
        return sweep(report, found[0])
    if len(found) == 2:
        return heat_map(report, found[0], found[1])
    return None
