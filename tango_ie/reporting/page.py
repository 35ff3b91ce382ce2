"""A report as one HTML page that needs nothing else: no font, no request, no other file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tango_ie.reporting.examples import DIGEST
from tango_ie.reporting.plot import difference_plot
from tango_ie.reporting.tables import error_kinds, error_table, label_table, main_table
from tango_ie.reporting.templates import digest, render
from tango_ie.reporting.wording import CAVEAT

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

_TEMPLATE = "page.html.jinja"
TEMPLATE_DIGEST = digest(_TEMPLATE) + DIGEST


def page(report: Report) -> str:
    """The text of ``report.html``."""
    provenance = [
        (f"{variant.name}, run {place}", run.seed, json.dumps(dict(run.info), indent=1))
        for variant in report.variants
        for place, run in enumerate(variant.runs, start=1)
    ]
    errors = error_table(report)
    return render(
        _TEMPLATE,
        report=report,
        main=main_table(report),
        labels=label_table(report),
        errors=errors,
        error_kinds=error_kinds(errors) if errors else [],
        plot=difference_plot(report),
        caveat=CAVEAT,
        provenance=provenance,
    )
