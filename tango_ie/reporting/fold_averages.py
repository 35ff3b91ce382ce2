"""Means over the folds of a cross-validation, beside the scores of all folds together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from tango_ie.metrics.fold_info import Folds
from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.reporting import wording

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report
    from tango_ie.reporting.variant import Variant

Average = Literal["micro", "macro"]
Table = tuple[list[str], list[list[str]]]

_RATIOS = ("precision", "recall", "f1")
_NAMES = {"precision": "precision", "recall": "recall", "f1": "F1"}
_ORIGIN = "archive.made_from."
# Every fold has data of its own.
_EXPECTED = ("corpus_fingerprint",)


def num_folds(variants: Sequence[Variant]) -> int | None:
    """Of what the variants were scored on; ``None`` where that is no cross-validation."""
    folds = Folds.of_info(variants[0].runs[0].info)
    return None if folds is None else len(folds)


def fold_average(
    variant: Variant, average: Average = "macro", ratio: str = "f1"
) -> SeedInterval | None:
    """Mean and spread over the folds of all runs, each fold scored by itself.

    Args:
        variant: whose runs were pooled over folds; without that there is no such mean.
        average: over labels, within a fold.
        ratio: ``precision``, ``recall`` or ``f1``.
    """
    values: list[float] = []
    for run in variant.runs:
        folds = Folds.of_info(run.info)
        found = folds.ratios.get(run.rules[0].name) if folds is not None and run.rules else None
        if found is None:
            return None
        values += [getattr(item, ratio) for item in getattr(found, average)]
    return seed_interval(values)


def fold_table(report: Report) -> Table | None:
    """Micro and macro averages, one row per variant; ``None`` without folds."""
    if num_folds(report.variants) is None:
        return None
    wanted: list[tuple[Average, str]] = [
        *(("micro", ratio) for ratio in _RATIOS),
        *(("macro", ratio) for ratio in _RATIOS),
    ]
    header = ["variant", *(f"{average} {_NAMES[ratio]}" for average, ratio in wanted)]
    rows = [
        [variant.name, *(shown_average(variant, average, ratio) for average, ratio in wanted)]
        for variant in report.variants
    ]
    return header, rows


def shown_average(variant: Variant, average: Average = "macro", ratio: str = "f1") -> str:
    """The mean with its spread, in percent."""
    found = fold_average(variant, average, ratio)
    return wording.MISSING if found is None else wording.mean_sd(found)


def fold_sentence(report: Report) -> str:
    """What the figures of a report on folds are, and what those of its table of means."""
    number = num_folds(report.variants)
    seeds = max(len(variant.runs) for variant in report.variants)
    which = f"{number} folds" if seeds == 1 else f"{number} folds of every seed"
    return (
        f"Each fold has a model of its own. These are means ± sd over the {which}, each scored by "
        "itself, in percent, as papers have them. All other scores are of the test sentences of "
        "all folds together; training time is the sum over the folds, memory that of the fold that "
        "took most."
    )


def fold_notes(variants: Sequence[Variant]) -> Iterator[str]:
    """Variants whose models were not made alike in all folds."""
    for variant in variants:
        found: dict[str, str] = {}
        for run in variant.runs:
            folds = Folds.of_info(run.info)
            for path, values in ({} if folds is None else folds.varying).items():
                if path.startswith(_ORIGIN) and not path.endswith(_EXPECTED):
                    shown = ", ".join(json.dumps(value, default=str) for value in values)
                    found.setdefault(path.removeprefix(_ORIGIN), shown)
        if found:
            listed = wording.listed([f"{path} ({shown})" for path, shown in found.items()])
            yield f"{variant.name}: the models of its folds differ in {listed}."
