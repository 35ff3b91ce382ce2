"""Which items of one sentence one variant gets right and another wrong.

A variant has one or several runs, and what holds for it is decided over them: in ``all`` of its
runs, or in the ``majority``, more than half. An item is a gold one, wrong where it is not found, or
a predicted one that is not gold, wrong where it is predicted. It is *fixed* when it is wrong in the
baseline and not in the variant, *broken* when it is the other way round. Where the runs of a
variant do not agree enough, it is neither.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal

from tango_ie.metrics.diagnosis import Diagnosis, Item, Side
from tango_ie.metrics.relation_mentions import item_place

Agreement = Literal["all", "majority"]

_RIGHT = "right"


@dataclass(frozen=True)
class ItemChange(Generic[Item]):
    """An item about which two variants differ.

    Args:
        side: ``gold`` for one that should be found, ``predicted`` for one that should not.
        item: without a score.
        before: the kind of its error in most runs of the baseline; ``None`` where it is not wrong.
        after: the same for the variant.
        confidence: the mean score with which it was predicted, by the variant that predicted it,
            over the runs that did, in [0, 1]; ``None`` without scores, or where both have it wrong.
    """

    side: Side
    item: Item
    before: str | None
    after: str | None
    confidence: float | None


class RunTally(Generic[Item]):
    """What the runs of one variant made of one sentence.

    Args:
        diagnoses: one per run.
    """

    def __init__(self, diagnoses: Sequence[Diagnosis[Item]]) -> None:
        self.num_runs = len(diagnoses)
        self.num_right = 0
        self.errors: Counter[str] = Counter()
        self.kinds: dict[tuple[Side, Item], Counter[str]] = {}
        self._scores: dict[Item, list[float]] = {}
        for diagnosis in diagnoses:
            self.num_right += not diagnosis.errors
            for found in diagnosis.correct:
                self._add_score(found)
            for error in diagnosis.errors:
                self.errors[error.kind] += 1
                if error.predicted is not None:
                    self._add_score(error.predicted)
                for key in error.wrong_items:
                    self.kinds.setdefault(key, Counter())[error.kind] += 1

    @property
    def errors_per_run(self) -> dict[str, float]:
        """Errors of each kind that occurs, by name."""
        return {kind: number / self.num_runs for kind, number in sorted(self.errors.items())}

    def is_right(self, rule: Agreement) -> bool:
        """Whether enough runs have no error."""
        return agreed(self.num_right, self.num_runs, rule)

    def is_wrong(self, rule: Agreement) -> bool:
        """Whether enough runs have an error."""
        return agreed(self.num_runs - self.num_right, self.num_runs, rule)

    def verdict(self, side: Side, item: Item, rule: Agreement) -> str | None:
        """The usual kind of an item's error, or ``right``; ``None`` where the runs disagree."""
        kinds = self.kinds.get((side, item), Counter())
        wrong = kinds.total()
        if agreed(wrong, self.num_runs, rule):
            return min(kinds, key=lambda kind: (-kinds[kind], kind))
        return _RIGHT if agreed(self.num_runs - wrong, self.num_runs, rule) else None

    def confidence(self, item: Item) -> float | None:
        """The mean score over the runs that predicted an item."""
        scores = self._scores.get(item)
        return math.fsum(scores) / len(scores) if scores else None

    def _add_score(self, item: Item) -> None:
        if item.score is not None:
            self._scores.setdefault(item, []).append(item.score)


def agreed(number: int, runs: int, rule: Agreement) -> bool:
    """Whether so many runs are enough.

    >>> agreed(2, 3, "majority"), agreed(2, 4, "majority"), agreed(2, 3, "all")
    (True, False, False)
    """
    return number == runs if rule == "all" else 2 * number > runs


def compare_items(
    baseline: RunTally[Item], variant: RunTally[Item], rule: Agreement
) -> list[ItemChange[Item]]:
    """The items that were fixed or broken, or are still wrong in another way, in their order."""
    changes: list[ItemChange[Item]] = []
    for side, item in {**baseline.kinds, **variant.kinds}:
        before = baseline.verdict(side, item, rule)
        after = variant.verdict(side, item, rule)
        if before is None or after is None or before == after:
            continue
        confidence = None
        if _RIGHT in (before, after):
            # A gold item was predicted by the one that has it right, an item that is not gold by
            # the one that has it wrong.
            by_baseline = (before == _RIGHT) == (side == "gold")
            confidence = (baseline if by_baseline else variant).confidence(item)
        changes.append(
            ItemChange(
                side,
                replace(item, score=None),
                None if before == _RIGHT else before,
                None if after == _RIGHT else after,
                confidence,
            )
        )
    return sorted(changes, key=lambda change: (*item_place(change.item), change.side))
