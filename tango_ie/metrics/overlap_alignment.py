"""Pair gold entities with predicted ones that overlap them, so that the credit is the highest.

Every entity goes into one pair at most. Of all pairings with the highest credit we take one with
the most pairs worth two (one that is right is better than two that are half right), then with the
most pairs, then with the most equal labels, then with the most words in common. Both sides are
sorted first, so that the order of predictions does not matter.

Legend: N gold entities, M predicted entities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from tango_ie.data.annotations import Entity
from tango_ie.metrics.relation_mentions import item_place

Credit = Callable[[Entity, Entity], int]
"""What a pair of overlapping entities is worth: 0 or 1, or halves where some are half right."""
Pair = tuple[Entity, Entity]


@dataclass(frozen=True)
class Alignment:
    """All entities of a sentence, each in one place.

    Args:
        pairs: gold and predicted.
        missed: gold entities without a partner.
        spurious: predicted entities without a partner.
    """

    pairs: tuple[Pair, ...] = ()
    missed: tuple[Entity, ...] = ()
    spurious: tuple[Entity, ...] = ()


def align(
    gold: Iterable[Entity], predicted: Iterable[Entity], credit: Credit, *, equal_first: bool = True
) -> Alignment:
    """Pair the entities of one sentence; of equal ones on one side only one is looked at.

    Args:
        gold: in any order, nested or crossing as they may be.
        predicted: in any order.
        credit: what a pair is worth.
        equal_first: entities that are on both sides are paired with each other without asking what
            else could be had; right where no other pair is worth as much as half of such a one.

    >>> gold = [Entity("A", 0, 2), Entity("A", 2, 4)]
    >>> predicted = [Entity("A", 1, 3), Entity("A", 0, 1)]
    >>> [(one.start, other.start) for one, other in align(gold, predicted, lambda *_: 1).pairs]
    [(0, 0), (2, 1)]
    """
    wanted, found = set(gold), set(predicted)
    same = wanted & found if equal_first else set()
    pairs: list[Pair] = [(entity, entity) for entity in sorted(same, key=item_place)]
    rest, others = wanted - same, found - same
    missed: list[Entity] = []
    spurious: list[Entity] = []
    for some, opposite in _groups(rest, others):
        if not opposite:
            missed += some
        elif not some:
            spurious += opposite
        elif len(some) == len(opposite) == 1:
            pairs.append((some[0], opposite[0]))
        else:
            chosen = _assign(some, opposite, credit)
            pairs += chosen
            taken, given = {one for one, _ in chosen}, {other for _, other in chosen}
            missed += [entity for entity in some if entity not in taken]
            spurious += [entity for entity in opposite if entity not in given]
    return Alignment(tuple(pairs), tuple(missed), tuple(spurious))


def _groups(
    gold: Iterable[Entity], predicted: Iterable[Entity]
) -> Iterable[tuple[list[Entity], list[Entity]]]:
    """Entities that are joined by words, directly or through others; pairs never cross groups."""
    both = [(entity, 0) for entity in gold] + [(entity, 1) for entity in predicted]
    both.sort(key=lambda item: item_place(item[0]))
    group: tuple[list[Entity], list[Entity]] = ([], [])
    reached = 0
    for entity, side in both:
        if entity.start >= reached and (group[0] or group[1]):
            yield group
            group = ([], [])
        group[side].append(entity)
        reached = max(reached, entity.end)
    if group[0] or group[1]:
        yield group


def _assign(gold: list[Entity], predicted: list[Entity], credit: Credit) -> list[Pair]:
    """The best pairing of a group whose sides are sorted."""
    size = min(len(gold), len(predicted))
    words = max(entity.end - entity.start for entity in gold)
    # Each criterion outweighs all that come after it, over all pairs together.
    for_label = size * words + 1
    for_pair = for_label * (size + 1)
    for_whole = for_pair * (size + 1)
    for_credit = for_whole * (size + 1)
    worth = np.zeros((len(gold), len(predicted)))  # (N, M)
    for row, one in enumerate(gold):
        for column, other in enumerate(predicted):
            shared = min(one.end, other.end) - max(one.start, other.start)
            if shared > 0:
                value = credit(one, other)
                worth[row, column] = (
                    for_credit * value
                    + for_whole * (value == 2)
                    + for_pair
                    + for_label * (one.label == other.label)
                    + shared
                )
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [
        (gold[row], predicted[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if worth[row, column] > 0
    ]
