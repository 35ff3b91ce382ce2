"""Entities and triples of one sentence become annotations."""

from __future__ import annotations

from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.modules.cascade.reading import FoundTriple, joined

ADA, RIGA = Entity("PER", 4, 5, 0.9), Entity("LOC", 0, 2, 0.8)


def test_order_is_that_of_words() -> None:
    triple = FoundTriple((4, 5), "in", (0, 2), 0.7, "ORG")
    expected = Annotations((RIGA, ADA), (Relation("in", 1, 0),))
    assert joined([ADA, RIGA], [triple], "found") == expected
    assert joined([RIGA, ADA], [triple], "free") == expected


def test_relations_join_the_most_probable_type() -> None:
    other = Entity("ORG", 0, 2, 0.85)
    triple = FoundTriple((4, 5), "in", (0, 2), 0.7, "LOC")
    found = joined(
        [RIGA, other, ADA], [triple, FoundTriple((0, 2), "on", (4, 5), 0.6, "PER")], "found"
    )
    assert found.entities == (RIGA, other, ADA)
    assert found.relations == (Relation("on", 1, 2), Relation("in", 2, 1))


def test_free_tails_are_entities_once() -> None:
    triples = [
        FoundTriple((4, 5), "in", (6, 7), 0.6, "LOC"),
        FoundTriple((4, 5), "at", (6, 7), 0.7, "LOC"),
        FoundTriple((4, 5), "at", (5, 7), 0.5, "ORG"),
    ]
    found = joined([ADA], triples, "free")
    assert found.entities == (ADA, Entity("ORG", 5, 7), Entity("LOC", 6, 7))
    assert [entity.score for entity in found.entities] == [0.9, 0.5, 0.7]
    assert found.relations == (Relation("at", 0, 1), Relation("at", 0, 2), Relation("in", 0, 2))
    assert joined([ADA], triples, "found") == Annotations((ADA,))
