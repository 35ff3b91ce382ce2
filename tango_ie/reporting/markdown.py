"""A report as Markdown, to be pasted into an issue or a README."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tango_ie.reporting.config_table import field_table
from tango_ie.reporting.fold_averages import fold_sentence, fold_table
from tango_ie.reporting.rule_tables import RuleSection
from tango_ie.reporting.tables import Table, error_table, label_table, main_table
from tango_ie.reporting.wording import caveat

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report


def markdown(report: Report) -> str:
    """Question and answer, table, verdicts, scores per label and notes."""
    fields = field_table(report.variants)
    folds, published = fold_table(report), report.published
    parts = [
        f"**{_escape(report.question)}** {_escape(report.answer)}",
        _escape(report.subject),
        _render(main_table(report), numbers_from=1),
        *([_render(fields, numbers_from=len(fields[0]))] if fields else []),
        f"Precision, recall and F1 are micro averages in percent, mean ± sd over seeds: "
        f"{report.rule}.",
        *([_escape(published.sentence(report.variants))] if published else []),
        *(["Means over folds:", _render(folds, numbers_from=1)] if folds else []),
        *([fold_sentence(report)] if folds else []),
        _bullets(report.verdicts),
        caveat(report.units),
        "F1 per label:",
        _render(label_table(report), numbers_from=1),
    ]
    errors = error_table(report)
    if errors is not None and errors[1]:
        parts += ["Errors of each kind in a run:", _render(errors, numbers_from=1)]
    found = RuleSection.of(report)
    if found.table:
        parts += ["Other ways of counting (micro F1):", _render(found.table, numbers_from=1)]
        parts.append(_bullets([f"{name}: {meaning}" for name, meaning in found.definitions]))
    for part in found.breakdowns:
        parts.append(f"{part.title} ({part.measure}): {_escape(part.sentence)}.")
        parts.append(_render(part.table, numbers_from=1))
    if found.calibration:
        parts.append(f"Calibration: {found.calibration.sentence}.")
        parts.append(_render(found.calibration.table, numbers_from=1))
    if report.notes:
        parts += ["Notes:", _bullets(report.notes)]
    return "\n\n".join(parts) + "\n"


def _render(table: Table, numbers_from: int) -> str:
    header, rows = table
    rule = ["---"] * numbers_from + ["---:"] * (len(header) - numbers_from)
    return "\n".join(f"| {' | '.join(map(_escape, row))} |" for row in [header, rule, *rows])


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"* {_escape(line)}" for line in lines)


def _escape(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")
