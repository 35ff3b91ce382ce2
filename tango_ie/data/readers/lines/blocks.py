"""Cutting a column file into sentences, each a tuple per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tango_ie.core.errors import DataError

_SHOWN = 120


class Block(NamedTuple):
    """One sentence as columns, or a document mark (no columns)."""

    columns: list[tuple[str, ...]]
    first_line: int


class BlockCutter:
    """Cuts the lines of a text into :class:`Block`.

    Args:
        columns: names of the columns, for errors; their number is the width of each line.
        separator: what parts the cells; ``None`` is any run of spaces and tabs.
        marker: a word that marks a document; it parts sentences, whatever else its line has.

    >>> cutter = BlockCutter(("word", "pos"), None, "-DOCSTART-")
    >>> [block.columns for block in cutter.cut(["EU NNP\\n", "rejects VBZ\\n", "\\n"], "here")]
    [[('EU', 'rejects'), ('NNP', 'VBZ')]]
    """

    def __init__(self, columns: tuple[str, ...], separator: str | None, marker: str | None) -> None:
        self.columns = columns
        self.separator = separator
        self.marker = marker
        self._split = _split_blanks if separator is None else _splitter(separator)

    def cut(self, lines: Iterable[str], source: str) -> Iterator[Block]:
        """The blocks of a text, in order.

        Raises:
            DataError: a line has more or fewer cells than there are columns.
        """
        split, width, marker = self._split, len(self.columns), self.marker
        blanks = self.separator is None
        rows: list[list[str]] = []
        number = 0
        for number, line in enumerate(lines, start=1):
            # Plain lines are split right here: a function call costs as much as the split.
            row = line.split() if blanks and line.isascii() else split(line)
            if len(row) == width and (marker is None or marker not in line):
                rows.append(row)
                continue
            marked = marker in row
            if rows and (marked or not row):
                yield Block(list(zip(*rows, strict=True)), number - len(rows))
                rows = []
            if marked:
                yield Block([], number)
            elif len(row) == width:  # the marker is only a part of a word
                rows.append(row)
            elif row:
                raise self._width_error(row, line, source, number)
        if rows:
            yield Block(list(zip(*rows, strict=True)), number + 1 - len(rows))

    def _width_error(self, row: list[str], line: str, source: str, number: int) -> DataError:
        line = line.rstrip("\r\n")
        shown = line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
        parted = "blanks" if self.separator is None else repr(self.separator)
        hint = (
            "name the further columns, '_' for those not wanted"
            if len(row) > len(self.columns)
            else "check `columns` and `separator`, or mend the line"
        )
        return DataError(
            f"{len(row)} column{'s' * (len(row) != 1)} parted by {parted}, expected "
            f"{len(self.columns)} ({', '.join(self.columns)}): {shown!r}; {hint}",
            source,
            number,
        )


def _split_blanks(line: str) -> list[str]:
    if line.isascii():
        return line.split()
    # str.split() would also cut at no-break and ideographic spaces, which are part of words.
    return [cell for cell in line.rstrip("\r\n").replace("\t", " ").split(" ") if cell]


def _splitter(separator: str) -> Callable[[str], list[str]]:
    def split(line: str) -> list[str]:
        # Not str.rstrip() without argument: an ideographic space may be a word.
        line = line.rstrip(" \t\r\n")
        return line.split(separator) if line else []

    return split
