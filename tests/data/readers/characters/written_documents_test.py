from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.readers.characters.written_documents import (
    FILE_NAME,
    WrittenDocument,
    WrittenSentence,
    written_documents,
)

DOCUMENT = WrittenDocument(
    "a_b",
    None,
    "0f",
    (WrittenSentence(9, 12, ((0, 3),), 4), WrittenSentence(0, 5, ((0, 2), (2, 5)))),
    {"r_1": "r 1"},
)


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert list(written_documents(tmp_path)) == []
    second = WrittenDocument("c", "c\u2028d", "", ())
    lines = f"{DOCUMENT.to_line()}\n{second.to_line()}\n"
    (tmp_path / FILE_NAME).write_text(lines, encoding="utf-8")
    assert list(written_documents(tmp_path)) == [DOCUMENT, second]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"a_b"', "3", "file must be a string, found 3"),
        ('"start":9', '"start":-9', r"sentences\[0\] is \[-9, 12\)"),
        ('"start":9', '"start":4', "two sentences overlap, from 0 and from 4"),
        ("[[0,3]]", "[]", r"sentences\[0\]\.words is empty"),
        ("[[0,3]]", "[[0,4]]", r"sentences\[0\]\.words has \[0, 4\)"),
        ("[[0,3]]", "[[0,1,2]]", "must hold 2 whole numbers"),
        ('"position":4', '"position":-1', "position must be a whole number from 0"),
        ('"r 1"', "null", r"labels\.r_1 must be a string"),
        ("{", "", "not JSON"),
    ],
)
def test_a_damaged_list_names_its_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    line = DOCUMENT.to_line()
    lines = f"{line}\n{line.replace(old, new, 1)}\n"
    (tmp_path / FILE_NAME).write_text(lines, encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        list(written_documents(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path / FILE_NAME}, line 2: ")
    assert "remove this file" in str(caught.value)
