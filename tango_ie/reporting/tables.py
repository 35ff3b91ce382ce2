"""The rows of a report, for everything that shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from tango_ie.metrics.errors import ENTITY_ERRORS
from tango_ie.metrics.relation_errors import RELATION_ERRORS
from tango_ie.reporting import wording
from tango_ie.reporting.columns import main_columns
from tango_ie.reporting.config_table import differing_fields
from tango_ie.reporting.fold_averages import Average, fold_average, num_folds
from tango_ie.reporting.oracle import oracle_scores
from tango_ie.reporting.published import Published
from tango_ie.reporting.variant import Variant

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

Table = tuple[list[str], list[list[str]]]


def main_table(report: Report) -> Table:
    """Header and one row per variant, baseline first."""
    columns = main_columns(report)
    rows = zip(*(column.cells for column in columns), strict=True)
    return [column.header for column in columns], [list(row) for row in rows]


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
    runs = [run for variant in report.variants for run in variant.runs]
    counted = [run.errors for run in runs if run.errors is not None]
    if len(counted) < len(runs):
        return None
    met = {kind for item in counted for kind, number in item.per_kind.items() if number}
    kinds = [kind for kind in _known_kinds(report) if kind in met]
    header = ["error", *(variant.name for variant in report.variants)]
    rows = [
        [kind, *(wording.mean_number(item.errors_of_kind(kind)) for item in report.variants)]
        for kind in kinds
    ]
    return header, rows


def error_kinds(report: Report, table: Table) -> list[tuple[str, str]]:
    """The kinds in a table of errors, with what they mean."""
    shown = {row[0] for row in table[1]}
    return [(kind, meaning) for kind, meaning in _known_kinds(report).items() if kind in shown]


def _known_kinds(report: Report) -> Mapping[Any, str]:
    return RELATION_ERRORS if report.things == "relations" else ENTITY_ERRORS


def csv_table(report: Report) -> str:
    """The main table as numbers, scores in percent, unrounded; all config fields that differ."""
    stream = io.StringIO()
    fields = {f"config.{field.path}": field.values for field in differing_fields(report.variants)}
    rows = [
        {
            **_csv_row(variant),
            **(_csv_folds(variant) if num_folds(report.variants) is not None else {}),
            **_csv_published(report.published, variant),
            **(_csv_oracle(variant, report.split) if report.oracle_test_epoch else {}),
            **{name: ", ".join(values[place]) for name, values in fields.items()},
        }
        for place, variant in enumerate(report.variants)
    ]
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


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


def _csv_folds(variant: Variant) -> dict[str, object]:
    row: dict[str, object] = {}
    for average in get_args(Average):
        for ratio in ("precision", "recall", "f1"):
            found = fold_average(variant, average, ratio)
            row[f"fold_{average}_{ratio}_mean_percent"] = _points(found.mean if found else None)
            row[f"fold_{average}_{ratio}_sd_percent"] = _points(found.sd if found else None)
    return row


def _csv_published(published: Published | None, variant: Variant) -> dict[str, object]:
    if published is None:
        return {}
    figure = published.figures.get(variant.name)
    return {"published_measure": published.measure, "published_percent": figure}


def _csv_oracle(variant: Variant, split: str) -> dict[str, object]:
    found = oracle_scores(variant, split)
    row: dict[str, object] = {}
    for place, name in enumerate(("oracle_f1", "oracle_gain")):
        row[f"{name}_mean_percent"] = _points(found[place].mean if found else None)
        row[f"{name}_sd_percent"] = _points(found[place].sd if found else None)
    return row


def _points(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 10)
