from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers import Reader

GENE = {"id": "e0", "start": 1, "end": 4, "entity_type": "DNA", "text": "IL-2 receptor gene"}
PROTEIN = {"id": "e1", "start": 1, "end": 3, "entity_type": "protein", "text": "IL-2 receptor"}
RECORD = {
    "tokens": ["the", "IL-2", "receptor", "gene"],
    "doc_id": "ABS:1",
    "sent_id": "ABS:1-4",
    "entity_mentions": [GENE, PROTEIN],
}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def function(record: object, notes: Notes | None = None, **options: Any) -> list[Sentence]:
        path = tmp_path / "data.jsonlines"
        path.write_text(json.dumps(record), encoding="utf-8")
        return list(build(Reader, {"type": "tango_ie::token_spans", **options}).read(path, notes))

    return function


def test_nested_mentions_with_their_document(read: Any) -> None:
    notes = Notes()
    entities = (Entity("DNA", 1, 4), Entity("protein", 1, 3))
    words = ("the", "IL-2", "receptor", "gene")
    assert read(RECORD, notes) == [Sentence(words, entities, doc_id="ABS:1", position=4)]
    assert not notes.counts and not notes.facts


@pytest.mark.parametrize("sent_id", [None, "ABS:1", "ABS:2-4", "ABS:1-x", "ABS:1-²", 4])
def test_other_ids_give_no_position(read: Any, sent_id: object) -> None:
    [sentence] = read({**RECORD, "sent_id": sent_id})
    assert sentence.position is None and sentence.doc_id == "ABS:1"


def test_relations_by_ids_and_finer_types(read: Any) -> None:
    relation = {
        "relation_type": "encodes",
        "arguments": [{"entity_id": "e0", "role": "a"}, {"entity_id": "e1", "role": "b"}],
    }
    mentions = [PROTEIN, {**GENE, "entity_subtype": "DNA_domain"}]
    [sentence] = read({**RECORD, "entity_mentions": mentions, "relation_mentions": [relation]})
    assert sentence.relations == (Relation("encodes", 1, 0),)
    assert [entity.subtype for entity in sentence.entities] == [None, "DNA_domain"]


def test_what_does_not_fit_is_noted(read: Any) -> None:
    notes = Notes()
    read(
        {
            **RECORD,
            "entity_mentions": [{**GENE, "text": "IL-2receptor\ngene"}, {**PROTEIN, "text": "IL"}],
            "event_mentions": [{"id": "v"}, {"id": "w"}],
        },
        notes,
    )
    assert notes.counts == {"text of a mention is not that of its words": 1, "events left out": 2}


def test_other_keys_and_inclusive_ends(read: Any) -> None:
    record = {"words": ["New", "York"], "spans": [{"start": 0, "end": 1, "label": "LOC"}]}
    [sentence] = read(record, words="words", entities="spans", label="label", inclusive=True)
    assert sentence.entities == (Entity("LOC", 0, 2),)
    with pytest.raises(ConfigurationError, match="cannot hold words too"):
        read(record, words="spans", entities="spans")
