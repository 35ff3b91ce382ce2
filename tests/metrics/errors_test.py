"""Every kind of entity error by hand, and the laws that hold for all of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.entities import count_entities, per_label
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.errors import ENTITY_ERRORS, diagnose_entities, diagnose_sentence
from tests.data.generated import flat_entities
from tests.metrics.drawn_annotations import entities, entity_sentences

Entities = list[Entity]
Expected = list[tuple[str, Entity | None, Entity | None]]


def errors_of(gold: Entities, predicted: Entities) -> Expected:
    errors = diagnose_sentence(gold, predicted).errors
    return [(error.kind, error.gold, error.predicted) for error in errors]


A, B = Entity("A", 2, 5), Entity("B", 2, 5)  # the same span
INNER, OUTER, CROSSING = Entity("A", 3, 4), Entity("A", 0, 9), Entity("A", 4, 7)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([A], [A], [], id="correct"),
        pytest.param([A], [], [("missed", A, None)], id="missed"),
        pytest.param([], [A], [("spurious", None, A)], id="spurious"),
        pytest.param(
            [A],
            [Entity("A", 5, 6)],
            [("missed", A, None), ("spurious", None, Entity("A", 5, 6))],
            id="neighbours share no word",
        ),
        pytest.param([A], [B], [("type", A, B)], id="type"),
        pytest.param([A], [CROSSING], [("boundary", A, CROSSING)], id="boundary, crossing"),
        pytest.param([A], [INNER], [("boundary", A, INNER)], id="boundary, inside"),
        pytest.param([B], [OUTER], [("boundary + type", B, OUTER)], id="boundary and type"),
        pytest.param(
            [A],
            [B, CROSSING],
            [("type", A, B), ("nested conflict", None, CROSSING)],
            id="gold's span comes before its type; what remains lies across it",
        ),
        pytest.param(
            [A],
            [Entity("B", 2, 6), Entity("A", 4, 9)],
            [("boundary", A, Entity("A", 4, 9)), ("nested conflict", None, Entity("B", 2, 6))],
            id="gold's type comes before the larger overlap",
        ),
        pytest.param(
            [Entity("A", 0, 1), Entity("A", 1, 3)],
            [Entity("A", 0, 3)],
            [
                ("missed", Entity("A", 0, 1), None),
                ("boundary", Entity("A", 1, 3), Entity("A", 0, 3)),
            ],
            id="two flat ones merged: the more alike is answered, the other missed",
        ),
        pytest.param(
            [OUTER, A], [OUTER], [("nested conflict", A, None)], id="the inner of two not found"
        ),
        pytest.param(
            [OUTER, A], [A], [("nested conflict", OUTER, None)], id="the outer of two not found"
        ),
        pytest.param(
            [A], [A, OUTER], [("nested conflict", None, OUTER)], id="one around a correct one"
        ),
        pytest.param([A, B], [A], [("nested conflict", B, None)], id="a second type of a span"),
        pytest.param(
            [A, CROSSING], [A], [("nested conflict", CROSSING, None)], id="across a correct one"
        ),
        pytest.param(
            [OUTER, INNER],
            [Entity("A", 0, 8)],
            [("boundary", OUTER, Entity("A", 0, 8)), ("nested conflict", INNER, None)],
            id="inside one with wrong boundaries",
        ),
        pytest.param(
            [OUTER, INNER],
            [Entity("A", 5, 9)],
            [("boundary", OUTER, Entity("A", 5, 9)), ("missed", INNER, None)],
            id="inside one whose prediction does not touch it: missed",
        ),
        pytest.param(
            [OUTER, INNER], [OUTER, B], [("boundary + type", INNER, B)], id="nested, but answered"
        ),
        pytest.param(
            [A, A], [B, B, Entity("B", 2, 5, score=0.5)], [("type", A, B)], id="duplicates"
        ),
    ],
)
def test_by_hand(gold: Entities, predicted: Entities, expected: Expected) -> None:
    assert errors_of(gold, predicted) == expected


def test_confidence_and_label() -> None:
    gold = [Entity("A", 0, 1), Entity("A", 2, 3)]
    predicted = [
        Entity("B", 0, 1, 0.4),
        Entity("B", 0, 1, 0.6),
        Entity("B", 0, 1),
        Entity("C", 5, 6),
    ]
    diagnosis = diagnose_sentence(gold, predicted)
    assert [(error.kind, error.label, error.confidence) for error in diagnosis.errors] == [
        ("type", "A", 0.6),  # the surest of duplicates
        ("missed", "A", None),
        ("spurious", "C", None),
    ]


def test_correct_ones_keep_their_confidence() -> None:
    diagnosis = diagnose_sentence([Entity("A", 0, 1)], [Entity("A", 0, 1, score=0.9)])
    assert [entity.score for entity in diagnosis.correct] == [0.9]


def test_other_sentences() -> None:
    with pytest.raises(DataError, match="1 predicted sentences cannot be compared with 2"):
        diagnose_entities([[], []], [[]])


@given(entities, entities)
def test_each_item_is_used_once(gold: Entities, predicted: Entities) -> None:
    diagnosis = diagnose_sentence(gold, predicted)
    wanted = [error.gold for error in diagnosis.errors if error.gold is not None]
    found = [error.predicted for error in diagnosis.errors if error.predicted is not None]
    assert len({*wanted}) == len(wanted)
    assert len({*found}) == len(found)
    assert {*diagnosis.correct} == {*gold} & {*predicted}
    assert {*wanted} == {*gold} - {*predicted}
    assert {*found} == {*predicted} - {*gold}


@given(entities, entities)
def test_kinds_are_as_defined(gold: Entities, predicted: Entities) -> None:
    diagnosis = diagnose_sentence(gold, predicted)
    pairs = [(entity, entity) for entity in diagnosis.correct]
    for error in diagnosis.errors:
        if error.gold is not None and error.predicted is not None:
            pairs.append((error.gold, error.predicted))
            same_span = error.gold.start == error.predicted.start and (
                error.gold.end == error.predicted.end
            )
            same_type = error.gold.label == error.predicted.label
            assert touching(error.gold, error.predicted)
            assert error.kind == (
                "type" if same_span else "boundary" if same_type else "boundary + type"
            )
    alone = [error for error in diagnosis.errors if error.gold is None or error.predicted is None]
    for error in alone:
        side, item = next(error.wrong_items)
        conflict = any(touching(item, one) and touching(item, other) for one, other in pairs)
        plain = "missed" if side == "gold" else "spurious"
        assert error.kind == ("nested conflict" if conflict else plain)
    for one in alone:  # nobody is left alone who has somebody to go with
        for other in alone:
            if one.gold is not None and other.predicted is not None:
                assert not touching(one.gold, other.predicted)


def touching(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


@given(entities, entities, st.randoms(use_true_random=False))
def test_order_and_scores_do_not_matter(
    gold: Entities, predicted: Entities, generator: random.Random
) -> None:
    mixed = [Entity(item.label, item.start, item.end, generator.random()) for item in predicted]
    generator.shuffle(mixed)
    shuffled = generator.sample(gold, len(gold))
    assert diagnose_sentence(gold, predicted) == diagnose_sentence(shuffled, mixed)


@given(entities, entities, st.randoms(use_true_random=False))
def test_order_does_not_matter_for_confidence(
    gold: Entities, predicted: Entities, generator: random.Random
) -> None:
    mixed = generator.sample(predicted, len(predicted))
    first, second = diagnose_sentence(gold, predicted), diagnose_sentence(gold, mixed)
    assert [error.confidence for error in first.errors] == [
        error.confidence for error in second.errors
    ]


@given(flat_entities(12), flat_entities(12))
def test_no_nested_conflict_between_flat_entities(gold: Entities, predicted: Entities) -> None:
    assert "nested conflict" not in {kind for kind, _, _ in errors_of(gold, predicted)}


@given(entity_sentences)
def test_errors_add_up_to_the_strict_counts(sentences: list[tuple[Entities, Entities]]) -> None:
    gold, predicted = [pair[0] for pair in sentences], [pair[1] for pair in sentences]
    counts = ErrorCounts.of(diagnose_entities(gold, predicted), ENTITY_ERRORS)
    assert counts.strict == per_label(count_entities(gold, predicted))


def test_a_sentence_of_many_words() -> None:
    words = range(0, 2400, 2)
    gold = [Entity("A", start, start + 2) for start in words]
    predicted = [Entity("A", start + 1, start + 3) for start in words]
    assert {kind for kind, _, _ in errors_of(gold, predicted)} == {"boundary"}
    assert len(errors_of(gold, predicted)) == 1200
