from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.jointer import JointERReader

WORDS = ["Ada", "Byron", "met", "Ada"]


def read(record: dict[str, Any], notes: Notes | None = None, **options: Any) -> list[Sentence]:
    stream = io.StringIO(json.dumps([record]))
    return list(JointERReader(**options).read_stream(stream, "here", notes or Notes()))


def test_spans_types_and_tags() -> None:
    record = {
        "tokens": WORDS,
        "spo_list": [["Ada Byron", "met", "Ada"]],
        "spo_details": [[0, 2, "None-label", "met", 3, 4, "PER"]],
        "pos_tags": ["NNP", "NNP", "VBD", "NNP"],
    }
    notes = Notes()
    assert read(record, notes, entity_label="thing") == [
        Sentence(
            tuple(WORDS),
            (Entity("thing", 0, 2), Entity("PER", 3, 4)),
            (Relation("met", 0, 1),),
            {"pos": ("NNP", "NNP", "VBD", "NNP")},
        )
    ]
    assert not notes.counts
    assert not notes.facts


def test_repeated_triples_and_those_of_one_entity() -> None:
    detail = [0, 2, "None-label", "is", 0, 2, "None-label"]
    notes = Notes()
    [sentence] = read({"tokens": WORDS, "spo_details": [detail, detail]}, notes)
    assert sentence.entities == (Entity("entity", 0, 2),)
    assert sentence.relations == (Relation("is", 0, 0),)
    assert sentence.tags == {}
    assert notes.counts == {
        "relation of an entity with itself kept": 1,
        "repeated triple dropped": 1,
    }


@pytest.mark.parametrize(
    ("triples", "shown"),
    [
        ([], "0 triples for 1 of spans"),
        ([["Ada", "met", "Ada"]], "['Ada', 'met', 'Ada'] for (Ada Byron | met | Ada)"),
        ([["Ada Byron", "left", "Ada"]], "['Ada Byron', 'left', 'Ada'] for"),
        ([None], "None for"),
    ],
)
def test_spans_count_where_the_texts_differ(triples: list[Any], shown: str) -> None:
    record = {
        "tokens": WORDS,
        "spo_list": triples,
        "spo_details": [[0, 2, "A", "met", 3, 4, "A"]],
    }
    notes = Notes()
    [sentence] = read(record, notes)
    assert sentence.entities == (Entity("A", 0, 2), Entity("A", 3, 4))
    [entry] = notes.to_json().values()
    assert entry["count"] == 1
    assert shown in entry["examples"][0]


def test_sentences_without_words_go() -> None:
    notes = Notes()
    assert read({"tokens": [], "spo_details": []}, notes) == []
    assert notes.counts == {"sentence without words left out": 1}


def test_other_keys_are_stated() -> None:
    notes = Notes()
    read({"tokens": WORDS, "spo_details": [], "id": 3}, notes)
    assert notes.facts == {"keys not read": "id"}


def test_an_empty_label_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="entity_label: give the label"):
        JointERReader(entity_label="")
