"""Pairing gold items with predicted ones, the most alike first.

Legend: N gold items, M predicted items, E candidate pairs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tango_ie.data.annotations import Entity

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def spans_of(entities: Sequence[Entity]) -> Integers:
    """Starts and ends, (N, 2).

    >>> spans_of([Entity("PER", 0, 2)]).tolist()
    [[0, 2]]
    """
    spans = [(entity.start, entity.end) for entity in entities]
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def numbered(items: Iterable[Hashable]) -> Integers:
    """The same number for equal items, (N,).

    >>> numbered(["PER", "LOC", "PER"]).tolist()
    [0, 1, 0]
    """
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(item, len(numbers)) for item in items], dtype=np.int64)


def share_words(gold: Integers, predicted: Integers) -> Flags:
    """Which spans of the one side have a word in common with which of the other.

    Shapes:
        gold (N, 2), predicted (M, 2)
        returns (N, M)
    """
    starts_before = gold[:, None, 0] < predicted[None, :, 1]  # (N, M)
    ends_after = gold[:, None, 1] > predicted[None, :, 0]  # (N, M)
    return starts_before & ends_after


def likeness(gold: Integers, predicted: Integers) -> NDArray[np.float64]:
    """Words that both spans of a pair have, over the words that either has; in [0, 1].

    Shapes:
        gold (E, 2), predicted (E, 2)
        returns (E,)

    >>> likeness(np.array([[0, 2], [0, 2]]), np.array([[1, 3], [2, 4]])).tolist()
    [0.3333333333333333, 0.0]
    """
    ends = np.minimum(gold[:, 1], predicted[:, 1])  # (E,)
    shared = np.maximum(ends - np.maximum(gold[:, 0], predicted[:, 0]), 0)  # (E,)
    either = gold[:, 1] - gold[:, 0] + predicted[:, 1] - predicted[:, 0] - shared  # (E,)
    return shared / either


def pair_off(gold: Integers, predicted: Integers, keys: Sequence[NDArray[Any]]) -> list[int]:
    """Take candidate pairs in the order of their keys; each item goes into one pair at most.

    No candidate is left over of which both items are free. Ties go to the earlier gold item, then
    to the earlier predicted one; where items are sorted beforehand, the result does not depend on
    the order in which they were given.

    Args:
        gold: place of the gold item of each candidate.
        predicted: place of its predicted item.
        keys: the most important one first; small values come first.

    Returns:
        the candidates that were taken, as places in ``gold`` and ``predicted``.

    Shapes:
        gold (E,), predicted (E,), each of the keys (E,)

    >>> places = np.array([0, 0, 1]), np.array([0, 1, 1])
    >>> pair_off(*places, [np.array([2, 1, 2])])  # the second takes what the others need
    [1]
    """
    order = np.lexsort((predicted, gold, *reversed(keys)))  # (E,)
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    most = min(len(np.unique(gold)), len(np.unique(predicted)))
    taken: list[int] = []
    for candidate, one, other in zip(
        order.tolist(), gold[order].tolist(), predicted[order].tolist(), strict=True
    ):
        if one not in used_gold and other not in used_predicted:
            used_gold.add(one)
            used_predicted.add(other)
            taken.append(candidate)
            if len(taken) == most:
                break
    return taken
