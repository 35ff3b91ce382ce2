"""What was counted by one rule: its counts, and all that is needed to show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.metrics.calibration import Calibration
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.rule import Measure, Rule, Things


@dataclass(frozen=True)
class RuleTable:
    """Counts by a :class:`~tango_ie.metrics.rule.Rule`, per sentence and label or group.

    Args:
        name: of the rule.
        sentence: that states it.
        table: the counts, in ``unit``.
        things: what its items are.
        unit: counts per item: 2 where they are in halves of items.
        grouped_by: what items are grouped by in place of their labels; empty for a plain rule.
        measure: what is looked at of each group.
        errors: how many wrong items there are of each kind, where that adds up to these counts.
        calibration: of the confidences, where these items have such.

    >>> from tango_ie.data.annotations import Entity
    >>> from tango_ie.metrics.entity_rules import BOUNDARIES
    >>> gold = [Sentence(("Ada", "sang"), (Entity("PER", 0, 1),))]
    >>> RuleTable.of(BOUNDARIES, gold, [Annotations((Entity("ORG", 0, 1),))]).total
    Counts(tp=1, fp=0, fn=0)
    """

    name: str
    sentence: str
    table: CountTable
    things: Things = "entities"
    unit: int = 1
    grouped_by: str = ""
    measure: Measure = "f1"
    errors: ErrorCounts | None = None
    calibration: Calibration | None = None

    @classmethod
    def of(
        cls,
        rule: Rule,
        gold: Sequence[Sentence],
        predicted: Sequence[Annotations],
        labels: Iterable[str] = (),
    ) -> RuleTable:
        """Count a split by a rule.

        Args:
            rule: how to count.
            gold: the sentences of the split.
            predicted: one for each sentence, in the same order.
            labels: that come first, in this order.

        Raises:
            DataError: when the numbers of sentences differ.
        """
        table = rule.table(gold, predicted, labels)
        return cls(
            rule.name,
            rule.sentence,
            table,
            rule.things,
            rule.unit,
            rule.grouped_by,
            rule.measure,
        )

    @property
    def total(self) -> Counts:
        """Counts over all sentences and labels, in ``unit``.

        Where a sentence is in two groups its items are in it twice.
        """
        return self.table.total

    def merge(self, other: RuleTable) -> RuleTable:
        """The table of both sets of sentences.

        Raises:
            DataError: when they were counted by different rules.
        """
        if (self.name, self.sentence) != (other.name, other.sentence):
            raise DataError(
                f"cannot add counts of two rules: {self.sentence!r} and {other.sentence!r}"
            )
        return RuleTable(
            self.name,
            self.sentence,
            self.table.merge(other.table),
            self.things,
            self.unit,
            self.grouped_by,
            self.measure,
            merged_errors(self.errors, other.errors),
            merged_calibration(self.calibration, other.calibration),
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "name": self.name,
            "sentence": self.sentence,
            "things": self.things,
            "unit": self.unit,
            "grouped_by": self.grouped_by,
            "measure": self.measure,
            "counts": self.table.to_json(),
            "errors": None if self.errors is None else self.errors.to_json(),
            "calibration": None if self.calibration is None else self.calibration.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> RuleTable:
        """The inverse of :meth:`to_json`."""
        errors, calibration = value["errors"], value["calibration"]
        return cls(
            value["name"],
            value["sentence"],
            CountTable.from_json(value["counts"]),
            value["things"],
            int(value["unit"]),
            value["grouped_by"],
            value["measure"],
            None if errors is None else ErrorCounts.from_json(errors),
            None if calibration is None else Calibration.from_json(calibration),
        )


def merged_errors(one: ErrorCounts | None, other: ErrorCounts | None) -> ErrorCounts | None:
    """The errors of both; ``None`` unless both were counted."""
    return None if one is None or other is None else one + other


def merged_calibration(one: Calibration | None, other: Calibration | None) -> Calibration | None:
    """The calibration of both; ``None`` unless there are both, in the same bins."""
    return None if one is None or other is None else one.merge(other)
