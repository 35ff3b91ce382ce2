from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.gathering import Gatherer, check_label


def test_equal_entities_are_one_and_order_is_kept() -> None:
    notes = Notes()
    gatherer = Gatherer(notes, "here", 3)
    club, person = gatherer.entity("ORG", 4, 6), gatherer.entity("PER", 0, 1)
    assert gatherer.entity("ORG", 4, 6) == club
    assert gatherer.entity("LOC", 4, 6) == 2
    gatherer.relate("leads", person, club)
    gatherer.relate("founds", person, club)
    assert gatherer.annotations == Annotations(
        (Entity("ORG", 4, 6), Entity("PER", 0, 1), Entity("LOC", 4, 6)),
        (Relation("leads", 1, 0), Relation("founds", 1, 0)),
    )
    assert not notes.counts


def test_repeated_relations_and_those_with_itself_are_noted() -> None:
    notes = Notes()
    gatherer = Gatherer(notes, "here", 3)
    for _ in range(3):
        gatherer.relate("in", gatherer.entity("LOC", 0, 1), gatherer.entity("LOC", 0, 1), "(x | x)")
    assert gatherer.annotations.relations == (Relation("in", 0, 0),)
    assert notes.to_json() == {
        "relation of an entity with itself kept": {
            "count": 1,
            "examples": ["here, line 3: (x | x)"],
        },
        "repeated triple dropped": {"count": 2, "examples": ["here, line 3: (x | x)"] * 2},
    }


def test_strict_notes_refuse() -> None:
    gatherer = Gatherer(Notes(strict=True), "here", 3)
    with pytest.raises(DataError, match="here, line 3: relation of an entity with itself kept"):
        gatherer.relate("in", gatherer.entity("LOC", 0, 1), gatherer.entity("LOC", 0, 1))


def test_an_empty_label_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="entity_label: give the label"):
        check_label("")
