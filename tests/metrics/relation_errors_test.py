"""Every kind of relation error by hand, and the laws that hold for all of them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.metrics.argument_faults import argument_faults
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.diagnosis import Diagnosis
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.relation_errors import (
    RELATION_ERRORS,
    diagnose_mentions,
    diagnose_relations,
)
from tango_ie.metrics.relation_mentions import RelationMention, relation_mentions
from tests.metrics.drawn_annotations import annotated, relation_sentences

Mentions = list[RelationMention]

ANN, BOB, CITY = Entity("PER", 0, 2), Entity("PER", 3, 4), Entity("LOC", 5, 7)
PART, TYPED, FAR = Entity("LOC", 6, 7), Entity("ORG", 5, 7), Entity("LOC", 9, 10)


def lives(head: Entity, tail: Entity) -> RelationMention:
    return RelationMention("lives_in", head, tail)


def born(head: Entity, tail: Entity) -> RelationMention:
    return RelationMention("born_in", head, tail)


def knows(head: Entity, tail: Entity) -> RelationMention:
    return RelationMention("knows", head, tail)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([lives(ANN, CITY)], [lives(ANN, CITY)], [], id="correct"),
        pytest.param([lives(ANN, CITY)], [], [("missed", 0, None)], id="missed"),
        pytest.param([], [lives(ANN, CITY)], [("spurious", None, 0)], id="spurious"),
        pytest.param([lives(ANN, CITY)], [lives(CITY, ANN)], [("direction", 0, 0)], id="direction"),
        pytest.param([lives(ANN, CITY)], [born(ANN, CITY)], [("label", 0, 0)], id="label"),
        pytest.param([lives(ANN, CITY)], [born(CITY, ANN)], [("label", 0, 0)], id="label, turned"),
        pytest.param([lives(ANN, CITY)], [lives(ANN, PART)], [("argument", 0, 0)], id="boundary"),
        pytest.param([lives(ANN, CITY)], [lives(ANN, TYPED)], [("argument", 0, 0)], id="type"),
        pytest.param([lives(ANN, CITY)], [lives(ANN, FAR)], [("argument", 0, 0)], id="another"),
        pytest.param(
            [lives(ANN, CITY)],
            [lives(BOB, PART)],
            [("argument", 0, 0)],
            id="both arguments wrong, one of them near",
        ),
        pytest.param(
            [lives(ANN, CITY)],
            [lives(BOB, FAR)],
            [("missed", 0, None), ("spurious", None, 0)],
            id="nothing in common but the label",
        ),
        pytest.param(
            [lives(ANN, CITY)],
            [born(ANN, PART)],
            [("missed", 0, None), ("spurious", None, 0)],
            id="label and argument wrong",
        ),
        pytest.param(
            [lives(ANN, CITY)],
            [born(ANN, CITY), lives(ANN, PART)],
            [("label", 0, 0), ("spurious", None, 1)],
            id="the pair comes before the label",
        ),
        pytest.param(
            [lives(ANN, CITY)],
            [lives(CITY, ANN), born(ANN, CITY)],
            [("direction", 0, 0), ("spurious", None, 1)],
            id="direction comes first",
        ),
        pytest.param(
            [lives(ANN, CITY), lives(BOB, CITY)],
            [lives(ANN, FAR), lives(BOB, PART)],
            [("argument", 0, 0), ("argument", 1, 1)],
            id="the more alike go together",
        ),
        pytest.param(
            [lives(ANN, CITY), lives(ANN, CITY)],
            [lives(ANN, CITY), lives(ANN, CITY)],
            [],
            id="duplicates count once",
        ),
    ],
)
def test_by_hand(
    gold: Mentions, predicted: Mentions, expected: list[tuple[str, int | None, int | None]]
) -> None:
    errors = diagnose_mentions(gold, predicted).errors
    assert {(error.kind, error.gold, error.predicted) for error in errors} == {
        (
            kind,
            None if one is None else gold[one],
            None if other is None else predicted[other],
        )
        for kind, one, other in expected
    }
    assert len(errors) == len(expected)


def test_symmetric_labels_have_no_direction() -> None:
    gold, predicted = [knows(ANN, BOB)], [knows(BOB, ANN)]
    found = [Annotations((ANN, BOB), (Relation("knows", head, 1 - head),)) for head in (0, 1)]
    assert diagnose_mentions(gold, predicted).errors[0].kind == "direction"
    assert diagnose_relations(found[:1], found[1:])[0].errors[0].kind == "direction"
    diagnosis = diagnose_relations(found[:1], found[1:], symmetric=["knows"])[0]
    assert diagnosis == Diagnosis((knows(ANN, BOB),))


def test_arguments_of_symmetric_labels_are_compared_either_way_round() -> None:
    gold, predicted = knows(BOB, CITY), knows(ANN, BOB)
    assert [error.kind for error in diagnose_mentions([gold], [predicted]).errors] == [
        "spurious",
        "missed",
    ]
    (error,) = diagnose_mentions([gold], [predicted], symmetric={"knows"}).errors
    assert error.kind == "argument"
    assert argument_faults(error, symmetric={"knows"}) == {"tail": "another entity"}


def test_symmetric_pairs_are_ranked_the_better_way_round() -> None:
    nearer, near = knows(ANN, BOB), knows(ANN, PART)
    errors = diagnose_mentions([knows(BOB, CITY)], [near, nearer], symmetric={"knows"}).errors
    assert {(error.kind, error.predicted) for error in errors} == {
        ("argument", nearer),
        ("spurious", near),
    }


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (lives(ANN, PART), {"tail": "boundary"}),
        (lives(ANN, TYPED), {"tail": "type"}),
        (lives(BOB, CITY), {"head": "another entity"}),
        (
            lives(Entity("ORG", 0, 1), Entity("ORG", 6, 8)),
            {"head": "boundary + type", "tail": "boundary + type"},
        ),
        (born(ANN, CITY), {}),
        (lives(CITY, ANN), {}),
    ],
)
def test_argument_faults(predicted: RelationMention, expected: dict[str, str]) -> None:
    (error,) = diagnose_mentions([lives(ANN, CITY)], [predicted]).errors
    assert argument_faults(error) == expected


def test_faults_of_errors_without_a_partner() -> None:
    (error,) = diagnose_mentions([lives(ANN, CITY)], []).errors
    assert argument_faults(error) == {}


def test_confidence_is_the_relations_own() -> None:
    gold = [Annotations((ANN, CITY), (Relation("lives_in", 0, 1),))]
    predicted = [
        Annotations((CITY, replace(ANN, score=0.1)), (Relation("lives_in", 0, 1, score=0.8),))
    ]
    (error,) = diagnose_relations(gold, predicted)[0].errors
    assert (error.kind, error.confidence, error.label) == ("direction", 0.8, "lives_in")


@pytest.mark.parametrize("place", [-1, 2])
def test_relations_that_point_nowhere(place: int) -> None:
    with pytest.raises(DataError, match="points outside the 2 entities"):
        relation_mentions(Annotations((ANN, CITY), (Relation("lives_in", 0, place),)))


def test_other_sentences() -> None:
    with pytest.raises(DataError, match="0 predicted sentences"):
        diagnose_relations([Annotations()], [])


@given(annotated(), annotated())
def test_each_item_is_used_once_and_kinds_are_as_defined(
    gold: Annotations, predicted: Annotations
) -> None:
    (diagnosis,) = diagnose_relations([gold], [predicted])
    wanted = [error.gold for error in diagnosis.errors if error.gold is not None]
    found = [error.predicted for error in diagnosis.errors if error.predicted is not None]
    assert len({*wanted}) == len(wanted)
    assert len({*found}) == len(found)
    assert {*diagnosis.correct, *wanted} == {*relation_mentions(gold)}
    assert {*diagnosis.correct, *found} == {*relation_mentions(predicted)}
    for error in diagnosis.errors:
        if error.gold is not None and error.predicted is not None:
            assert error.kind == kind_of(error.gold, error.predicted)
    missed = [error.gold for error in diagnosis.errors if error.predicted is None]
    spurious = [error.predicted for error in diagnosis.errors if error.gold is None]
    for one in missed:  # nobody is left alone who has somebody to go with
        for other in spurious:
            assert one is not None and other is not None
            assert kind_of(one, other) is None


def kind_of(gold: RelationMention, predicted: RelationMention) -> str | None:
    straight = (gold.head, gold.tail) == (predicted.head, predicted.tail)
    turned = (gold.head, gold.tail) == (predicted.tail, predicted.head)
    if gold.label != predicted.label:
        return "label" if straight or turned else None
    pairs = [(gold.head, predicted.head), (gold.tail, predicted.tail)]
    near = any(one.start < other.end and other.start < one.end for one, other in pairs)
    return "direction" if turned else "argument" if near else None


@given(annotated(), annotated(), st.sets(st.sampled_from("ABC")), st.randoms())
def test_order_and_scores_do_not_matter(
    gold: Annotations, predicted: Annotations, symmetric: set[str], generator: random.Random
) -> None:
    expected = diagnose_relations([gold], [predicted], symmetric)
    mixed = [
        Annotations(item.entities, tuple(generator.sample(item.relations, len(item.relations))))
        for item in (gold, predicted)
    ]
    assert diagnose_relations(mixed[:1], mixed[1:], symmetric) == expected
    unscored = [
        Annotations(item.entities, tuple(replace(one, score=None) for one in item.relations))
        for item in (gold, predicted)
    ]
    assert diagnose_relations(unscored[:1], unscored[1:], symmetric) == expected


@given(relation_sentences, st.sets(st.sampled_from("ABC")))
def test_errors_add_up_to_the_strict_counts(
    sentences: list[tuple[Annotations, Annotations]], symmetric: set[str]
) -> None:
    gold, predicted = [pair[0] for pair in sentences], [pair[1] for pair in sentences]
    counts = ErrorCounts.of(diagnose_relations(gold, predicted, symmetric), RELATION_ERRORS)
    expected: dict[str, Counts] = {}
    for one, other in sentences:
        wanted, found = strict_set(one, symmetric), strict_set(other, symmetric)
        for relation in wanted | found:
            known = expected.get(relation[0], Counts())
            expected[relation[0]] = known + Counts(
                tp=relation in wanted & found,
                fp=relation in found - wanted,
                fn=relation in wanted - found,
            )
    assert counts.strict == expected


def strict_set(sentence: Annotations, symmetric: set[str]) -> set[tuple[str, object]]:
    found: set[tuple[str, object]] = set()
    for relation in sentence.relations:
        pair = sentence.entities[relation.head], sentence.entities[relation.tail]
        arguments = frozenset(pair) if relation.label in symmetric else pair
        found.add((relation.label, arguments))
    return found
