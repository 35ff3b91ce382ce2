"""Which epoch a model of entities and relations is judged by."""

from __future__ import annotations

import pytest

from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.training.evaluation import EntityEvaluation, RelationEvaluation

ENTITIES = (Entity("PER", 0, 1), Entity("LOC", 2, 3))
GOLD = [
    Sentence(("Ada", "in", "Riga"), ENTITIES, (Relation("in", 0, 1),)),
    Sentence(("Ida", "in", "Oslo"), ENTITIES, (Relation("in", 0, 1),)),
]


def test_scores_of_both_tasks() -> None:
    found = [
        Annotations(ENTITIES, (Relation("in", 0, 1), Relation("in", 1, 0))),
        Annotations(ENTITIES[:1]),
    ]
    evaluation = RelationEvaluation(GOLD)
    assert evaluation.scores(found) == pytest.approx(
        {
            "relations_f1": 1 / 2,
            "relations_precision": 1 / 2,
            "relations_recall": 1 / 2,
            "entities_f1": 6 / 7,
            "entities_precision": 1.0,
            "entities_recall": 3 / 4,
            "mean_f1": (1 / 2 + 6 / 7) / 2,
        }
    )
    assert list(evaluation.metrics) == list(evaluation.scores(found))
    assert next(iter(evaluation.metrics)) == "relations_f1"
    assert next(iter(EntityEvaluation(GOLD).metrics)) == "entities_f1"


def test_a_relation_needs_its_entities() -> None:
    wrong = Annotations((Entity("PER", 0, 1), Entity("LOC", 1, 3)), (Relation("in", 0, 1),))
    assert RelationEvaluation(GOLD).scores([wrong, wrong])["relations_f1"] == 0
