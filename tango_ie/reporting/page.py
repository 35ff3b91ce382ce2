"""A report as one HTML page that needs nothing else: no font, no request, no other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tango_ie.reporting.columns import main_columns
from tango_ie.reporting.config_table import field_table
from tango_ie.reporting.examples import DIGEST as BROWSER_DIGEST
from tango_ie.reporting.figures import DIGEST as FIGURES_DIGEST
from tango_ie.reporting.figures import drawn, style
from tango_ie.reporting.fold_averages import fold_sentence, fold_table
from tango_ie.reporting.plot import difference_plot
from tango_ie.reporting.provenance_section import ProvenanceSection
from tango_ie.reporting.rule_tables import RuleSection
from tango_ie.reporting.tables import error_kinds, error_table, label_table, main_table
from tango_ie.reporting.templates import digest, render
from tango_ie.reporting.wording import caveat

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

_TEMPLATE = "page.html.jinja"
_PARTS = ("sections/rules.html.jinja", "sections/provenance.html.jinja")
TEMPLATE_DIGEST = "".join([*map(digest, (_TEMPLATE, *_PARTS)), BROWSER_DIGEST, FIGURES_DIGEST])


def page(report: Report) -> str:
    """The text of ``report.html``."""
    errors = error_table(report)
    columns = main_columns(report)
    folds = fold_table(report)
    return render(
        _TEMPLATE,
        report=report,
        main=main_table(report),
        muted=[place for place, column in enumerate(columns) if column.is_muted],
        folds=folds,
        fold_sentence=fold_sentence(report) if folds else "",
        fields=field_table(report.variants),
        plot=difference_plot(report),
        caveat=caveat(report.units),
        labels=label_table(report),
        figures=drawn(report),
        figure_style=style(),
        rules=RuleSection.of(report),
        errors=errors,
        error_kinds=error_kinds(report, errors) if errors else [],
        made=ProvenanceSection.of(report.provenance, report.variants),
    )
