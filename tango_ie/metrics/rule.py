"""A rule of counting: its name, one sentence that states it, and the function that counts by it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts

SentenceCounts = Mapping[str, Counts]
Thing = TypeVar("Thing", bound=Hashable)
Things = Literal["entities", "relations", "tags"]
"""What is counted."""
Measure = Literal["f1", "recall"]
"""The ratio that says most about a group."""


@dataclass(frozen=True)
class Rule:
    """How items of gold and predictions are compared.

    Args:
        name: short, for the head of a column.
        sentence: what a table prints below itself: when does an item count as found?
        count: the counts of one sentence, by label or by whatever the rule groups items by.
        labels: the groups in the order in which a table shows them, where the rule has its own.
        unit: counts per item: 2 where an item can be half right, so that its counts are in halves.
        things: what its items are.
        grouped_by: what items are grouped by in place of their labels; empty for a plain rule.
        measure: what is looked at of each group.

    >>> from tango_ie.metrics.entity_rules import STRICT_ENTITIES
    >>> from tango_ie.data.annotations import Entity
    >>> gold = [Sentence(("Ada", "sang"), (Entity("PER", 0, 1),))]
    >>> STRICT_ENTITIES.table(gold, [Annotations()]).total
    Counts(tp=0, fp=0, fn=1)
    """

    name: str
    sentence: str
    count: Callable[[Sentence, Annotations], SentenceCounts] = field(compare=False, repr=False)
    labels: tuple[str, ...] = ()
    unit: int = 1
    things: Things = "entities"
    grouped_by: str = ""
    measure: Measure = "f1"

    def per_sentence(
        self, gold: Sequence[Sentence], predicted: Sequence[Annotations]
    ) -> list[SentenceCounts]:
        """Counts of each sentence; what it does not have is left out.

        Args:
            gold: the sentences of a split, with all that the corpus says about them.
            predicted: one for each sentence, in the same order.

        Raises:
            DataError: when the numbers of sentences differ.
        """
        if len(gold) != len(predicted):
            raise DataError(
                f"{len(predicted)} predicted sentences cannot be compared with {len(gold)} gold "
                "ones: predict for every sentence of the split, in its order"
            )
        return [self.count(*pair) for pair in zip(gold, predicted, strict=True)]

    def table(
        self,
        gold: Sequence[Sentence],
        predicted: Sequence[Annotations],
        labels: Iterable[str] = (),
    ) -> CountTable:
        """Counts of a split; the rule's own labels come first, then ``labels``, then the rest.

        Raises:
            DataError: when the numbers of sentences differ.
        """
        counts = self.per_sentence(gold, predicted)
        return CountTable.from_sentences(counts, (*self.labels, *labels))


def count_items(gold: Mapping[Thing, str], predicted: Mapping[Thing, str]) -> dict[str, Counts]:
    """Compare two sets of items, and add up by group.

    A found item counts for the group that gold gives to it, an invented one for the group that the
    prediction gives to it.

    Args:
        gold: the group of each item.
        predicted: the same for what was predicted.

    >>> for group, counts in count_items({0: "PER", 3: "LOC"}, {0: "ORG", 5: "ORG"}).items():
    ...     print(group, counts)
    LOC Counts(tp=0, fp=0, fn=1)
    ORG Counts(tp=0, fp=1, fn=0)
    PER Counts(tp=1, fp=0, fn=0)
    """
    sums: dict[str, list[int]] = {}
    for item, group in gold.items():
        sums.setdefault(group, [0, 0, 0])[0 if item in predicted else 2] += 1
    for item, group in predicted.items():
        if item not in gold:
            sums.setdefault(group, [0, 0, 0])[1] += 1
    return {group: Counts(*sums[group]) for group in sorted(sums)}
