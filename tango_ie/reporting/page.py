"""A report as one HTML page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from tango_ie.reporting.plot import difference_plot
from tango_ie.reporting.tables import label_table, main_table
from tango_ie.reporting.wording import CAVEAT

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

_TEMPLATE = (
    resources.files("tango_ie.reporting").joinpath("page.html.jinja").read_text(encoding="utf-8")
)
TEMPLATE_DIGEST = hashlib.blake2b(_TEMPLATE.encode(), digest_size=4).hexdigest()


def page(report: Report) -> str:
    """The text of ``report.html``."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    provenance = [
        (f"{variant.name}, run {place}", run.seed, json.dumps(dict(run.info), indent=1))
        for variant in report.variants
        for place, run in enumerate(variant.runs, start=1)
    ]
    return environment.from_string(_TEMPLATE).render(
        report=report,
        main=main_table(report),
        labels=label_table(report),
        plot=difference_plot(report),
        caveat=CAVEAT,
        provenance=provenance,
    )
