"""Entities by label and boundaries, and by boundaries alone."""

from __future__ import annotations

from collections.abc import Iterable

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.entities import STRICT
from tango_ie.metrics.rule import Rule, count_items

Span = tuple[int, int]


def count_strict(gold: Iterable[Entity], predicted: Iterable[Entity]) -> dict[str, Counts]:
    """Counts of one sentence by the strict rule, as :func:`tango_ie.metrics.count_entities`."""
    return count_items(
        {entity: entity.label for entity in gold}, {entity: entity.label for entity in predicted}
    )


def count_boundaries(gold: Iterable[Entity], predicted: Iterable[Entity]) -> dict[str, Counts]:
    """Counts of the spans of one sentence, whatever their labels.

    A span counts once, however many entities lie on it. It is put down to gold's label, so that
    recall per label says how many spans of that type were found under whatever name; of several
    gold labels to one that was predicted too, else to the first by name.

    >>> count_boundaries([Entity("PER", 0, 2)], [Entity("ORG", 0, 2)])
    {'PER': Counts(tp=1, fp=0, fn=0)}
    """
    wanted, found = _labels(gold), _labels(predicted)
    common = {span: labels & found.get(span, set()) for span, labels in wanted.items()}
    return count_items(
        {span: min(common[span] or labels) for span, labels in wanted.items()},
        {span: min(labels) for span, labels in found.items()},
    )


def _labels(entities: Iterable[Entity]) -> dict[Span, set[str]]:
    spans: dict[Span, set[str]] = {}
    for entity in entities:
        spans.setdefault((entity.start, entity.end), set()).add(entity.label)
    return spans


def _strict(gold: Sentence, predicted: Annotations) -> dict[str, Counts]:
    return count_strict(gold.entities, predicted.entities)


def _boundaries(gold: Sentence, predicted: Annotations) -> dict[str, Counts]:
    return count_boundaries(gold.entities, predicted.entities)


STRICT_ENTITIES = Rule("strict", STRICT, _strict)
BOUNDARIES = Rule(
    "boundaries",
    "an entity counts as found when both its boundaries equal those of a predicted entity of any "
    "label; a span counts once and is put down to gold's label",
    _boundaries,
)
