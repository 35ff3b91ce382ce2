"""The rows of a report, for everything that shows them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tango_ie.metrics.errors import ENTITY_ERRORS
from tango_ie.metrics.verdict import points
from tango_ie.reporting import wording
from tango_ie.reporting.variant import Variant

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

Table = tuple[list[str], list[list[str]]]


def main_table(report: Report) -> Table:
    """Header and one row per variant, baseline first."""
    header = [
        "variant",
        "seeds",
        "precision",
        "recall",
        "F1",
        f"F1 − {report.baseline.name}",
        f"{100 * report.confidence:g} % interval",
        "p",
        "training",
        "sentences/s",
        "parameters trained / all",
    ]
    return header, [_main_row(variant) for variant in report.variants]


def label_table(report: Report) -> Table:
    """F1 per label and variant, with the number of gold items."""
    header = ["label", "in gold", *(variant.name for variant in report.variants)]
    rows = [
        [label, f"{number:,}", *(wording.mean_sd(item.label_f1(label)) for item in report.variants)]
        for label, number in report.gold_per_label.items()
    ]
    means = [wording.mean_sd(variant.macro_f1) for variant in report.variants]
    return header, [*rows, ["mean over labels", f"{report.num_gold:,}", *means]]


def error_table(report: Report) -> Table | None:
    """Errors of each kind per variant; ``None`` where a variant's were not counted."""
    counted = [run.errors for variant in report.variants for run in variant.runs]
    if None in counted:
        return None
    kinds = [kind for kind in ENTITY_ERRORS if any(item.per_kind.get(kind) for item in counted)]  # type: ignore[union-attr]
    header = ["error", *(variant.name for variant in report.variants)]
    rows = [
        [kind, *(wording.mean_number(item.errors_of_kind(kind)) for item in report.variants)]
        for kind in kinds
    ]
    return header, rows


def error_kinds(table: Table) -> list[tuple[str, str]]:
    """The kinds in a table of errors, with what they mean."""
    shown = {row[0] for row in table[1]}
    return [(kind, meaning) for kind, meaning in ENTITY_ERRORS.items() if kind in shown]


def csv_table(report: Report) -> str:
    """The main table as numbers: scores in percent, unrounded."""
    stream = io.StringIO()
    rows = [_csv_row(variant) for variant in report.variants]
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _main_row(variant: Variant) -> list[str]:
    found = variant.difference
    return [
        variant.name,
        str(len(variant.runs)),
        wording.mean_sd(variant.precision),
        wording.mean_sd(variant.recall),
        wording.mean_sd(variant.f1),
        points(found.difference) if found else wording.MISSING,
        wording.span(found) if found else wording.MISSING,
        wording.p_value(found.p_adjusted) if found else wording.MISSING,
        wording.duration(variant.train_seconds),
        wording.speed(variant.sentences_per_second),
        wording.trained_of_total(variant),
    ]


def _csv_row(variant: Variant) -> dict[str, object]:
    found = variant.difference
    row: dict[str, object] = {"variant": variant.name, "seeds": len(variant.runs)}
    for name in ("precision", "recall", "f1", "macro_f1"):
        interval = getattr(variant, name)
        row[f"{name}_mean_percent"] = _points(interval.mean)
        row[f"{name}_sd_percent"] = _points(interval.sd)
    row["difference_points"] = _points(found.difference if found else None)
    row["difference_low_points"] = _points(found.low if found else None)
    row["difference_high_points"] = _points(found.high if found else None)
    row["p_value"] = found.p_value if found else None
    row["p_adjusted"] = found.p_adjusted if found else None
    row["train_seconds"] = variant.train_seconds
    row["sentences_per_second"] = variant.sentences_per_second
    row["num_trainable_parameters"] = variant.num_trainable_parameters
    row["num_parameters"] = variant.num_parameters
    return row


def _points(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 10)
