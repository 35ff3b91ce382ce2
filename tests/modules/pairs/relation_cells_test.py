"""Gold as cells of a grid, and what has none."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.modules.pairs.relation_cells import RelationCells

LABELS = {"in": 0, "of": 1}
SENTENCE = Sentence(
    ("a", "b", "c", "d", "e"),
    (
        Entity("PER", 0, 2),
        Entity("LOC", 3, 5),
        Entity("LOC", 1, 2),  # nested
        Entity("PER", 0, 2),  # repeated
        Entity("ORG", 0, 2),  # the same span
    ),
    (
        Relation("in", 0, 1),
        Relation("in", 3, 1),  # the same again
        Relation("of", 1, 0),
        Relation("in", 2, 1),
        Relation("of", 4, 1),
        Relation("of", 0, 3),  # of an entity with itself
    ),
)


def test_cells_of_anchors() -> None:
    assert RelationCells(LABELS).of(SENTENCE).tolist() == [[0, 3, 0], [3, 0, 1]]
    assert RelationCells(LABELS, "last").of(SENTENCE).tolist() == [[1, 4, 0], [4, 1, 1]]
    both = RelationCells(LABELS, self_pairs=True).of(SENTENCE)
    assert both.tolist() == [[0, 0, 1], [0, 3, 0], [3, 0, 1]]


def test_what_has_no_cell_is_counted() -> None:
    counts = {"relation_of_left_out_entity": 2, "relation_with_itself": 1}
    assert RelationCells(LABELS).unrepresentable([SENTENCE]) == counts
    assert RelationCells(LABELS).unrepresentable([SENTENCE, SENTENCE])["relation_with_itself"] == 2
    lenient = RelationCells(LABELS, self_pairs=True)
    assert lenient.unrepresentable([SENTENCE]) == {"relation_of_left_out_entity": 2}
    assert RelationCells(LABELS).unrepresentable([Sentence(("a",))]) == {}


def test_sentences_without_relations() -> None:
    assert RelationCells(LABELS).of(Sentence(("a",))).shape == (0, 3)
    assert RelationCells(LABELS).of(Sentence(())).shape == (0, 3)


def test_errors() -> None:
    with pytest.raises(DataError, match=r"relation of left out entity.*strict = false"):
        RelationCells(LABELS, strict=True).of(SENTENCE)
    with pytest.raises(DataError, match=r"'in' of 'a b c d e' is not known.*it knows of"):
        RelationCells({"of": 0}).of(SENTENCE)
