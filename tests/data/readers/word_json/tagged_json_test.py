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
    def function(*records: object, notes: Notes | None = None, **options: Any) -> list[Sentence]:
        path = tmp_path / "data.jsonl"
        path.write_text("".join(map("{}\n".format, map(json.dumps, records))), encoding="utf-8")
        return list(build(Reader, {"type": "tango_ie::tagged_json", **options}).read(path, notes))

    return function


@pytest.mark.parametrize("words", ["tokens", "words", "text"])
@pytest.mark.parametrize("tags", ["ner_tags", "tags", "labels", "label"])
def test_usual_keys_are_found(read: Any, words: str, tags: str) -> None:
    assert read({words: ["Ada", "wrote"], tags: ["B-PER", "O"]}) == [
        Sentence(("Ada", "wrote"), (Entity("PER", 0, 1),))
    ]


def test_other_keys_are_named(read: Any) -> None:
    notes = Notes()
    record = {"w": ["Ada"], "bio": ["B-PER"], "p": ["NNP"], "tokens": ["ada"], "tags": ["O"]}
    assert read(record, notes=notes, words="w", tags="bio", layers={"pos": "p"}) == [
        Sentence(("Ada",), (Entity("PER", 0, 1),), tags={"pos": ("NNP",)})
    ]
    assert notes.facts == {"keys not read": "tokens, tags", "scheme of entities": "iob2"}


def test_relations_point_into_the_decoded_entities(read: Any) -> None:
    record = {
        "tokens": ["Ada", "Lovelace", "lived", "in", "London"],
        "tags": ["B-PER", "L-PER", "O", "O", "U-LOC"],
        "relations": [{"head": 1, "tail": 0, "type": "home of"}],
        "orig_id": 5,
    }
    assert read(record, scheme="bilou") == [
        Sentence(
            tuple(record["tokens"]),
            (Entity("PER", 0, 2), Entity("LOC", 4, 5)),
            (Relation("home of", 1, 0),),
            doc_id="5",
        )
    ]


def test_tags_as_numbers(read: Any) -> None:
    record = {"words": ["Ada", "Lovelace"], "ner_tags": [1, 2], "doc_id": "d"}
    names = ["O", "B-PER", "I-PER"]
    [sentence] = read(record, tag_names=names)
    assert sentence.entities == (Entity("PER", 0, 2),) and sentence.doc_id == "d"
    with pytest.raises(DataError, match="`tag_names`"):
        read(record)


def test_repairs_are_noted_with_their_line(read: Any) -> None:
    notes = Notes()
    records = [{"text": ["a"], "label": ["O"]}, {"text": ["b", "c"], "label": ["O", "I-X"]}]
    assert read(*records, notes=notes, scheme="iob2")[1].entities == (Entity("X", 1, 2),)
    [(kind, note)] = notes.to_json().items()
    assert kind == "entities: I without B (iob2)" and note["count"] == 1
    assert "line 2: I-X after O" in note["examples"][0]


def test_bare_tags(read: Any) -> None:
    [sentence] = read({"text": ["a", "b"], "label": ["B", "I"]}, bare_label="entity")
    assert sentence.entities == (Entity("entity", 0, 2),)


def test_one_key_cannot_hold_two_things(read: Any) -> None:
    with pytest.raises(ConfigurationError, match="cannot hold words and tags"):
        read({}, words="text", tags="text")
