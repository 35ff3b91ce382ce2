from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.id_names import RelationInventory, existing_file, read_id_names


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "rel2id.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        '{"in": 0, "at": 1}',
        '[{"in": 0, "at": 1}]',
        '[{"0": "in", "1": "at"}]',
        '[{"0": "in", "1": "at"},\n {"in": 0, "at": 1}]',
        b'\xef\xbb\xbf{"in": 0, "at": 1}',
        gzip.compress(b'{"in": 0, "at": 1}'),
    ],
)
def test_layouts(content: str | bytes, tmp_path: Path) -> None:
    assert read_id_names(write(tmp_path, content)) == {0: "in", 1: "at"}


def test_names_that_are_digits(tmp_path: Path) -> None:
    assert read_id_names(write(tmp_path, '{"1955": 0, "7": 1}')) == {0: "1955", 1: "7"}


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ('{"in": 0, "at": 0}', 1, "number 0 stands for 'in' and for 'at'"),
        ('[{"0": "in"},\n{"at": 0}]', 2, "number 0 stands for 'in' and for 'at'"),
        ('{"in": true}', 1, "the number of 'in' must be a whole number, found True"),
        ('{"in": "at"}', 1, "'in' must be a whole number, as its value is a name"),
        ('{"²": "at"}', 1, "must be a whole number"),
        (f'{{"{"9" * 5000}": "at"}}', 1, "must be a whole number"),
        ("[[0]]", 1, r"the numbering must be an object, found \[0\]"),
        ("{}", None, "numbers no names"),
        ("", None, "numbers no names"),
        ('[{"in": 0}', 1, "cut off"),
        (b'{"\xff": 0}', None, "is not UTF-8"),
        (gzip.compress(b'{"in": 0}')[:-10], None, "gzip data are damaged"),
    ],
)
def test_broken_files(content: str | bytes, line: int | None, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, content)
    with pytest.raises(DataError, match=message) as caught:
        read_id_names(path)
    assert str(caught.value.source) == str(path)
    assert caught.value.line == line


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_id_names(tmp_path)


def test_existing_file(tmp_path: Path) -> None:
    path = write(tmp_path, "{}")
    assert existing_file(str(path), "relations") == InputFile(path)
    with pytest.raises(ConfigurationError, match=r"relations: .* there is rel2id.json"):
        existing_file(str(tmp_path / "rel2idd.json"), "relations")
    with pytest.raises(ConfigurationError, match=r"relations: .* is no file"):
        existing_file(str(tmp_path), "relations")


def test_inventory(tmp_path: Path) -> None:
    inventory = RelationInventory(InputFile(write(tmp_path, '{"lives in": 0, "at": 1}')))
    inventory.check("lives in")
    inventory.check("lives in")
    with pytest.raises(DataError, match=r"'livesin' is not in .*; did you mean 'lives in'"):
        inventory.check("livesin")
    with pytest.raises(DataError, match=r"'xyz' is not in .*; add it there"):
        inventory.check("xyz")
    notes = Notes()
    inventory.state(notes)
    assert notes.facts["relation names"].startswith("1 of the 2 in ")


def test_no_inventory_checks_nothing() -> None:
    notes = Notes()
    inventory = RelationInventory(None)
    inventory.check("anything")
    inventory.state(notes)
    assert notes.facts == {}
