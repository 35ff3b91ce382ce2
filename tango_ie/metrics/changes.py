"""The sentences that one variant gets right and another wrong, the most confident first.

A sentence is right where none of its errors is left. It is *fixed* when it is wrong in the baseline
and right in the variant, *broken* when it is the other way round, by the same rule over runs as its
items; *partly* changed when some of its items are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.diagnosis import Diagnosis, Item
from tango_ie.metrics.item_changes import Agreement, ItemChange, RunTally, compare_items

Outcome = Literal["fixed", "broken", "partly"]


@dataclass(frozen=True)
class SentenceChange(Generic[Item]):
    """A sentence about which two variants differ.

    Args:
        sentence: its zero-based place in the split.
        outcome: what became of it as a whole.
        right_before: runs of the baseline that have it right.
        right_after: runs of the variant that have it right.
        before: errors of each kind in the baseline, per run; kinds without errors are left out.
        after: the same for the variant.
        items: what changed in it, in its order.
    """

    sentence: int
    outcome: Outcome
    right_before: int
    right_after: int
    before: Mapping[str, float]
    after: Mapping[str, float]
    items: tuple[ItemChange[Item], ...]

    @property
    def fixed(self) -> tuple[ItemChange[Item], ...]:
        """The items that the variant has right and the baseline has not."""
        return tuple(change for change in self.items if change.after is None)

    @property
    def broken(self) -> tuple[ItemChange[Item], ...]:
        """The items that the baseline has right and the variant has not."""
        return tuple(change for change in self.items if change.before is None)

    @property
    def difference(self) -> float:
        """Errors per run, variant − baseline: below zero where the variant is better."""
        return math.fsum(self.after.values()) - math.fsum(self.before.values())

    @property
    def confidence(self) -> float | None:
        """Mean over the items that were fixed or broken and whose confidence is known."""
        known = [change.confidence for change in self.items if change.confidence is not None]
        return math.fsum(known) / len(known) if known else None


@dataclass(frozen=True)
class Changes(Generic[Item]):
    """The difference between two variants, sentence by sentence.

    Args:
        rule: how many runs must agree.
        baseline_runs: number of runs of the baseline.
        variant_runs: number of runs of the variant.
        differences: errors per run of every sentence, variant − baseline.
        sentences: those that changed, in the order of the split.
    """

    rule: Agreement
    baseline_runs: int
    variant_runs: int
    differences: tuple[float, ...]
    sentences: tuple[SentenceChange[Item], ...]

    @property
    def fixed(self) -> list[SentenceChange[Item]]:
        """Sentences that the variant has right and the baseline has not, most confident first."""
        return self.ranked("fixed")

    @property
    def broken(self) -> list[SentenceChange[Item]]:
        """Sentences that the baseline has right and the variant has not, most confident first."""
        return self.ranked("broken")

    def ranked(self, outcome: Outcome) -> list[SentenceChange[Item]]:
        """Sentences of one outcome, the most confident first, those without scores last."""
        chosen = [change for change in self.sentences if change.outcome == outcome]
        return sorted(chosen, key=_rank)


def compare_runs(
    baseline: Sequence[Sequence[Diagnosis[Item]]],
    variant: Sequence[Sequence[Diagnosis[Item]]],
    rule: Agreement = "majority",
) -> Changes[Item]:
    """Find what changed between two variants.

    Args:
        baseline: the diagnoses of all sentences, for each run.
        variant: the same for the variant, on the same sentences.
        rule: how many runs of a variant must agree.

    Raises:
        ConfigurationError: there is no such rule.
        DataError: no runs, or other sentences in one run than in another.

    >>> from tango_ie.data.annotations import Entity
    >>> from tango_ie.metrics.errors import diagnose_entities
    >>> gold, wrong = [[Entity("PER", 0, 2)]], [[Entity("ORG", 0, 2, score=0.6)]]
    >>> right = [[Entity("PER", 0, 2, score=0.9)]]
    >>> runs = [diagnose_entities(gold, found) for found in (wrong, right)]
    >>> change = compare_runs(runs[:1], runs[1:]).fixed[0]
    >>> change.before, [(item.item.label, item.confidence) for item in change.fixed]
    ({'type': 1.0}, [('ORG', 0.6), ('PER', 0.9)])
    """
    if rule not in ("all", "majority"):
        raise ConfigurationError(f"expected 'all' or 'majority', found {rule!r}", "rule")
    if not baseline or not variant:
        raise DataError("a comparison needs at least one run of the baseline and of the variant")
    sizes = sorted({len(run) for run in (*baseline, *variant)})
    if len(sizes) > 1:
        raise DataError(
            f"the runs were diagnosed on different numbers of sentences: {sizes}; "
            "only runs on the same sentences can be compared"
        )
    differences, changed = [], []
    for place in range(sizes[0]):
        before = RunTally([run[place] for run in baseline])
        after = RunTally([run[place] for run in variant])
        change = _compare(place, before, after, rule)
        differences.append(change.difference)
        if change.outcome != "partly" or change.items:
            changed.append(change)
    return Changes(rule, len(baseline), len(variant), tuple(differences), tuple(changed))


def _compare(
    place: int, before: RunTally[Item], after: RunTally[Item], rule: Agreement
) -> SentenceChange[Item]:
    outcome: Outcome = "partly"
    if before.is_wrong(rule) and after.is_right(rule):
        outcome = "fixed"
    elif before.is_right(rule) and after.is_wrong(rule):
        outcome = "broken"
    return SentenceChange(
        place,
        outcome,
        before.num_right,
        after.num_right,
        before.errors_per_run,
        after.errors_per_run,
        tuple(compare_items(before, after, rule)),
    )


def _rank(change: SentenceChange[Item]) -> tuple[bool, float, int]:
    confidence = change.confidence
    return confidence is None, -(confidence or 0.0), change.sentence
