"""Pairing gold relations with the predictions that answer them wrongly.

Legend: N gold relations, M predicted ones, E candidate pairs; the arguments are head and tail.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tango_ie.metrics.pairing import (
    Flags,
    Integers,
    likeness,
    numbered,
    pair_off,
    share_words,
    spans_of,
)
from tango_ie.metrics.relation_mentions import RelationMention

PairKind = Literal["direction", "label", "argument"]

# In the order in which pairs are taken: a wrong label in gold's order, then in the other.
_KINDS: tuple[PairKind, ...] = ("direction", "label", "label", "argument")


def pair_relations(
    gold: Sequence[RelationMention],
    predicted: Sequence[RelationMention],
    symmetric: Collection[str] = (),
) -> list[tuple[PairKind, RelationMention, RelationMention]]:
    """Pair relations that are on one side only; each has one partner at most.

    Args:
        gold: in a definite order, which decides ties.
        predicted: the same.
        symmetric: labels without a direction; their arguments are compared either way round.
    """
    if not gold or not predicted:
        return []
    both = [*gold, *predicted]
    labels = numbered(mention.label for mention in both)  # (N + M,)
    entities = numbered(entity for mention in both for entity in (mention.head, mention.tail))
    spans = spans_of([entity for mention in both for entity in (mention.head, mention.tail)])
    ids, spans = entities.reshape(-1, 2), spans.reshape(-1, 2, 2)  # per argument
    first = len(gold)
    wanted, found = (ids[:first], spans[:first]), (ids[first:], spans[first:])
    swapped = (found[0][:, ::-1], found[1][:, ::-1])
    same_label = labels[:first, None] == labels[None, first:]  # (N, M)
    undirected = np.array([mention.label in symmetric for mention in gold])  # (N,)
    fits = [  # each (N, M), by place in _KINDS
        same_label & _equal(wanted[0], swapped[0]),
        ~same_label & _equal(wanted[0], found[0]),
        ~same_label & _equal(wanted[0], swapped[0]),
        same_label
        & (_touch(wanted[1], found[1]) | undirected[:, None] & _touch(wanted[1], swapped[1])),
    ]
    ranks = np.select(fits, range(len(fits)), len(fits))  # (N, M)
    ones, others = np.nonzero(ranks < len(fits))  # 2 × (E,)
    chosen = ranks[ones, others]  # (E,)
    alike = _likeness(wanted, ones, found, others)  # (E,)
    turned = np.where(undirected[ones], _likeness(wanted, ones, swapped, others), 0.0)  # (E,)
    taken = pair_off(ones, others, [chosen, -np.maximum(alike, turned)])
    return [(_KINDS[chosen[at]], gold[ones[at]], predicted[others[at]]) for at in taken]


_Arguments = tuple[Integers, Integers]  # numbers of the entities (N, 2) and their spans (N, 2, 2)


def _equal(gold: Integers, predicted: Integers) -> Flags:
    """Whether both arguments are the same, (N, 2), (M, 2) → (N, M)."""
    equal: Flags = (gold[:, None] == predicted[None]).all(axis=-1)
    return equal


def _touch(gold: Integers, predicted: Integers) -> Flags:
    """Whether an argument has a word in common with gold's, (N, 2, 2), (M, 2, 2) → (N, M)."""
    return share_words(gold[:, 0], predicted[:, 0]) | share_words(gold[:, 1], predicted[:, 1])


def _likeness(
    gold: _Arguments, ones: Integers, predicted: _Arguments, others: Integers
) -> NDArray[np.float64]:
    """From 0 to 2 for each argument: 2 if it is gold's, 1 if only its type is wrong, (E,)."""
    alike = np.zeros(len(ones))
    for role in (0, 1):
        alike += gold[0][ones, role] == predicted[0][others, role]
        alike += likeness(gold[1][ones, role], predicted[1][others, role])
    return alike
