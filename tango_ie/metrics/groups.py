"""Break counts down: by what a sentence is like, or by what each entity is like."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts, total
from tango_ie.metrics.entities import STRICT
from tango_ie.metrics.rule import Measure, Rule, count_items


@dataclass(frozen=True)
class SentenceGroups:
    """Groups of sentences, by their gold.

    Args:
        name: what they are grouped by.
        sentence: what a table prints about them.
        labels: all groups, in the order in which they are shown.
        of: the groups that a sentence is in; more than one if they overlap, none if it counts
            nowhere.
    """

    name: str
    sentence: str
    labels: tuple[str, ...]
    of: Callable[[Sentence], Collection[str]] = field(compare=False, repr=False)


@dataclass(frozen=True)
class EntityGroups:
    """Groups of entities, each of which is in one.

    Args:
        name: what they are grouped by.
        sentence: what a table prints about them.
        labels: all groups, in the order in which they are shown.
        of: the groups of all entities of one sentence, given its words. It is asked for gold's and
            for the predicted ones in turn.
        measure: what is looked at of each group.
    """

    name: str
    sentence: str
    labels: tuple[str, ...]
    of: Callable[[Sequence[str], Collection[Entity]], Mapping[Entity, str]] = field(
        compare=False, repr=False
    )
    measure: Measure = "f1"


@dataclass(frozen=True)
class Buckets:
    """Ranges of whole numbers.

    Args:
        last: the last number of each range but the final one, which has no end; ascending.
        first: the smallest number that occurs.

    Raises:
        ConfigurationError: ``last`` is empty, does not ascend, or begins below ``first``.

    >>> Buckets((1, 3)).labels
    ('1', '2–3', '4+')
    >>> Buckets((1, 3)).label(3)
    '2–3'
    """

    last: tuple[int, ...]
    first: int = 1

    def __post_init__(self) -> None:
        ascending = all(one < other for one, other in pairwise(self.last))
        if not self.last or not ascending or self.last[0] < self.first:
            raise ConfigurationError(
                f"expected ascending numbers from {self.first} on, found {self.last}", "last"
            )

    @property
    def labels(self) -> tuple[str, ...]:
        """One for each range."""
        starts = (self.first, *(number + 1 for number in self.last))
        closed = [
            str(start) if start == end else f"{start}–{end}"
            for start, end in zip(starts, self.last, strict=False)
        ]
        return (*closed, f"{starts[-1]}+")

    def label(self, number: int) -> str:
        """The range of a number."""
        return self.labels[bisect_left(self.last, number)]


def by_sentence(rule: Rule, groups: SentenceGroups) -> Rule:
    """The same rule, with the counts of each sentence put down to the groups of the sentence.

    What is invented in a sentence counts against its groups. Where a sentence is in two groups its
    counts are in both, so that the groups do not add up to the whole.
    """

    def count(gold: Sentence, predicted: Annotations) -> dict[str, Counts]:
        whole = total(rule.count(gold, predicted).values())
        return dict.fromkeys(sorted(groups.of(gold)), whole) if whole != Counts() else {}

    return Rule(
        f"{rule.name} by {groups.name}",
        f"{rule.sentence}; {groups.sentence}",
        count,
        groups.labels,
        rule.unit,
        rule.things,
        groups.name,
    )


def by_entity(groups: EntityGroups) -> Rule:
    """The strict rule, with each entity put down to its group.

    Found and missed entities are in the group that they have among gold's, invented ones in that
    which they have among the predicted, so that recall is exact for each group, and precision says
    how far predictions of such a kind can be trusted.
    """

    def count(gold: Sentence, predicted: Annotations) -> dict[str, Counts]:
        if not gold.entities and not predicted.entities:
            return {}
        return count_items(
            groups.of(gold.words, gold.entities),
            groups.of(gold.words, predicted.entities),
        )

    return Rule(
        f"strict by {groups.name}",
        f"{STRICT}; {groups.sentence}",
        count,
        groups.labels,
        grouped_by=groups.name,
        measure=groups.measure,
    )


def bucketed(buckets: Buckets, sizes: Iterable[tuple[Entity, int]]) -> dict[Entity, str]:
    """The range of each entity's number.

    >>> bucketed(Buckets((1,)), [(Entity("PER", 0, 2), 2)])
    {Entity(label='PER', start=0, end=2, score=None): '2+'}
    """
    labels = buckets.labels
    return {entity: labels[bisect_left(buckets.last, size)] for entity, size in sizes}
