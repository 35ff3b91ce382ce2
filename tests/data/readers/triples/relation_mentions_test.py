from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.relation_mentions import RelationMentionsReader


def pair(head: str, tail: str, label: str) -> dict[str, str]:
    return {"em1Text": head, "em2Text": tail, "label": label}


def read(*records: object, notes: Notes | None = None, **options: Any) -> list[Sentence]:
    stream = io.StringIO("".join(json.dumps(record) + "\n" for record in records))
    return list(RelationMentionsReader(**options).read_stream(stream, "here", notes or Notes()))


def test_pairs_of_texts() -> None:
    record = {
        "sentText": "Ada Byron met Babbage",
        "relationMentions": [pair("Babbage", "Ada Byron", "met")],
    }
    assert read(record) == [
        Sentence(
            ("Ada", "Byron", "met", "Babbage"),
            (Entity("entity", 3, 4), Entity("entity", 0, 2)),
            (Relation("met", 0, 1),),
        )
    ]


def test_cotype_lines() -> None:
    record = {
        "sentId": 3,
        "articleId": "17",
        "relationMentions": [
            pair("Ada", "London", "/person/lived_in"),
            pair("London", "Ada", "None"),
            pair("Ada", "Ada", "None"),
        ],
        "entityMentions": [
            {"start": 0, "text": "London", "label": "LOCATION"},
            {"start": 1, "text": "Ada", "label": "PERSON"},
            {"start": 3, "text": "Ada", "label": "PERSON"},
        ],
        "sentText": 'In London Ada , "Ada" says .\r\n',
    }
    notes = Notes()
    assert read(record, notes=notes) == [
        Sentence(
            ("In", "London", "Ada", ",", '"Ada"', "says", "."),
            (Entity("LOCATION", 1, 2), Entity("PERSON", 2, 3), Entity("PERSON", 4, 5)),
            (Relation("/person/lived_in", 1, 0),),
            doc_id="17",
            position=3,
        )
    ]
    assert notes.counts == {
        "entity mention inside words: widened to them": 1,
        "argument at several places: the first taken": 1,
    }
    assert notes.facts == {
        "pairs without a relation": "2 labelled 'None'",
        "arguments of relations": (
            "single words throughout, as in versions that keep their last words only"
        ),
    }


@pytest.mark.parametrize(
    ("values", "doc_id", "position"),
    [
        ({}, None, None),
        ({"articleId": None, "sentId": None}, None, None),
        ({"articleId": 17, "sentId": "3"}, "17", 3),
    ],
)
def test_places_in_documents(
    values: dict[str, Any], doc_id: str | None, position: int | None
) -> None:
    [sentence] = read({"sentText": "Nothing", "relationMentions": [], **values})
    assert (sentence.doc_id, sentence.position) == (doc_id, position)


def test_another_name_for_no_relation() -> None:
    record = {
        "sentText": "Ada met Babbage",
        "relationMentions": [pair("Ada", "Babbage", "None"), pair("Babbage", "Ada", "NA")],
    }
    [sentence] = read(record, no_relation="NA")
    assert [relation.label for relation in sentence.relations] == ["None"]


def test_known_relations(tmp_path: Path) -> None:
    path = tmp_path / "rel2id.json"
    path.write_text('{"met": 0}')
    record = {
        "sentText": "Ada met Babbage",
        "relationMentions": [pair("Ada", "Babbage", "None"), pair("Ada", "Babbage", "met")],
    }
    assert len(read(record, relations=str(path))) == 1
    with pytest.raises(DataError, match="here, line 1: relation 'None' is not in"):
        read(record, relations=str(path), no_relation="NA")


def test_sentences_without_words_go() -> None:
    notes = Notes()
    assert read({"sentText": "\r\n", "relationMentions": []}, notes=notes) == []
    assert notes.counts == {"sentence without words left out": 1}


def test_wrong_arguments() -> None:
    with pytest.raises(ConfigurationError, match="occurrence"):
        RelationMentionsReader(occurrence="last")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"relations: 'none\.json' does not exist"):
        RelationMentionsReader(relations="none.json")  # type: ignore[arg-type]
