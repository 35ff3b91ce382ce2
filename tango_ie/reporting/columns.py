"""The columns of a report's main table: one row per variant, baseline first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from tango_ie.metrics.difference import Difference
from tango_ie.metrics.significance import SeedInterval
from tango_ie.metrics.verdict import points
from tango_ie.reporting import wording
from tango_ie.reporting.config_table import column_fields
from tango_ie.reporting.fold_averages import num_folds, shown_average
from tango_ie.reporting.oracle import HEADER, oracle_cell
from tango_ie.reporting.question import baseline_name

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report
    from tango_ie.reporting.variant import Variant


@dataclass(frozen=True)
class Column:
    """A column of the main table.

    Args:
        key: which one, for those who choose among them; ``config.PATH`` for a field of the config.
        header: as it is shown.
        cells: one per variant.
        is_number: whether it is set to the right.
        is_muted: whether it stands back, as what was not measured here.
    """

    key: str
    header: str
    cells: tuple[str, ...]
    is_number: bool = True
    is_muted: bool = False


def main_columns(report: Report) -> tuple[Column, ...]:
    """What the main table shows of each variant, baseline first.

    What decides comes first, so that it is in sight where the table is wider than the screen.
    Config fields in which the variants differ come after the name, unless the names say them, or
    they are so many that they have :func:`~tango_ie.reporting.config_table.field_table`.
    """
    variants = report.variants
    found = [variant.difference for variant in variants]
    many = any(item is not None and item.comparisons > 1 for item in found)
    memory = tuple(training_memory(report, variant) for variant in variants)
    columns = [
        Column("variant", "variant", tuple(variant.name for variant in variants), is_number=False),
        *(
            Column(f"config.{field.path}", field.name, field.cells, is_number=False)
            for field in column_fields(variants)
        ),
        Column("seeds", "seeds", tuple(str(len(variant.runs)) for variant in variants)),
        Column("f1", "F1", _means([variant.f1 for variant in variants])),
        Column(
            "difference",
            f"F1 − {baseline_name(report.baseline.name)}",
            _each(found, lambda item: points(item.difference)),
        ),
        Column("interval", f"{100 * report.confidence:g} % interval", _each(found, wording.span)),
        Column(
            "p",
            "p, corrected" if many else "p",
            _each(found, lambda item: wording.p_value(item.p_adjusted)),
        ),
        *_fold_columns(variants),
        *_published_columns(report),
        Column("precision", "precision", _means([variant.precision for variant in variants])),
        Column("recall", "recall", _means([variant.recall for variant in variants])),
        Column("oracle", HEADER, tuple(oracle_cell(variant, report.split) for variant in variants)),
        Column(
            "training",
            "training",
            tuple(wording.duration(variant.train_seconds) for variant in variants),
        ),
        Column("memory", "peak memory", memory),
        Column(
            "speed",
            "sentences/s",
            tuple(wording.speed(variant.sentences_per_second) for variant in variants),
        ),
        Column(
            "parameters",
            "parameters trained / all",
            tuple(wording.trained_of_total(variant) for variant in variants),
        ),
    ]
    # Only workspaces that keep records know of memory.
    known = set(memory) != {wording.MISSING}
    shown = {"memory": known, "oracle": report.oracle_test_epoch}
    return tuple(column for column in columns if shown.get(column.key, True))


def training_memory(report: Report, variant: Variant) -> str:
    """Mean over the runs of the most memory that training held; on the GPU where there was one."""
    made = report.provenance
    trainings = [] if made is None else made.trainings(variant.name)
    if not trainings or len(trainings) < len(variant.runs):
        return wording.MISSING
    on_gpu = [step.cuda_bytes for step in trainings if step.cuda_bytes is not None]
    if len(on_gpu) == len(trainings):
        return f"{wording.memory(fmean(on_gpu))} GPU"
    sizes = [step.process_bytes for step in trainings if step.process_bytes is not None]
    if len(sizes) < len(trainings):
        return wording.MISSING
    bound = "≤ " if any(step.of_whole_process for step in trainings) else ""
    return f"{bound}{wording.memory(fmean(sizes))}"


def _fold_columns(variants: Sequence[Variant]) -> list[Column]:
    number = num_folds(variants)
    if number is None:
        return []
    return [Column("folds", f"macro F1, {number} folds", tuple(map(shown_average, variants)))]


def _published_columns(report: Report) -> list[Column]:
    """What was published, beside ours of the same measure where no other column has that."""
    published, variants = report.published, report.variants
    if published is None:
        return []
    ours = [published.ours(variant) for variant in variants]
    cells = tuple(wording.MISSING if item is None else wording.mean_sd(item) for item in ours)
    beside = Column("measured", published.our_header(variants), cells)
    figures = tuple(published.shown(variant.name) for variant in variants)
    column = Column("published", published.header, figures, is_muted=True)
    told = published.is_main or published.measure == "macro F1 over folds"
    return [column] if told else [beside, column]


def _means(intervals: Sequence[SeedInterval]) -> tuple[str, ...]:
    return tuple(map(wording.mean_sd, intervals))


def _each(found: Sequence[Difference | None], show: Callable[[Difference], str]) -> tuple[str, ...]:
    return tuple(wording.MISSING if item is None else show(item) for item in found)
