"""Which argument of a relation is wrong, and in what way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from tango_ie.data.annotations import Entity
from tango_ie.metrics.pairing import likeness, spans_of
from tango_ie.metrics.relation_errors import RelationError
from tango_ie.metrics.relation_mentions import RelationMention

Role = Literal["head", "tail"]
ArgumentFault = Literal["type", "boundary", "boundary + type", "another entity"]


def argument_faults(
    error: RelationError, symmetric: Collection[str] = ()
) -> dict[Role, ArgumentFault]:
    """What is wrong with the arguments of an ``argument`` error; nothing for the other kinds.

    Args:
        error: of a sentence.
        symmetric: labels without a direction; their arguments are compared the better way round.

    >>> from tango_ie.metrics.diagnosis import ItemError
    >>> gold = RelationMention("born_in", Entity("PER", 0, 2), Entity("LOC", 4, 5))
    >>> predicted = RelationMention("born_in", Entity("PER", 0, 2), Entity("ORG", 4, 5))
    >>> argument_faults(ItemError("argument", gold, predicted))
    {'tail': 'type'}
    """
    gold, predicted = error.gold, error.predicted
    if error.kind != "argument" or gold is None or predicted is None:
        return {}
    head, tail = predicted.head, predicted.tail
    if gold.label in symmetric and _alike(gold, tail, head) > _alike(gold, head, tail):
        head, tail = tail, head
    faults: dict[Role, ArgumentFault] = {}
    if head != gold.head:
        faults["head"] = _fault(gold.head, head)
    if tail != gold.tail:
        faults["tail"] = _fault(gold.tail, tail)
    return faults


def _fault(gold: Entity, predicted: Entity) -> ArgumentFault:
    if (gold.start, gold.end) == (predicted.start, predicted.end):
        return "type"
    if predicted.start < gold.end and gold.start < predicted.end:
        return "boundary" if gold.label == predicted.label else "boundary + type"
    return "another entity"


def _alike(gold: RelationMention, head: Entity, tail: Entity) -> float:
    wanted, found = spans_of([gold.head, gold.tail]), spans_of([head, tail])  # 2 × (2, 2)
    equal = (gold.head == head) + (gold.tail == tail)
    return equal + float(likeness(wanted, found).sum())
