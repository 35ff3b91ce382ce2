"""Corpora of predicted entities, and joining what two models have found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions
from tango_ie.inference.predicted_entities import join_predictions, predicted_entities

ADA, OSLO = Entity("PER", 0, 1, score=0.9), Entity("LOC", 2, 3, score=0.4)
TEST = [
    Sentence(
        ("Ada", "likes", "Oslo"),
        (Entity("PER", 0, 1), Entity("LOC", 1, 3)),
        (Relation("in", 0, 1),),
        {"pos": ("N", "V", "N")},
        doc_id="a",
        position=0,
    ),
    Sentence(("Riga", "sleeps"), (Entity("LOC", 0, 1),), doc_id="a", position=1),
]
CORPUS = Corpus.from_sentences({"train": TEST[:1], "test": TEST}, names={"PER": "person"})
FOUND = (
    Annotations((ADA, OSLO), (Relation("in", 0, 1, 0.7),), {"chunk": ("B", "I", "B")}),
    Annotations(),
)


def archive(**changes: Any) -> dict[str, Any]:
    made_from = {"seed": 1, "model": {"type": "tagger"}, "trainer": {"epochs": 2}, "dev_split": "d"}
    known = {"seed": 1, "train_seconds": 2.0, "num_parameters": 10, "device": "cpu", "epochs": 2}
    return {**known, "num_trainable_parameters": 5, "made_from": made_from, **changes}


def predictions(**info: Any) -> Predictions:
    known = {
        "archive": archive(),
        "history": {"metric": "entities_f1", "epochs": [1]},
        "entity_types": ["LOC", "PER"],
        "relation_types": [],
        "unrepresentable": {"nested": 1},
        "split": "test",
        "corpus_fingerprint": CORPUS.fingerprint,
        "seconds": 0.5,
        "sentences": 2,
        "sentences_per_second": 4.0,
        "device": "cpu",
        "precision": "float32",
    }
    return Predictions(FOUND, {**known, **info})


def of_second(*annotations: Annotations, **info: Any) -> Predictions:
    made_from = {"seed": 1, "model": {"type": "other"}, "trainer": {"epochs": 2}, "layers": ["x"]}
    second = archive(train_seconds=3.0, num_parameters=20, best_metric="f", made_from=made_from)
    of_corpus = predicted_entities(predictions(), CORPUS).fingerprint
    changes = {"archive": second, "relation_types": ["in"], "corpus_fingerprint": of_corpus}
    return Predictions(annotations, {**predictions().info, **changes, "seconds": 1.5, **info})


def test_a_corpus_of_what_was_predicted() -> None:
    made = predicted_entities(predictions(), CORPUS)
    assert list(made) == ["test"]
    first, second = made["test"].sentences()
    assert first.entities == (ADA, OSLO) and second.entities == ()
    assert not any(entity.score for entity in first.entities), "a corpus keeps no confidences"
    assert not first.relations and made.schema.relation_types == ()
    assert first.tags == {"pos": ("N", "V", "N"), "chunk": ("B", "I", "B")}
    assert [one.words for one in made["test"]] == [one.words for one in TEST]
    assert (second.doc_id, second.position) == ("a", 1)
    assert made.schema.names == {"PER": "person"}
    assert made.origin["operations"][-1] == {
        "operation": "predicted_entities",
        "of": CORPUS.fingerprint,
        "split": "test",
        "relations_dropped": 1,
    }


@pytest.mark.parametrize("info", [{"corpus_fingerprint": "other"}, {"split": "field"}])
def test_predictions_for_something_else(info: dict[str, str]) -> None:
    with pytest.raises(DataError, match=r"the predictions (were made|are for)"):
        predicted_entities(predictions(**info), CORPUS)


def test_joined_annotations() -> None:
    """Entities keep the first model's confidences; its own relations are gone."""
    plain = tuple(replace(entity, score=None) for entity in FOUND[0].entities)
    relation = Relation("in", 1, 0, 0.8)
    joined = join_predictions(predictions(), of_second(Annotations(plain, (relation,)), FOUND[1]))
    first, second = joined.annotations
    assert [entity.score for entity in first.entities] == [0.9, 0.4]
    assert first.relations == (relation,) and first.relations[0].score == 0.8
    assert first.tags == {"chunk": ("B", "I", "B")} and second == Annotations()


def test_joined_info() -> None:
    second = of_second(*FOUND, device="cuda")
    info = join_predictions(predictions(), second).info
    made_from = {
        "seed": 1,
        "trainer": {"epochs": 2},
        "model": {"entities": {"type": "tagger"}, "relations": {"type": "other"}},
        "dev_split": {"entities": "d"},
        "layers": {"relations": ["x"]},
    }
    assert info == {
        "archive": {
            "seed": 1,
            "train_seconds": 5.0,
            "steps": None,
            "num_parameters": 30,
            "num_trainable_parameters": 10,
            "device": "cpu",
            "epochs": 2,
            "made_from": made_from,
            "parts": {"entities": archive(), "relations": second.info["archive"]},
        },
        "history": None,
        "entity_types": ["LOC", "PER"],
        "relation_types": ["in"],
        "unrepresentable": {"nested": 1},
        "split": "test",
        "corpus_fingerprint": CORPUS.fingerprint,
        "seconds": 2.0,
        "sentences": 2,
        "sentences_per_second": 1.0,
        "device": "cpu, cuda",
        "precision": "float32",
    }


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (of_second(FOUND[0]), "of 1 sentences .* of 2 of split 'test'"),
        (of_second(*FOUND, split="dev"), "split 'dev'"),
        (
            of_second(FOUND[1], FOUND[1]),
            r"sentence 1: the relations are between none, but the entities are PER \[0, 1\), LOC",
        ),
        (
            of_second(Annotations((OSLO, ADA)), FOUND[1]),
            r"sentence 1: the relations are between LOC \[2, 3\), PER",
        ),
    ],
)
def test_relations_between_other_entities(second: Predictions, message: str) -> None:
    with pytest.raises(DataError, match=message):
        join_predictions(predictions(), second)
