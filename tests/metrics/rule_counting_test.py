"""Which rules an evaluation counts by, and that their tables belong to the right things."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.metrics import Counts, RuleTable, Scores
from tango_ie.metrics.entity_rules import BOUNDARIES, STRICT_ENTITIES
from tango_ie.metrics.evaluation import evaluate

ADA, GHENT = Entity("PER", 0, 1), Entity("LOC", 2, 3)
TRAINING = [
    Sentence(("Ada", "met", "Eve"), (ADA, Entity("PER", 2, 3)), (Relation("met", 0, 1),)),
]
GOLD = [
    Sentence(("Ada", "saw", "Ghent"), (ADA, GHENT), (Relation("in", 0, 1),)),
    Sentence(("nothing",)),
]
FOUND = [
    Annotations((replace(ADA, score=0.9), replace(GHENT, score=0.4), Entity("LOC", 1, 2, 0.2))),
    Annotations(),
]
RELATED = [replace(FOUND[0], relations=(Relation("in", 1, 0, 0.7),)), FOUND[1]]
CORPUS = Corpus.from_sentences({"train": TRAINING, "test": GOLD})
PLAIN = ["boundaries", "SemEval exact", "SemEval partial", "SemEval ent_type"]
GROUPED = ["length", "nesting depth", "sentence length"]
SEEN = ["seen in training", "seen in training under any label"]


def evaluated(found: list[Annotations], corpus: Corpus = CORPUS, **info: Any) -> Scores:
    arguments = {key: info.pop(key) for key in ("symmetric", "relation_ends") if key in info}
    base = {"split": "test", "corpus_fingerprint": corpus.fingerprint}
    return evaluate(found, corpus, {**base, **info}, **arguments)


def names(scores: Scores) -> list[str]:
    return [table.grouped_by or table.name for table in scores.tables]


def table(scores: Scores, name: str) -> RuleTable:
    return next(item for item in scores.tables if item.name == name)


def test_entities_by_all_rules_and_the_strict_one_once() -> None:
    scores = evaluated(FOUND)
    assert (scores.name, scores.rule) == ("strict", STRICT_ENTITIES.sentence)
    assert names(scores) == [*PLAIN, *SEEN, *GROUPED]
    assert scores.table == STRICT_ENTITIES.table(GOLD, FOUND, CORPUS.schema.entity_types)
    assert table(scores, "boundaries").table == BOUNDARIES.table(
        GOLD, FOUND, CORPUS.schema.entity_types
    )
    assert table(scores, "strict by seen in training").table.per_label == {
        "seen": Counts(tp=1),
        "unseen": Counts(tp=1, fp=1),
    }
    assert "the corpus's split 'train' with the same" in scores.tables[4].sentence
    assert {item.things for item in scores.tables} == {"entities"}


def test_confidences_of_entities() -> None:
    calibration = evaluated(FOUND).calibration
    assert calibration is not None
    assert (calibration.number, calibration.accuracy) == (3, pytest.approx(2 / 3))
    assert evaluated([Annotations((ADA,)), Annotations()]).calibration is None
    with pytest.raises(DataError, match=r"must lie in \[0, 1\], found 7"):
        evaluated([Annotations((replace(ADA, score=7.0),)), Annotations()])


def test_documents_are_those_of_the_corpus() -> None:
    assert evaluated(FOUND).documents is None
    named = [replace(GOLD[0], doc_id="b"), replace(GOLD[1], doc_id="a"), GOLD[1]]
    found = [*FOUND, Annotations()]
    assert evaluated(found, Corpus.from_sentences({"test": named})).documents is None
    named[2] = replace(GOLD[1], doc_id="b")
    assert evaluated(found, Corpus.from_sentences({"test": named})).documents == (0, 1, 0)


def test_without_training_nothing_is_seen_or_unseen() -> None:
    alone = Corpus.from_sentences({"test": GOLD})
    assert names(evaluated(FOUND, alone)) == [*PLAIN, *GROUPED]
    itself = Corpus.from_sentences({"train": GOLD})
    info = {"split": "train", "corpus_fingerprint": itself.fingerprint}
    assert names(evaluate(FOUND, itself, info)) == [*PLAIN, *GROUPED]


def test_a_model_that_predicts_relations() -> None:
    scores = evaluated(RELATED)
    strict = table(scores, "relations strict")
    assert strict.things == "relations"
    assert strict.table.labels == ("in", "met")
    assert strict.total == Counts(fp=1, fn=1)
    assert strict.errors is not None and strict.errors.per_kind["direction"] == 1
    assert strict.calibration is not None and strict.calibration.confidence == 0.7
    assert names(scores)[-2:] == ["overlap pattern", "number of relations"]
    assert scores.by("relations strict").errors == strict.errors
    assert scores.errors is not None and "direction" not in scores.errors.kinds


def test_a_model_that_could_have_found_relations_has_missed_them() -> None:
    scores = evaluated(FOUND, relation_types=["in", "met"])
    assert table(scores, "relations strict").total == Counts(fn=1)


def test_a_tagger_on_a_corpus_with_relations_does_not_miss_them() -> None:
    for info in ({}, {"relation_types": []}, {"relation_types": None}):
        assert not any(item.things == "relations" for item in evaluated(FOUND, **info).tables)


def test_relations_where_gold_has_none_are_invented() -> None:
    corpus = Corpus.from_sentences({"test": [replace(item, relations=()) for item in GOLD]})
    assert table(evaluated(RELATED, corpus), "relations strict").total == Counts(fp=1)
    given = evaluated(FOUND, corpus, relation_types=["in"])
    assert not any(item.things == "relations" for item in given.tables)


def test_relations_without_direction_or_boundaries() -> None:
    scores = evaluated(RELATED, symmetric=["in"], relation_ends="exact strings")
    first = next(item for item in scores.tables if item.things == "relations")
    assert first.name == "relations exact strings"
    assert table(scores, "relations strict").total == Counts(tp=1)
    strict = table(scores, "relations strict")
    assert strict.errors is not None and strict.errors.num_errors == 0
    for wrong in (["at"], "in"):
        with pytest.raises(ConfigurationError, match=r"symmetric: expected relation types .*in, m"):
            evaluated(RELATED, symmetric=wrong)


def test_layers_of_tags_that_were_predicted(caplog: pytest.LogCaptureFixture) -> None:
    gold = [Sentence(("a", "b"), tags={"pos": ("N", "V"), "chunk": ("B-NP", "O")})]
    corpus = Corpus.from_sentences({"test": gold})
    assert evaluated([Annotations()], corpus).tables == ()
    found = [Annotations(tags={"pos": ("N", "N"), "chunk": ("B-NP", "O")})]
    scores = evaluated(found, corpus)
    assert [item.name for item in scores.tables] == ["chunk tags", "chunk chunks", "pos tags"]
    assert table(scores, "pos tags").total == Counts(1, 1, 1)
    assert {item.things for item in scores.tables} == {"tags"}
    with caplog.at_level(logging.WARNING):
        assert evaluated([Annotations(tags={"lemma": ("a", "b")})], corpus).tables == ()
    assert "gold lacks the predicted layer 'lemma'" in caplog.text


def test_what_is_predicted_twice_counts_once() -> None:
    doubled = [
        replace(item, entities=item.entities * 2, relations=item.relations * 2) for item in RELATED
    ]
    once, twice = evaluated(RELATED), evaluated(doubled)
    assert twice.tables == once.tables
    assert twice.calibration == once.calibration


def test_nothing_predicted_and_nothing_in_gold() -> None:
    scores = evaluated([Annotations()] * 2)
    assert all(item.total.tp == item.total.fp == 0 for item in scores.tables)
    assert scores.calibration is not None and scores.calibration.bins == ()
    empty = Corpus.from_sentences({"train": TRAINING, "test": [Sentence(("a",))]})
    assert all(item.total == Counts() for item in evaluated([Annotations()], empty).tables)
    invented = evaluated([Annotations((ADA,))], empty)
    assert table(invented, "boundaries").total == Counts(fp=1)
    wordless = Corpus.from_sentences({"test": [Sentence(("a",))]})
    assert evaluated([Annotations()], wordless).tables == ()
    assert names(evaluated([Annotations((ADA,))], wordless)) == [*PLAIN, *GROUPED]


def test_scores_of_parts_of_a_split_merge_into_those_of_the_whole() -> None:
    parts = []
    for place in range(2):
        corpus = Corpus.from_sentences({"train": TRAINING, "test": GOLD[place : place + 1]})
        parts.append(evaluated(RELATED[place : place + 1], corpus, relation_types=["in", "met"]))
    whole, merged = evaluated(RELATED), parts[0].merge(parts[1])
    assert (merged.total, merged.errors) == (whole.total, whole.errors)
    assert merged.calibration == whole.calibration
    assert names(merged) == names(whole)
    for item, wanted in zip(merged.tables, whole.tables, strict=True):
        assert item.table.per_sentence.tolist() == wanted.table.per_sentence.tolist()
        assert item.table.per_label.items() >= {
            (label, counts)
            for label, counts in wanted.table.per_label.items()
            if counts != Counts()
        }
        assert (item.errors, item.calibration) == (wanted.errors, wanted.calibration)


def test_scores_stay_small() -> None:
    text = json.dumps(evaluated(RELATED).to_json(), separators=(",", ":"))
    assert len(text) < 12_000  # two sentences: nearly all of it is the sentences of the rules
