"""Confidences as columns."""

from __future__ import annotations

import math

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.relation_mentions import RelationMention
from tango_ie.metrics.scored_items import scored_items


def test_by_hand() -> None:
    gold = [[Entity("B", 0, 1), Entity("B", 0, 1), Entity("C", 2, 3)], [Entity("B", 0, 1)]]
    predicted = [
        [Entity("B", 0, 1, score=0.2), Entity("B", 0, 1, score=0.8), Entity("A", 2, 3, score=0.5)],
        [Entity("B", 0, 1), Entity("B", 1, 2, score=0.1)],
    ]
    items = scored_items(gold, predicted)
    assert items.labels == ("A", "B", "C")
    assert items.num_gold.tolist() == [0, 2, 1]
    assert items.num_unscored == 1
    rows = zip(items.scores.tolist(), items.correct.tolist(), items.label_ids.tolist(), strict=True)
    assert sorted(rows) == [(0.1, False, 1), (0.5, False, 0), (0.8, True, 1)]
    assert len(items) == 3


def test_nothing_at_all() -> None:
    items = scored_items([[]], [[]])
    assert (len(items), items.labels, items.num_gold.tolist()) == (0, (), [])


def test_relations() -> None:
    head, tail = Entity("PER", 0, 1), Entity("LOC", 2, 3)
    gold = [[RelationMention("in", head, tail)]]
    items = scored_items(gold, [[RelationMention("in", head, tail, score=0.7)]])
    assert items.scores.tolist() == [0.7]
    assert items.correct.tolist() == [True]


@pytest.mark.parametrize("score", [-0.1, 1.5, math.nan, math.inf])
def test_what_is_no_probability(score: float) -> None:
    with pytest.raises(DataError, match=r"must lie in \[0, 1\]"):
        scored_items([[]], [[Entity("A", 0, 1, score=score)]])


def test_other_numbers_of_sentences_are_refused() -> None:
    with pytest.raises(DataError, match="1 predicted sentences cannot be compared with 2"):
        scored_items([[], []], [[]])
