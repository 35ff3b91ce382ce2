"""Counts of errors: by hand, the merge law, what they add up to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.counts import Counts, total
from tango_ie.metrics.error_counts import ErrorCell, ErrorCounts
from tango_ie.metrics.errors import ENTITY_ERRORS, diagnose_entities
from tango_ie.metrics.label_confusion import LabelConfusion
from tango_ie.metrics.relation_errors import RELATION_ERRORS
from tests.metrics.drawn_annotations import entity_sentences

Sentences = list[tuple[list[Entity], list[Entity]]]


def count(sentences: Sentences) -> ErrorCounts:
    gold, predicted = [pair[0] for pair in sentences], [pair[1] for pair in sentences]
    return ErrorCounts.of(diagnose_entities(gold, predicted), ENTITY_ERRORS)


EXAMPLE: Sentences = [
    ([Entity("A", 0, 1), Entity("A", 2, 4)], [Entity("B", 0, 1), Entity("A", 2, 3)]),
    ([Entity("B", 0, 2)], [Entity("B", 0, 2), Entity("C", 5, 6)]),
    ([Entity("A", 0, 1)], []),
    ([], []),
]


def test_by_hand() -> None:
    counts = count(EXAMPLE)
    none = dict.fromkeys(ENTITY_ERRORS, 0)
    assert counts.per_kind == {**none, "type": 1, "boundary": 1, "spurious": 1, "missed": 1}
    assert list(counts.per_kind) == list(ENTITY_ERRORS)
    assert counts.num_errors == 4
    assert counts.per_label == {
        "A": {**none, "type": 1, "boundary": 1, "missed": 1},
        "C": {**none, "spurious": 1},
    }
    assert counts.strict == {
        "A": Counts(tp=0, fp=1, fn=3),
        "B": Counts(tp=1, fp=1, fn=0),
        "C": Counts(tp=0, fp=1, fn=0),
    }


def test_nothing() -> None:
    counts = count([])
    assert counts.num_errors == 0
    assert counts.per_label == {}
    assert counts.strict == {}


@given(entity_sentences, entity_sentences)
def test_merge_law(first: Sentences, second: Sentences) -> None:
    assert count(first) + count(second) == count(first + second)
    assert count(first) + count([]) == count(first)


@given(entity_sentences)
def test_every_error_has_a_kind_a_label_and_its_sides(sentences: Sentences) -> None:
    counts = count(sentences)
    per_label = [sum(row.values()) for row in counts.per_label.values()]
    assert sum(per_label) == counts.num_errors == sum(counts.per_kind.values())
    strict, pairs = total(counts.strict.values()), 0
    for kind in ("boundary", "type", "boundary + type"):
        pairs += counts.per_kind[kind]
    assert strict.fp + strict.fn == counts.num_errors + pairs


@given(entity_sentences)
def test_json_round_trip(sentences: Sentences) -> None:
    counts = count(sentences)
    assert ErrorCounts.from_json(json.loads(json.dumps(counts.to_json()))) == counts


def test_entities_and_relations_do_not_add() -> None:
    with pytest.raises(DataError, match="two sorts"):
        count([]) + ErrorCounts.of([], RELATION_ERRORS)
    with pytest.raises(TypeError):
        count([]) + 1  # type: ignore[operator]


def cells(**numbers: int) -> ErrorCounts:
    return ErrorCounts(
        tuple(ENTITY_ERRORS),
        {ErrorCell("type", name[0], name[1]): number for name, number in numbers.items()},
    )


def test_confusion_is_sorted_by_frequency() -> None:
    confusion = LabelConfusion.of(cells(AB=1, BA=3, CA=1))
    assert confusion.pairs == {("B", "A"): 3, ("A", "B"): 1, ("C", "A"): 1}
    assert list(confusion.pairs) == [("B", "A"), ("A", "B"), ("C", "A")]
    assert confusion.labels == ("A", "B", "C")
    assert confusion.matrix().tolist() == [[0, 1, 0], [3, 0, 0], [1, 0, 0]]
    assert confusion.matrix(["B", "A"]).tolist() == [[0, 3], [1, 0]]
    assert confusion.matrix([]).shape == (0, 0)


def test_confusion_takes_the_kinds_asked_for() -> None:
    sentences: Sentences = [
        ([Entity("A", 0, 1)], [Entity("B", 0, 1)]),
        ([Entity("A", 0, 1)], [Entity("C", 0, 2)]),
        ([Entity("A", 0, 1)], [Entity("A", 0, 2)]),
        ([Entity("A", 0, 1)], [Entity("A", 0, 1)]),
    ]
    counts = count(sentences)
    assert LabelConfusion.of(counts).pairs == {("A", "B"): 1}
    assert LabelConfusion.of(counts, ["type", "boundary + type", "boundary", "correct"]).pairs == {
        ("A", "B"): 1,
        ("A", "C"): 1,
    }
