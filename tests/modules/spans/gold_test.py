"""Which gold has a place among spans."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.modules.spans.gold import SpanGold

ENTITIES, RELATIONS = {"LOC": 0, "ORG": 1, "PER": 2}, {"in": 0, "met": 1}
ODD = Sentence(
    ("a", "b", "c", "d", "e", "f"),
    (
        Entity("PER", 4, 5),
        Entity("LOC", 0, 1),
        Entity("ORG", 0, 2),
        Entity("ORG", 0, 1),  # the span of the second
        Entity("PER", 4, 5),  # the first once more
        Entity("ORG", 1, 6),  # too wide
    ),
    (
        Relation("in", 0, 1),
        Relation("in", 4, 1),  # the same, by the repetition
        Relation("met", 2, 0),
        Relation("met", 0, 4),  # with itself
        Relation("in", 3, 0),
        Relation("in", 0, 5),
    ),
)


def gold(flat: bool = False, strict: bool = False) -> SpanGold:
    return SpanGold(ENTITIES, RELATIONS, max_width=4, flat=flat, strict=strict)


def test_spans_may_nest() -> None:
    spans, relations = gold().of(ODD)
    assert spans.tolist() == [[0, 1, 0], [0, 2, 1], [4, 5, 2]]
    assert relations.tolist() == [[1, 2, 1], [2, 0, 0]]
    assert gold().unrepresentable([ODD, ODD]) == {
        "relation_of_left_out_entity": 4,
        "relation_with_itself": 2,
        "same_span": 2,
        "too_wide": 2,
    }


def test_flat_spans() -> None:
    spans, relations = gold(flat=True).of(ODD)
    assert spans.tolist() == [[0, 2, 1], [4, 5, 2]]
    assert relations.tolist() == [[0, 1, 1]]
    assert gold(flat=True).unrepresentable([ODD]) == {
        "nested": 2,
        "relation_of_left_out_entity": 4,
        "relation_with_itself": 1,
        "too_wide": 1,
    }


def test_crossing_spans() -> None:
    crossing = Sentence(("a", "b", "c"), (Entity("PER", 0, 2), Entity("LOC", 1, 3)))
    assert gold().unrepresentable([crossing]) == {}
    assert gold(flat=True).unrepresentable([crossing]) == {"crossing": 1}


def test_without_gold() -> None:
    spans, relations = gold(strict=True).of(Sentence(("a",)))
    assert spans.shape == relations.shape == (0, 3)


def test_strict_names_what_has_no_place() -> None:
    with pytest.raises(DataError, match=r"ORG of 'a b c d e f'.*4 words \(too wide\).*strict"):
        gold(strict=True).of(ODD)


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        (Sentence(("a",), (Entity("X", 0, 1),)), "entity type 'X' of 'a' .* knows LOC, ORG, PER"),
        (
            Sentence(
                ("a", "b"), (Entity("LOC", 0, 1), Entity("LOC", 1, 2)), (Relation("X", 0, 1),)
            ),
            "relation type 'X' of 'a b' .* knows in, met",
        ),
    ],
)
def test_unknown_labels(sentence: Sentence, message: str) -> None:
    with pytest.raises(DataError, match=message):
        gold().of(sentence)
