"""What a run scored by one rule, without its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tango_ie.metrics.counts import Counts, total
from tango_ie.metrics.rule import Measure, Things
from tango_ie.metrics.rule_table import RuleTable


@dataclass(frozen=True)
class RuleCounts:
    """Sums of a :class:`~tango_ie.metrics.rule_table.RuleTable`, whose arguments these are.

    Args:
        name: of the rule.
        sentence: that states it.
        per_group: counts per label, or per group of what is broken down, in the order of the rule.
        things: what its items are.
        unit: counts per item.
        grouped_by: what items are grouped by in place of their labels; empty for a plain rule.
        measure: what is looked at of each group.
    """

    name: str
    sentence: str
    per_group: Mapping[str, Counts]
    things: Things = "entities"
    unit: int = 1
    grouped_by: str = ""
    measure: Measure = "f1"

    @classmethod
    def of(cls, table: RuleTable) -> RuleCounts:
        """Add up over sentences."""
        return cls(
            table.name,
            table.sentence,
            table.table.per_label,
            table.things,
            table.unit,
            table.grouped_by,
            table.measure,
        )

    @property
    def total(self) -> Counts:
        """Counts over all groups."""
        return total(self.per_group.values())

    def gold(self, group: str | None = None) -> int:
        """Items in gold, of a group or of all."""
        counts = self.total if group is None else self.per_group.get(group, Counts())
        return counts.gold // self.unit

    def to_json(self) -> dict[str, Any]:
        """JSON-able form, the measure of each group spelled out; :meth:`from_json` reads it."""
        return {
            **{key: item for key, item in vars(self).items() if key != "per_group"},
            **self.total.ratios._asdict(),
            "per_group": {group: asdict(counts) for group, counts in self.per_group.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> RuleCounts:
        """The inverse of :meth:`to_json`."""
        return cls(
            value["name"],
            value["sentence"],
            {group: Counts(**counts) for group, counts in value["per_group"].items()},
            value["things"],
            value["unit"],
            value["grouped_by"],
            value["measure"],
        )
