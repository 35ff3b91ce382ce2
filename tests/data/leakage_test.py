from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from tango_ie.data import Corpus, convert
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.readers import ColumnReader


def sentence(words: str, *entities: Entity, pos: str = "") -> Sentence:
    tags = {"pos": tuple(pos.split())} if pos else {}
    return Sentence(tuple(words.split()), entities, tags=tags)


ADA = Entity("PER", 0, 1)
TRAIN = [sentence("Ada sings", ADA), sentence("Ada sings"), sentence("It rains", pos="P V")]
DEV = [sentence("It rains", pos="P V"), sentence("So what")]
TEST = [
    sentence("New"),
    sentence("Ada sings", Entity("LOC", 0, 1)),
    sentence("So what"),
    sentence("Ada sings", ADA),
    sentence("So what", pos="X P"),
]


def compare(**splits: list[Sentence]) -> dict[str, Any]:
    return Corpus.from_sentences(splits).comparison


def test_shared_sentences_by_hand() -> None:
    found = compare(train=TRAIN, dev=DEV, test=TEST)
    nothing: dict[str, Any] = {"distinct": 0, "sentences_of_later": 0, "examples": []}
    once = {"distinct": 1, "sentences_of_later": 1}
    assert found["shared_sentences"] == [
        {
            "earlier": "train",
            "later": "dev",
            "words": {**once, "examples": [0]},
            "words_and_annotations": {**once, "examples": [0]},
        },
        {
            "earlier": "train",
            "later": "test",
            "words": {"distinct": 1, "sentences_of_later": 2, "examples": [1]},
            "words_and_annotations": {**once, "examples": [3]},
        },
        {
            "earlier": "dev",
            "later": "test",
            "words": {"distinct": 1, "sentences_of_later": 2, "examples": [2]},
            "words_and_annotations": {**once, "examples": [2]},
        },
    ]
    assert found["seen_before"] == {
        "dev": {"words": 1, "words_and_annotations": 1},
        "test": {"words": 4, "words_and_annotations": 2},
    }
    assert compare(train=TRAIN, dev=[sentence("Else")])["shared_sentences"] == [
        {"earlier": "train", "later": "dev", "words": nothing, "words_and_annotations": nothing}
    ]


def test_labels_that_train_does_not_have() -> None:
    found = compare(train=TRAIN, dev=DEV, test=TEST)["unseen"]
    nothing: dict[str, Any] = {"entities": {}, "relations": {}, "tags": {}}
    assert found["dev"] == nothing
    tags = {"pos": {"distinct": 1, "words": 1, "most_frequent": {"X": 1}}}
    assert found["test"] == nothing | {"entities": {"LOC": 1}, "tags": tags}
    related = Sentence(("a",), (ADA,), (Relation("is", 0, 0), Relation("likes", 0, 0)) * 2)
    other = Sentence(("a",), (ADA,), (Relation("is", 0, 0),))
    assert compare(train=[other], test=[related])["unseen"]["test"]["relations"] == {"likes": 2}


def test_the_most_frequent_of_many_tags() -> None:
    words = tuple(map(str, range(300)))
    lemmas = Sentence((*words, "7", "7"), tags={"lemma": (*words, "7", "7")})
    found = compare(train=[sentence("a")], dev=[lemmas])["unseen"]["dev"]["tags"]["lemma"]
    assert (found["distinct"], found["words"], len(found["most_frequent"])) == (300, 302, 100)
    assert next(iter(found["most_frequent"].items())) == ("7", 3)


def test_train_comes_first_wherever_it_stands() -> None:
    found = compare(test=TEST, train=TRAIN)
    assert found["reference"] == "train"
    assert [(pair["earlier"], pair["later"]) for pair in found["shared_sentences"]] == [
        ("train", "test")
    ]
    assert compare(b=DEV, a=TEST)["reference"] == "b"
    assert compare(all=TRAIN)["shared_sentences"] == []


def test_leakage_is_shown_and_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = {}
    for name, text in {"train": "Ada B-PER\n", "test": "Ada B-PER\n\nBob B-PER\n"}.items():
        files[name] = tmp_path / name
        files[name].write_text(text, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        convert(ColumnReader(["word", "entities"], scheme="iob2"), files, strict=True)
    assert caplog.messages == ["test: 1 of 2 sentences occur in train too"]
