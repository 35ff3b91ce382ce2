"""The pairing against the best of all pairings."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity
from tango_ie.metrics.overlap_alignment import Alignment, Credit, align
from tango_ie.metrics.semeval import CREDITS, SCHEMES, Scheme
from tests.metrics.drawn_annotations import entities

Value = tuple[int, int, int, int]


def value(pairs: list[tuple[Entity, Entity]], credit: Credit) -> Value:
    labels = sum(one.label == other.label for one, other in pairs)
    worth = [credit(*pair) for pair in pairs]
    return sum(worth), worth.count(2), len(pairs), labels


def added(one: Value, other: Value) -> Value:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def best_value(gold: list[Entity], predicted: list[Entity], credit: Credit) -> Value:
    """By trying all pairings."""

    @cache
    def best(place: int, free: frozenset[int]) -> Value:
        if place == len(gold):
            return 0, 0, 0, 0
        found = [best(place + 1, free)]
        for other in free:
            one, two = gold[place], predicted[other]
            if one.start < two.end and two.start < one.end:
                rest = best(place + 1, free - {other})
                found.append(added(rest, value([(one, two)], credit)))
        return max(found)

    return best(0, frozenset(range(len(predicted))))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(gold=entities, predicted=entities)
def test_no_pairing_is_better(gold: list[Entity], predicted: list[Entity], scheme: Scheme) -> None:
    credit = CREDITS[scheme]
    found = align(gold, predicted, credit, equal_first=scheme != "ent_type")
    best = best_value(sorted_set(gold), sorted_set(predicted), credit)
    reached = value([*found.pairs], credit)
    assert reached[:2] == best[:2]
    if scheme == "ent_type":  # elsewhere equal entities are paired before anything is asked
        assert reached == best
    everything_once(gold, predicted, found)


def sorted_set(items: list[Entity]) -> list[Entity]:
    return sorted({*items}, key=lambda item: (item.start, item.end, item.label))


def everything_once(gold: list[Entity], predicted: list[Entity], found: Alignment) -> None:
    ones = [one for one, _ in found.pairs]
    others = [other for _, other in found.pairs]
    assert sorted_set([*ones, *found.missed]) == sorted_set(gold)
    assert sorted_set([*others, *found.spurious]) == sorted_set(predicted)
    assert len(ones) + len(found.missed) == len({*gold})
    assert len(others) + len(found.spurious) == len({*predicted})
    assert all(one.start < two.end and two.start < one.end for one, two in found.pairs)


@given(entities, entities, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    gold: list[Entity], predicted: list[Entity], generator: random.Random
) -> None:
    def pairs() -> set[tuple[Entity, Entity]]:
        return {*align(gold, predicted, lambda *_: 1, equal_first=False).pairs}

    expected = pairs()
    generator.shuffle(gold)
    generator.shuffle(predicted)
    assert pairs() == expected


def test_the_most_words_in_common_decide_at_last() -> None:
    gold = [Entity("A", 0, 6)]
    predicted = [Entity("B", 0, 1), Entity("B", 1, 5), Entity("B", 5, 7)]
    found = align(gold, predicted, lambda *_: 1)
    assert found.pairs == ((gold[0], predicted[1]),)
    assert found.spurious == (predicted[0], predicted[2])


def test_names_decide_between_predictions_that_are_alike() -> None:
    # Sets of strings have another order in every process, pairs must not.
    predicted = [Entity(label, 1, 2) for label in "HGFEDCBZ"]
    found = align([Entity("A", 0, 4)], predicted, lambda *_: 1)
    assert found.pairs == ((Entity("A", 0, 4), Entity("B", 1, 2)),)
