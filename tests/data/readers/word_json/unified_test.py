from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers import Reader


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def function(record: object, notes: Notes | None = None, **options: Any) -> list[Sentence]:
        path = tmp_path / "data.json"
        path.write_text(json.dumps([record]), encoding="utf-8")
        return list(build(Reader, {"type": "tango_ie::unified", **options}).read(path, notes))

    return function


def test_arguments_are_found_by_their_spans(read: Any) -> None:
    record = {
        "tokens": ["Ada", "Lovelace", "lived", "in", "London"],
        "entities": [[0, 2, "PER"], [4, 5, "LOC"]],
        "relations": [[4, 5, 0, 2, "home of"], [0, 2, 0, 2, "same"]],
    }
    assert read(record) == [
        Sentence(
            tuple(record["tokens"]),
            (Entity("PER", 0, 2), Entity("LOC", 4, 5)),
            (Relation("home of", 1, 0), Relation("same", 0, 0)),
        )
    ]


def test_several_entities_with_a_span_and_none(read: Any) -> None:
    record = {
        "tokens": ["a", "b", "c"],
        "entities": [[0, 1, "X"], [1, 3, "Y"], [1, 3, "Z"]],
        "relations": [[0, 1, 1, 3, "first"], [0, 1, 1, 2, "none"]],
    }
    notes = Notes()
    [sentence] = read(record, notes)
    assert sentence.relations == (Relation("first", 0, 1),)
    assert notes.counts == {
        "relation argument with several entities: the first taken": 1,
        "relation left out: its argument is no entity": 1,
    }
    with pytest.raises(DataError, match="without `strict: true`"):
        read(record, Notes(strict=True))


def test_other_keys_and_inclusive_ends(read: Any) -> None:
    record = {"tokenized_text": ["New", "York", "!"], "ner": [[0, 1, "LOC"], [2, 2, "X"]]}
    [sentence] = read(record, words="tokenized_text", entities="ner", inclusive=True)
    assert sentence.entities == (Entity("LOC", 0, 2), Entity("X", 2, 3))


def test_one_key_cannot_hold_two_things(read: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"relations.*cannot hold two things"):
        read({}, relations="relations", entities="relations")
