"""What a reader of a comparison must know to read its figures right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tango_ie.reporting.fold_averages import fold_notes
from tango_ie.reporting.variant import Run, Variant
from tango_ie.reporting.wording import listed, seeds


def notes(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Notes on seeds, on gold that models could not find, and on times that do not compare."""
    found = [
        *_seeds(variants),
        *fold_notes(variants),
        *_gold(variants, "has types that its models were not trained on", _unseen),
        *_gold(variants, "has items that its models cannot represent", _unrepresentable),
        *_different(
            variants,
            "Training times come from different devices ({}) and do not compare.",
            lambda run: run.archive.get("device"),
        ),
        *_different(
            variants,
            "Prediction times come from different devices ({}) and do not compare.",
            lambda run: run.info.get("device"),
        ),
        *_different(
            variants,
            "Predictions were made in different precisions: {}.",
            lambda run: run.info.get("precision"),
        ),
    ]
    return tuple(found)


def _seeds(variants: Sequence[Variant]) -> list[str]:
    lines = []
    sizes = {variant.name: len(variant.runs) for variant in variants}
    if len({*sizes.values()}) > 1:
        shown = listed([f"{name} has {seeds(size)}" for name, size in sizes.items()])
        lines.append(f"The variants differ in their number of seeds: {shown}.")
    elif len({variant.seeds for variant in variants}) > 1:
        shown = "; ".join(f"{variant.name} {listed(variant.seeds)}" for variant in variants)
        lines.append(f"The variants were not trained with the same seeds: {shown}.")
    if 1 in sizes.values():
        single = listed([name for name, size in sizes.items() if size == 1])
        lines.append(f"One seed says nothing about the spread over seeds: {single}.")
    return lines


def _gold(
    variants: Sequence[Variant], what: str, count: Callable[[Run], Mapping[str, int]]
) -> list[str]:
    lines = []
    for variant in variants:
        numbers = count(variant.runs[0])
        if numbers:
            shown = listed([f"{label} ({number})" for label, number in numbers.items()])
            lines.append(f"{variant.name}: gold {what}, counted as missed: {shown}.")
    return lines


def _unseen(run: Run) -> Mapping[str, int]:
    numbers: Mapping[str, int] = run.info.get("unseen_labels") or {}
    return numbers


def _unrepresentable(run: Run) -> Mapping[str, int]:
    numbers: Mapping[str, int] = run.info.get("unrepresentable") or {}
    return numbers


def _different(
    variants: Sequence[Variant], sentence: str, read: Callable[[Run], object]
) -> list[str]:
    found = {read(run) for variant in variants for run in variant.runs} - {None}
    return [sentence.format(listed(sorted(map(str, found))))] if len(found) > 1 else []
