"""Strict and boundaries: cases counted by hand, and what ties the two together."""

from __future__ import annotations

import pytest
from hypothesis import given

from tango_ie.data.annotations import Entity
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts, macro, total
from tango_ie.metrics.entities import count_entities
from tango_ie.metrics.entity_rules import count_boundaries, count_strict
from tests.metrics.drawn_annotations import entities, entity_sentences
from tests.metrics.spert_scorer import entity_tuples, spert_scores

Entities = list[Entity]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([], [], {}, id="both empty"),
        pytest.param([], [Entity("A", 0, 1)], {"A": Counts(fp=1)}, id="empty gold"),
        pytest.param([Entity("A", 0, 1)], [], {"A": Counts(fn=1)}, id="empty prediction"),
        pytest.param([Entity("A", 0, 2)], [Entity("B", 0, 2)], {"A": Counts(tp=1)}, id="type"),
        pytest.param(
            [Entity("A", 0, 2)],
            [Entity("B", 0, 3)],
            {"A": Counts(fn=1), "B": Counts(fp=1)},
            id="boundary",
        ),
        pytest.param(
            [Entity("A", 0, 2)],
            [Entity("B", 0, 2), Entity("C", 0, 2)],
            {"A": Counts(tp=1)},
            id="one span under two names counts once",
        ),
        pytest.param(
            [Entity("A", 0, 2), Entity("B", 0, 2)],
            [Entity("B", 0, 2)],
            {"B": Counts(tp=1)},
            id="of two gold labels the predicted one",
        ),
        pytest.param(
            [Entity("B", 0, 2), Entity("A", 0, 2)],
            [Entity("C", 0, 2)],
            {"A": Counts(tp=1)},
            id="of two gold labels the first by name",
        ),
        pytest.param(
            [Entity("A", 0, 5), Entity("A", 1, 2), Entity("B", 3, 6)],
            [Entity("B", 0, 5), Entity("B", 1, 3), Entity("B", 3, 6)],
            {"A": Counts(tp=1, fn=1), "B": Counts(tp=1, fp=1)},
            id="nested and crossing",
        ),
    ],
)
def test_boundaries_by_hand(
    gold: Entities, predicted: Entities, expected: dict[str, Counts]
) -> None:
    assert count_boundaries(gold, predicted) == expected


@given(entities, entities)
def test_strict_is_the_rule_that_was_there_before(gold: Entities, predicted: Entities) -> None:
    assert count_strict(gold, predicted) == count_entities([gold], [predicted])[0]


@given(entities, entities)
def test_boundaries_are_strict_without_labels(gold: Entities, predicted: Entities) -> None:
    def bare(items: Entities) -> Entities:
        return [Entity("", item.start, item.end) for item in items]

    expected = total(count_strict(bare(gold), bare(predicted)).values())
    assert total(count_boundaries(gold, predicted).values()) == expected


@given(entity_sentences)
def test_equal_to_spert(pairs: list[tuple[Entities, Entities]]) -> None:
    theirs = spert_scores(*([entity_tuples(each, True) for each in side] for side in sides(pairs)))
    table = CountTable.from_sentences([count_strict(*pair) for pair in pairs])
    counts = table.per_label
    if theirs:
        assert table.total.ratios == pytest.approx(theirs.pop("micro"))
        assert macro(list(counts.values())) == pytest.approx(theirs.pop("macro"))
    assert {*counts} == {*theirs}
    for label, row in theirs.items():
        assert counts[label].ratios == pytest.approx(row)


@given(entity_sentences)
def test_boundaries_equal_to_spert(pairs: list[tuple[Entities, Entities]]) -> None:
    # SpERT knows one label here, "entity"; we keep gold's, so that only the sum can be compared.
    theirs = spert_scores(*([entity_tuples(each, False) for each in side] for side in sides(pairs)))
    table = CountTable.from_sentences([count_boundaries(*pair) for pair in pairs])
    assert table.total.ratios == pytest.approx(theirs.get("micro", (0, 0, 0)))


def sides(pairs: list[tuple[Entities, Entities]]) -> tuple[list[Entities], list[Entities]]:
    return [gold for gold, _ in pairs], [predicted for _, predicted in pairs]
