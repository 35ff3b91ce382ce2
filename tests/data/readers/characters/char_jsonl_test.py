from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.characters.char_jsonl import CharJsonLinesReader

TEXT = "Nils met Selma in Falun."
GOLD = (Entity("PER", 0, 1), Entity("PER", 2, 3), Entity("LOC", 4, 5))
SPANS = [(0, 4, "PER"), (9, 14, "PER"), (18, 23, "LOC")]


def read(
    record: dict[str, Any], folder: Path, notes: Notes | None = None, **config: Any
) -> Sentence:
    path = folder / "a.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    reader = build(Reader, {"type": "tango_ie::char_jsonl", **config})
    (sentence,) = reader.read(path, notes)
    return sentence


@pytest.mark.parametrize(
    "record",
    [
        {"entities": [{"start": s, "end": e, "type": t} for s, e, t in SPANS]},
        {"entities": [list(span) for span in SPANS]},
        {"label": [list(span) for span in SPANS]},
        {"labels": [list(span) for span in SPANS]},
        {"spans": [{"start": s, "end": e, "label": t} for s, e, t in SPANS]},
        {"entities": [{"start_offset": s, "end_offset": e, "label": t} for s, e, t in SPANS]},
    ],
)
def test_spellings_of_entities(record: dict[str, Any], tmp_path: Path) -> None:
    sentence = read({"text": TEXT, **record}, tmp_path, Notes(strict=True))
    assert sentence.entities == GOLD
    assert sentence.words == ("Nils", "met", "Selma", "in", "Falun", ".")
    assert sentence.text == TEXT and sentence.offsets is not None


def test_keys_may_be_named(tmp_path: Path) -> None:
    record = {"sentence": TEXT, "ner": [[0, 4, "PER"]], "entities": 3, "words": ["x"], "pmid": 12}
    notes = Notes()
    sentence = read(
        *(record, tmp_path, notes),
        text="sentence",
        entities="ner",
        words=None,
        doc_id="pmid",
    )
    assert sentence.entities == GOLD[:1] and sentence.doc_id == "12"
    assert "'words'" in str(notes.facts) or "words" in str(notes.facts)
    with pytest.raises(ConfigurationError, match="two keys are called 'text'"):
        CharJsonLinesReader(doc_id="text")


def test_everything_that_a_record_may_hold(tmp_path: Path) -> None:
    record = {
        "doc_id": "d",
        "position": 2,
        "text_start": 80,
        "text": "New York's mayor",
        "words": [[0, 8], [8, 10], [11, 16]],
        "entities": [{"start": 0, "end": 8, "type": "LOC", "sem": "city"}, [11, 16, "PER"]],
        "relations": [{"type": "of", "head": 1, "tail": 0}, {"label": "has", "head": 0, "tail": 1}],
        "tags": {"pos": ["NNP", "POS", "NN"]},
    }
    sentence = read(record, tmp_path, Notes(strict=True))
    assert sentence == Sentence(
        words=("New York", "'s", "mayor"),
        entities=(Entity("LOC", 0, 1), Entity("PER", 2, 3)),
        relations=(Relation("of", 1, 0), Relation("has", 0, 1)),
        tags={"pos": ("NNP", "POS", "NN")},
        doc_id="d",
        position=2,
        text="New York's mayor",
        offsets=((0, 8), (8, 10), (11, 16)),
        text_start=80,
    )
    assert sentence.entities[0].subtype == "city"


def test_relations_by_the_ids_of_entities(tmp_path: Path) -> None:
    entities = [
        {"id": 9, "start_offset": 0, "end_offset": 4, "label": "PER"},
        {"id": 4, "start_offset": 18, "end_offset": 23, "label": "LOC"},
    ]
    relation = {"id": 1, "from_id": 4, "to_id": 9, "type": "r"}
    record = {"text": TEXT, "entities": entities, "relations": [relation]}
    assert read(record, tmp_path).relations == (Relation("r", 1, 0),)
    entities[1]["id"] = 9
    with pytest.raises(DataError, match="the entities 0 and 1 have the same id 9"):
        read(record, tmp_path)


def test_records_without_entities_are_noted(tmp_path: Path) -> None:
    notes = Notes()
    read({"text": TEXT}, tmp_path, notes)
    assert notes.counts["record without entities"] == 1
    notes = Notes()
    read({"text": TEXT, "entites": []}, tmp_path, notes)
    assert "record without entities" in notes.counts


def test_a_mark_of_many_bytes_is_one_character(tmp_path: Path) -> None:
    text = "🚂 e\u0301te\u0301 🇨🇭 שלום"
    spans = [[0, 1, "A"], [2, 7, "B"], [8, 10, "C"], [11, 15, "D"]]
    notes = Notes(strict=True)
    sentence = read({"text": text, "entities": spans}, tmp_path, notes)
    assert sentence.words == ("🚂", "e\u0301te\u0301", "🇨🇭", "שלום")
    assert [(entity.start, entity.end) for entity in sentence.entities] == [
        *((0, 1), (1, 2), (2, 3), (3, 4))
    ]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"text": 3, "entities": []}, "text must be a string, found 3"),
        ({"text": TEXT, "entities": {}}, "entities must be a list"),
        ({"text": TEXT, "entities": [[0, 4]]}, r"entities\[0\] must be \[start, end, type\]"),
        ({"text": TEXT, "entities": [[0, 4, ""]]}, r"entities\[0\]: the type is empty"),
        ({"text": TEXT, "entities": [], "relations": [{"type": "r"}]}, "needs the key 'head' or"),
        ({"text": TEXT, "entities": [], "tags": {"pos": []}}, "offsets of the words are not"),
        ({"text": TEXT, "entities": [], "words": [[0, 99]]}, "inside the text of 24 characters"),
        ({"text": TEXT, "entities": [], "position": 1 << 63}, "position must be a whole number"),
        ({"text": TEXT, "entities": [], "text_start": -1}, "text_start must be a whole number"),
    ],
)
def test_errors_name_file_and_line(record: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read(record, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'a.jsonl'}, line 1: ")
