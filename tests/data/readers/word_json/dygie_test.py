from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers import Reader

DOCUMENT = {
    "doc_key": "d",
    "sentences": [["Ada", "Lovelace", "wrote"], ["She", "lived", "in", "London"], ["Yes"]],
    "ner": [[[0, 1, "PER"]], [[3, 3, "PER"], [6, 6, "LOC"]], []],
    "relations": [[], [[3, 3, 6, 6, "lives in"]], []],
}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def function(*documents: object, notes: Notes | None = None) -> list[Sentence]:
        path = tmp_path / "data.jsonl"
        path.write_text("".join(map("{}\n".format, map(json.dumps, documents))), encoding="utf-8")
        return list(build(Reader, "tango_ie::dygie").read(path, notes))

    return function


def test_spans_are_counted_through_the_document(read: Any) -> None:
    notes = Notes()
    assert read(DOCUMENT, {**DOCUMENT, "doc_key": "e"}, notes=notes)[:4] == [
        Sentence(("Ada", "Lovelace", "wrote"), (Entity("PER", 0, 2),), doc_id="d", position=0),
        Sentence(
            ("She", "lived", "in", "London"),
            (Entity("PER", 0, 1), Entity("LOC", 3, 4)),
            (Relation("lives in", 0, 1),),
            doc_id="d",
            position=1,
        ),
        Sentence(("Yes",), doc_id="d", position=2),
        Sentence(("Ada", "Lovelace", "wrote"), (Entity("PER", 0, 2),), doc_id="e", position=0),
    ]
    assert not notes.counts and not notes.facts


def test_what_has_no_place_is_counted(read: Any) -> None:
    notes = Notes()
    read(
        {
            **DOCUMENT,
            "clusters": [[[0, 1], [3, 3]], [[2, 2], [6, 6]]],
            "events": [[[[2, "Write"], [0, 1, "Writer"]]], [], [[[7, "Agree"]], [[7, "Nod"]]]],
            "predicted_ner": [[], [], []],
            "predicted_relations": [[], [], []],
            "weight": 2.0,
            "url": "x",
        },
        notes=notes,
    )
    assert notes.counts == {
        "clusters left out": 2,
        "events left out": 3,
        "predicted annotations left out": 2,
    }
    assert notes.facts == {"keys not read": "url"}


def test_what_crosses_sentences_is_left_out(read: Any) -> None:
    notes = Notes()
    found = read(
        {
            **DOCUMENT,
            "ner": [[[0, 1, "PER"], [2, 3, "X"]], [[6, 6, "LOC"]], []],
            "relations": [[[0, 1, 6, 6, "far"], [0, 1, 2, 2, "to no entity"]], [], []],
        },
        notes=notes,
    )
    assert [sentence.entities for sentence in found] == [
        (Entity("PER", 0, 2),),
        (Entity("LOC", 3, 4),),
        (),
    ]
    assert not any(sentence.relations for sentence in found)
    assert notes.counts == {
        "entity across a sentence boundary left out": 1,
        "relation left out: an argument outside its sentence": 1,
        "relation left out: its argument is no entity": 1,
    }


def test_empty_sentences_keep_the_places_of_the_others(read: Any) -> None:
    notes = Notes()
    document = {"doc_key": 1, "sentences": [["a"], [], ["b"]], "ner": [[], [], [[1, 1, "X"]]]}
    assert read(document, {"sentences": []}, notes=notes) == [
        Sentence(("a",), doc_id="1", position=0),
        Sentence(("b",), (Entity("X", 0, 1),), doc_id="1", position=2),
    ]
    assert notes.counts == {
        "sentence without words left out": 1,
        "document without sentences left out": 1,
        "document without entities": 1,
    }


def test_spans_that_start_anew_in_each_sentence_are_refused(read: Any) -> None:
    document = {**DOCUMENT, "ner": [[[0, 1, "PER"]], [[0, 0, "PER"]], []]}
    with pytest.raises(DataError, match=r"ner\[1\]\[0\]: 'PER' has the words 0 to 0.*whole docum"):
        read(document)
