"""A report as Markdown, to be pasted into an issue or a README."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tango_ie.reporting.tables import Table, error_table, label_table, main_table
from tango_ie.reporting.wording import CAVEAT

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report


def markdown(report: Report) -> str:
    """Table, verdicts, scores per label and notes."""
    parts = [
        report.subject,
        _render(main_table(report), numbers_from=1),
        f"Precision, recall and F1 are micro averages in percent, mean ± sd over seeds: "
        f"{report.rule}.",
        _bullets(report.verdicts),
        CAVEAT,
        "F1 per label:",
        _render(label_table(report), numbers_from=1),
    ]
    errors = error_table(report)
    if errors is not None and errors[1]:
        parts += ["Errors of each kind in a run:", _render(errors, numbers_from=1)]
    if report.notes:
        parts += ["Notes:", _bullets(report.notes)]
    return "\n\n".join(parts) + "\n"


def _render(table: Table, numbers_from: int) -> str:
    header, rows = table
    rule = ["---"] * numbers_from + ["---:"] * (len(header) - numbers_from)
    return "\n".join(f"| {' | '.join(map(_escape, row))} |" for row in [header, rule, *rows])


def _bullets(lines: tuple[str, ...]) -> str:
    return "\n".join(f"* {_escape(line)}" for line in lines)


def _escape(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")
