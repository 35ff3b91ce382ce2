"""Predictions under other names."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.inference import Predictions
from tango_ie.inference.prediction_mapping import map_predictions

FOUND = Annotations(
    (
        Entity("MISC", 0, 1, score=0.9),
        Entity("GPE", 2, 4, score=0.5),
        Entity("LOC", 2, 4, score=0.7),
        Entity("PER", 5, 6),
    ),
    (Relation("in", 3, 1, score=0.8), Relation("of", 0, 3)),
)
TYPES = ["GPE", "LOC", "MISC", "PER"]


def test_names_scores_relations_and_counts() -> None:
    before = Predictions([FOUND, Annotations()], {"entity_types": TYPES, "split": "test"})
    after = map_predictions(before, {"MISC": None, "GPE": "LOC"})
    mapped, empty = after.annotations
    assert mapped.entities == (Entity("LOC", 2, 4), Entity("PER", 5, 6))
    assert [entity.score for entity in mapped.entities] == [0.7, None]
    assert mapped.relations == (Relation("in", 1, 0),)
    assert mapped.relations[0].score == 0.8
    assert empty == Annotations()
    assert after.info == {
        "entity_types": ["LOC", "PER"],
        "split": "test",
        "dropped_types": {"MISC": 1},
    }
    assert before.annotations[0] is FOUND and before.info["entity_types"] == TYPES


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ({"MSIC": None}, "entities: the model does not predict MSIC; it knows GPE, LOC"),
        ({"PER": ""}, "entities: a new name is empty"),
    ],
)
def test_maps_that_cannot_be(types: dict[str, str | None], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        map_predictions(Predictions([FOUND], {"entity_types": TYPES}), types)
