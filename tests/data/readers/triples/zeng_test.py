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
from tango_ie.data.readers.triples.zeng import ZengReader

WORDS = {"PAD": 0, "Ada": 2, "met": 3, "Babbage": 4}
RELATIONS = {"None": 0, "met": 1, "left": 2}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    for name, numbers in (("words2id", WORDS), ("relations2id", RELATIONS)):
        (tmp_path / f"{name}.json").write_text(json.dumps(numbers))
    config = {
        "type": "tango_ie::zeng",
        "words": str(tmp_path / "words2id.json"),
        "relations": str(tmp_path / "relations2id.json"),
        "entity_label": "person",
    }
    built = build(Reader, config)
    assert isinstance(built, Reader)
    return built


def read(reader: Reader, content: object, folder: Path, notes: Notes | None = None) -> Any:
    path = folder / "train.json"
    path.write_text(json.dumps(content))
    return list(reader.read(path, notes))


def test_numbers_become_words_and_triples(reader: Reader, tmp_path: Path) -> None:
    content = [[[2, 3, 4], [2, 3]], [[2, 0, 1, 0, 2, 2], []]]
    assert read(reader, content, tmp_path) == [
        Sentence(
            ("Ada", "met", "Babbage"),
            (Entity("person", 2, 3), Entity("person", 0, 1)),
            (Relation("met", 0, 1), Relation("left", 1, 0)),
        ),
        Sentence(("Ada", "met")),
    ]


def test_notes(reader: Reader, tmp_path: Path) -> None:
    notes = Notes()
    content = [[[], [2, 3, 4]], [[], [0, 0, 1, 0, 0, 1]]]
    assert len(read(reader, content, tmp_path, notes)) == 1
    assert notes.counts == {
        "sentence without words left out": 1,
        "relation of an entity with itself kept": 1,
        "repeated triple dropped": 1,
    }


def test_strict_notes_name_the_sentence(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: sentence 2: repeated triple dropped"):
        read(reader, [[[2], [2, 3]], [[], [0, 1, 1, 0, 1, 1]]], tmp_path, Notes(strict=True))


def test_a_long_file_is_read_in_pieces(reader: Reader, tmp_path: Path) -> None:
    count = 20_000  # several buffers
    content = [[[2, 3, 4]] * count, [[0, 2, 1]] * count]
    found = read(reader, content, tmp_path)
    assert len(found) == count
    assert all(len(sentence.relations) == 1 for sentence in found)


def test_files_of_numbers_must_be_there(tmp_path: Path) -> None:
    missing: Any = str(tmp_path / "words2id.json")
    with pytest.raises(ConfigurationError, match=r"words: .* does not exist"):
        ZengReader(missing, missing)
