"""How many errors there are of each kind and label: a state that adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.diagnosis import Diagnosis, Item

CORRECT = "correct"


class ErrorCell(NamedTuple):
    """What is counted together.

    Args:
        kind: of the error, or ``correct``.
        gold: label of the gold item, if there is one.
        predicted: label of the predicted item, if there is one.
    """

    kind: str
    gold: str | None
    predicted: str | None


@dataclass(frozen=True)
class ErrorCounts:
    """Errors of any number of sentences; those of two parts of a corpus add.

    Args:
        kinds: all that there can be, in the order in which they are shown.
        cells: how many errors, or correct items, are in each cell that is not empty.

    >>> from tango_ie.data.annotations import Entity
    >>> from tango_ie.metrics.errors import ENTITY_ERRORS, diagnose_entities
    >>> diagnoses = diagnose_entities([[Entity("PER", 0, 2)], []], [[Entity("LOC", 0, 2)], []])
    >>> counts = ErrorCounts.of(diagnoses, ENTITY_ERRORS)
    >>> counts.per_kind["type"], counts.strict["PER"], counts.strict["LOC"]
    (1, Counts(tp=0, fp=0, fn=1), Counts(tp=0, fp=1, fn=0))
    """

    kinds: tuple[str, ...]
    cells: Mapping[ErrorCell, int]

    @classmethod
    def of(cls, diagnoses: Iterable[Diagnosis[Item]], kinds: Iterable[str]) -> ErrorCounts:
        """Count what was found wrong and right."""
        cells: Counter[ErrorCell] = Counter()
        for diagnosis in diagnoses:
            for item in diagnosis.correct:
                cells[ErrorCell(CORRECT, item.label, item.label)] += 1
            for error in diagnosis.errors:
                gold = None if error.gold is None else error.gold.label
                predicted = None if error.predicted is None else error.predicted.label
                cells[ErrorCell(error.kind, gold, predicted)] += 1
        return cls(tuple(kinds), dict(cells))

    def __add__(self, other: ErrorCounts) -> ErrorCounts:
        if not isinstance(other, ErrorCounts):
            return NotImplemented
        if self.kinds != other.kinds:
            raise DataError(f"cannot add errors of two sorts: {self.kinds} and {other.kinds}")
        return ErrorCounts(self.kinds, dict(Counter(self.cells) + Counter(other.cells)))

    @property
    def num_errors(self) -> int:
        """Errors of all kinds; one that is about a gold and a predicted item counts once."""
        return sum(self.per_kind.values())

    @property
    def per_kind(self) -> dict[str, int]:
        """Errors of each kind, zeros included."""
        numbers = dict.fromkeys(self.kinds, 0)
        for cell, number in self._errors():
            numbers[cell.kind] += number
        return numbers

    @property
    def per_label(self) -> dict[str, dict[str, int]]:
        """Errors of each kind, zeros included, per label, by name.

        An error goes to gold's label, or to the predicted one where there is no gold.
        """
        numbers: dict[str, dict[str, int]] = {}
        for cell, number in self._errors():
            label = cell.predicted if cell.gold is None else cell.gold
            if label is not None:
                row = numbers.setdefault(label, dict.fromkeys(self.kinds, 0))
                row[cell.kind] += number
        return dict(sorted(numbers.items()))

    @property
    def strict(self) -> dict[str, Counts]:
        """The strict counts per label that these errors add up to."""
        sums: dict[str, Counts] = {}
        for cell, number in self.cells.items():
            if cell.kind == CORRECT:
                parts = [(cell.gold, Counts(tp=number))]
            else:
                parts = [(cell.gold, Counts(fn=number)), (cell.predicted, Counts(fp=number))]
            for label, counts in parts:
                if label is not None:
                    sums[label] = sums.get(label, Counts()) + counts
        return dict(sorted(sums.items()))

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        order = sorted(self.cells.items(), key=lambda pair: [part or "" for part in pair[0]])
        return {"kinds": list(self.kinds), "cells": [[*cell, number] for cell, number in order]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ErrorCounts:
        """The inverse of :meth:`to_json`."""
        cells = {ErrorCell(*cell): int(number) for *cell, number in value["cells"]}
        return cls(tuple(value["kinds"]), cells)

    def _errors(self) -> Iterable[tuple[ErrorCell, int]]:
        return ((cell, number) for cell, number in self.cells.items() if cell.kind != CORRECT)
