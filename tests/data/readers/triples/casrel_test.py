from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.triples.casrel import CasRelReader


def read(*records: object, notes: Notes | None = None, **options: Any) -> list[Sentence]:
    stream = io.StringIO(json.dumps(records, indent=4))
    return list(CasRelReader(**options).read_stream(stream, "here", notes or Notes()))


def test_text_is_cut_at_blanks_and_triples_are_found() -> None:
    record = {
        "text": " Ada Byron met Charles\u00a0Babbage . ",
        "triple_list": [["Ada Byron", "met by chance", "Charles\u00a0Babbage"]],
    }
    assert read(record, entity_label="person") == [
        Sentence(
            ("Ada", "Byron", "met", "Charles\u00a0Babbage", "."),
            (Entity("person", 0, 2), Entity("person", 3, 4)),
            (Relation("met by chance", 0, 1),),
        )
    ]


def test_last_words_only() -> None:
    record = {"text": "Ada Byron met Babbage", "triple_list": [["Ada Byron", "met", "Babbage"]]}
    [sentence] = read(record, last_word_only=True)
    assert sentence.entities == (Entity("entity", 1, 2), Entity("entity", 3, 4))


def test_the_nearest_place() -> None:
    record = {"text": "Ada or Bob , then Ada", "triple_list": [["Bob", "then", "Ada"]]}
    notes = Notes()
    [sentence] = read(record, notes=notes, occurrence="nearest")
    assert sentence.entities == (Entity("entity", 2, 3), Entity("entity", 0, 1))
    assert notes.counts == {"argument at several places: the nearest to the other taken": 1}


def test_sentences_without_triples_stay_and_those_without_words_go() -> None:
    notes = Notes()
    found = read(
        {"text": " ", "triple_list": []}, {"text": "Nothing here", "triple_list": []}, notes=notes
    )
    assert found == [Sentence(("Nothing", "here"))]
    assert notes.counts == {"sentence without words left out": 1}


def test_other_keys_are_stated() -> None:
    notes = Notes()
    read({"text": "Nothing", "triple_list": [], "id": 3}, notes=notes)
    assert notes.facts == {"keys not read": "id"}


def test_known_relations(tmp_path: Path) -> None:
    path = tmp_path / "rel2id.json"
    path.write_text('[{"met": 0, "left": 1}]')
    record = {"text": "Ada met Babbage", "triple_list": [["Ada", "met", "Babbage"]]}
    notes = Notes()
    assert len(read(record, notes=notes, relations=str(path))) == 1
    assert notes.facts["relation names"] == f"1 of the 2 in {path} occur"
    record["triple_list"] = [["Ada", "Met", "Babbage"]]
    with pytest.raises(DataError, match="here, line 2: relation 'Met' is not in"):
        read(record, relations=str(path))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"occurrence": "last"}, "occurrence"),
        ({"entity_label": ""}, "entity_label: give the label"),
        ({"relations": "rel2idd.json"}, "relations: 'rel2idd.json' does not exist"),
        ({"encoding": "utf-9"}, "encoding: unknown encoding"),
    ],
)
def test_wrong_arguments(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(Reader, {"type": "tango_ie::casrel", **options})
