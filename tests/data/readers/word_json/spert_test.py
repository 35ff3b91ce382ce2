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

ADA = {
    "tokens": ["Ada", "lived", "in", "London"],
    "entities": [{"type": "PER", "start": 0, "end": 1}, {"type": "LOC", "start": 3, "end": 4}],
    "relations": [{"type": "lives in", "head": 0, "tail": 1}],
    "orig_id": 17,
}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def function(*records: object, notes: Notes | None = None) -> list[Sentence]:
        path = tmp_path / "data.json"
        path.write_text(json.dumps(records), encoding="utf-8")
        return list(build(Reader, "tango_ie::spert").read(path, notes))

    return function


def test_entities_and_relations(read: Any) -> None:
    assert read(ADA) == [
        Sentence(
            ("Ada", "lived", "in", "London"),
            (Entity("PER", 0, 1), Entity("LOC", 3, 4)),
            (Relation("lives in", 0, 1),),
            doc_id="17",
        )
    ]


def test_further_keys_of_our_writer(read: Any) -> None:
    [sentence] = read(
        {
            "tokens": ["a", "b"],
            "entities": [{"type": "X", "start": 0, "end": 2, "subtype": "X.y"}],
            "orig_id": "seven",
            "layers": {"pos": ["A", "B"]},
            "position": 3,
            "text": "a b",
            "offsets": [[0, 1], [2, 3]],
            "text_start": 9,
        }
    )
    assert sentence == Sentence(
        ("a", "b"),
        (Entity("X", 0, 2),),
        tags={"pos": ("A", "B")},
        doc_id="seven",
        position=3,
        text="a b",
        offsets=((0, 1), (2, 3)),
        text_start=9,
    )
    assert sentence.entities[0].subtype == "X.y"


def test_unread_keys_are_stated_and_misspelt_ones_noted(read: Any) -> None:
    notes = Notes()
    relations = ADA["relations"]
    [sentence] = read({**ADA, "relations": None, "url": "x"}, notes=notes)
    assert not sentence.relations
    assert notes.facts == {"keys not read": "url"} and not notes.counts
    misspelt = {key: value for key, value in ADA.items() if key != "relations"}
    read({**misspelt, "relation": relations}, notes=notes)
    assert notes.counts == {"key that may be misspelt": 1}
    assert "is it 'relations'?" in str(notes.to_json())


def test_an_empty_sentence_is_left_out_unless_it_is_annotated(read: Any) -> None:
    notes = Notes()
    assert len(read({"tokens": [], "entities": []}, ADA, notes=notes)) == 1
    assert notes.counts == {"sentence without words left out": 1}
    with pytest.raises(DataError, match="a sentence without words"):
        read({"tokens": [], "entities": [], "relations": [{"type": "x", "head": 0, "tail": 0}]})


@pytest.mark.parametrize("position", [-1, 2**63])
def test_a_position_that_no_corpus_holds(read: Any, position: int) -> None:
    with pytest.raises(DataError, match="position must be a whole number from 0"):
        read({**ADA, "position": position})
