from __future__ import annotations

import io

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.csv_rows import Row, csv_rows, show_cells


def rows(text: str, notes: Notes | None = None) -> list[Row]:
    return list(csv_rows(io.StringIO(text, newline="\n"), ",", "here", notes or Notes()))


def test_rows_know_their_line_and_whether_they_end() -> None:
    assert rows('a,"b\nc"\r\n\nd,"e"') == [
        Row(["a", "b\nc"], 1, True),
        Row([], 3, True),
        Row(["d", "e"], 4, False),
    ]


def test_an_open_quote_mark_on_the_last_line() -> None:
    notes = Notes()
    assert rows('a\nb,"c', notes) == [Row(["a"], 1, True)]
    assert notes.to_json() == {
        "last row cut off left out": {"count": 1, "examples": ['here, line 2: b,"c']}
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [('a\n"b\n', 2), ('a\n"b\nc', 2), ('a\n"b"c\n', 2), ('a\n"b"c', 2), ("a\rb\n", 1), ("a\0", 1)],
)
def test_errors_name_the_line(text: str, line: int) -> None:
    with pytest.raises(DataError) as caught:
        rows(text)
    assert (caught.value.source, caught.value.line) == ("here", line)


def test_cells_are_shown_cut_short() -> None:
    assert show_cells(["a", "b"]) == "['a', 'b']"
    assert len(show_cells(["a" * 100])) == 80
