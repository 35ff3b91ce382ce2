"""The rows of a CSV file with their lines, and whether the file ends within one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes

CUT_OFF = "last row cut off left out"


class Row(NamedTuple):
    """One row: its cells, the one-based line on which it begins, whether it has a line end."""

    cells: list[str]
    line: int
    ended: bool


def csv_rows(stream: TextIO, separator: str, source: str, notes: Notes) -> Iterator[Row]:
    """The rows of a table; a last one that lacks its closing quote mark is left out and noted.

    Raises:
        DataError: text that is not CSV; names the line on which the row begins.

    >>> import io
    >>> [row.cells for row in csv_rows(io.StringIO('a,"b,c"\\n'), ",", "here", Notes())]
    [['a', 'b,c']]
    """
    lines = _Lines(stream, source)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        first = lines.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            if lines.exhausted and not lines.ended and lines.number == first:
                notes.add(CUT_OFF, lines.last[:60], source, first)
                return
            raise DataError(
                f"not CSV: {error}; a quote mark within a cell must be doubled, and the cell "
                "quoted; lines end in LF or CR LF",
                source,
                first,
            ) from error
        yield Row(cells, first, lines.ended)


def show_cells(cells: list[str]) -> str:
    """The cells of a row for an error message, cut short."""
    text = repr(cells)
    return text if len(text) <= 80 else text[:77] + "..."


class _Lines:
    """The lines of a stream, counted; knows whether the last one that it gave had an end."""

    def __init__(self, stream: TextIO, source: str) -> None:
        self.number = 0
        self.last = ""
        self.exhausted = False
        self._stream = stream
        self._source = source

    @property
    def ended(self) -> bool:
        return self.last.endswith("\n")

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._stream)
        except StopIteration:
            self.exhausted = True
            raise
        self.last = line
        self.number += 1
        if "\0" in line:  # csv refuses it in some versions of Python and keeps it in others
            raise DataError(
                "a NUL byte, which is no text; the file is damaged, or of another encoding",
                self._source,
                self.number,
            )
        return line
