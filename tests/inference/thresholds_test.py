"""Thresholds: what they keep, what goes with it, and how they are found."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.inference import AnnotationThresholds, find_thresholds
from tango_ie.metrics import Thresholds
from tango_ie.metrics.relation_mentions import relation_mentions
from tests.metrics.drawn_annotations import annotated

A, B, C = (Entity("PER", 0, 1, 0.9), Entity("LOC", 1, 2, 0.3), Entity("PER", 2, 3, 0.6))
FOUND = Annotations(
    (B, A, C),
    (Relation("x", 0, 1, 0.9), Relation("y", 2, 1, 0.2), Relation("y", 1, 2, 0.8)),
    {"pos": ("N", "N", "N")},
)
thresholds = st.none() | st.builds(
    Thresholds, st.floats(0, 1), st.dictionaries(st.sampled_from("AB"), st.floats(0, 1))
)


def test_relations_go_with_their_entities_and_the_others_point_to_the_same() -> None:
    kept = AnnotationThresholds(Thresholds(0.5)).apply(FOUND)
    assert kept.entities == (A, C)
    assert kept.relations == (Relation("y", 1, 0), Relation("y", 0, 1))
    assert [relation.score for relation in kept.relations] == [0.2, 0.8]
    assert kept.tags == FOUND.tags


def test_relations_alone_take_no_entities_with_them() -> None:
    kept = AnnotationThresholds(relations=Thresholds(1.1, {"y": 0.5})).apply(FOUND)
    assert kept.entities == FOUND.entities
    assert kept.relations == (Relation("y", 1, 2),)


def test_without_thresholds_and_without_confidences_all_is_kept() -> None:
    assert AnnotationThresholds().apply(FOUND) == FOUND
    unscored = Annotations((replace(A, score=None),), (Relation("x", 0, 0),))
    assert AnnotationThresholds(Thresholds(2.0), Thresholds(2.0)).apply(unscored) == unscored


def test_relations_of_a_copy_that_goes_move_to_the_one_that_stays() -> None:
    doubled = Annotations((replace(A, score=0.1), A, C), (Relation("x", 0, 2, 0.9),))
    kept = AnnotationThresholds(Thresholds(0.5)).apply(doubled)
    assert (kept.entities, kept.relations) == ((A, C), (Relation("x", 0, 1),))


@given(annotated(), thresholds, thresholds)
def test_what_is_kept_is_what_was_predicted(
    found: Annotations, entities: Thresholds | None, relations: Thresholds | None
) -> None:
    kept = AnnotationThresholds(entities, relations).apply(found)
    sure = set(found.entities if entities is None else entities.keep(found.entities))
    assert set(kept.entities) == sure
    wanted = [
        mention
        for mention in relation_mentions(found)
        if mention.head in sure
        and mention.tail in sure
        and (relations is None or relations.keeps(mention.label, mention.score))
    ]
    assert relation_mentions(kept) == wanted


def test_config() -> None:
    one = AnnotationThresholds(Thresholds(0.4, {"PER": 0.25}))
    assert build(Thresholds | None, one.to_json()["entities"]) == one.entities
    assert one.to_json()["relations"] is None


def test_thresholds_are_found_for_entities_first_and_for_relations_among_those_kept() -> None:
    gold = [Sentence(("a", "b", "c"), (A, C), (Relation("y", 0, 1),))]
    found = find_thresholds(gold, [FOUND])
    assert found.entities is not None and found.relations is not None
    assert found.entities.overall == pytest.approx(0.45)
    assert found.relations.overall == pytest.approx(0.5)
    # Among all relations "x" would be the surest, and wrong.
    assert found.relations.before.predicted == 2
    kept = found.apply(FOUND)
    assert (kept.entities, kept.relations) == ((A, C), (Relation("y", 0, 1),))


def test_per_label() -> None:
    gold = [Sentence(("a", "b", "c"), (B, C))]
    found = find_thresholds(gold, [replace(FOUND, relations=())], per_label=True)
    assert found.entities is not None and found.relations is None
    assert found.entities.per_label == {"LOC": 0.0, "PER": 0.0}


def test_what_has_no_confidence_gets_no_threshold(caplog: pytest.LogCaptureFixture) -> None:
    gold = [Sentence(("a", "b", "c"), (A,))]
    unscored = replace(FOUND, relations=(Relation("x", 0, 0),))
    with caplog.at_level(logging.WARNING):
        found = find_thresholds(gold, [replace(unscored, entities=(A, C, C))])
    assert found.relations is None
    assert "1 of 1 predicted relations have no confidence; all are kept" in caplog.text


def test_nothing_to_find_thresholds_for() -> None:
    gold = [Sentence(("a",), (A,))]
    for found in (Annotations(), Annotations((replace(A, score=None),))):
        with pytest.raises(DataError, match="no prediction has a confidence"):
            find_thresholds(gold, [found])
