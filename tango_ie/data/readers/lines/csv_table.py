"""CSV tables: one word a row, with the sentence that it belongs to."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader
from tango_ie.data.readers.lines.csv_rows import CUT_OFF, Row, csv_rows, show_cells
from tango_ie.data.schemes import FoundScheme
from tango_ie.data.span_decoder import SpanDecoder

SENTENCE, WORD, ENTITIES = "sentence", "word", "entities"
COLUMNS = {"Sentence #": SENTENCE, "Word": WORD, "POS": "pos", "Tag": ENTITIES}


@Reader.register("tango_ie::csv")
class CsvReader(TextReader):
    """Reads tables with a header line and one word a row.

    A sentence has an id, on its first row only or on all of its rows; which of these it is, is
    found out and stated. The id itself is not kept. Lines may end in CR LF; quote marks in quoted
    cells are doubled. Rows that are all empty are left out and noted.

    The last row of a file that somebody has cut off has no line end. Where it lacks columns or a
    closing quote mark, it is left out; where it has all columns, it is kept, though its last cell
    may be cut. Both are noted.

    Args:
        columns: name in the header → what the column holds: ``sentence`` (its id), ``word``,
            ``entities`` (the entity tags, may be missing); any other name (``pos``) is a layer of
            word tags. Columns that are not named are not read. ``None`` stands for the names of
            the Groningen Meaning Bank's table: ``Sentence #``, ``Word``, ``POS``, ``Tag``.
        separator: one character that parts the cells.
        scheme: tag scheme of the entity tags; ``auto`` finds it out.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> table = 'Sentence #,Word,POS,Tag\\r\\nSentence: 1,Ada,NNP,B-per\\r\\n,"1,5",CD,O\\r\\n'
    >>> next(CsvReader().read_stream(io.StringIO(table, newline="\\n"), "here", Notes())).words
    ('Ada', '1,5')
    """

    def __init__(
        self,
        columns: dict[str, str] | None = None,
        separator: str = ",",
        scheme: FoundScheme = "auto",
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self.columns: Mapping[str, str] = dict(COLUMNS if columns is None else columns)
        self.separator = separator
        self.scheme = scheme
        held = list(self.columns.values())
        for role in (SENTENCE, WORD):
            if held.count(role) != 1:
                raise ConfigurationError(
                    f"exactly one column must hold {role!r}, found {dict(self.columns)}", "columns"
                )
        for role in held:
            if not role or held.count(role) > 1:
                raise ConfigurationError(f"{role!r} is empty or held by two columns", "columns")
        if len(separator) != 1 or separator in '"\r\n\0 ':
            raise ConfigurationError(
                f"must be one character, not a quote mark or blank, found {separator!r}",
                "separator",
            )

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        rows = csv_rows(stream, self.separator, source, notes)
        header = next(rows, None)
        if header is None:
            return
        places = self._places(header.cells, source, header.line)
        sentence = places.pop(SENTENCE)
        table = _Table(places, SpanDecoder(self.scheme, ENTITIES, source, notes))
        habits = {"on its first row": False, "on all of its rows": False}
        current = ""
        for row in rows:
            cells = row.cells
            if not _is_whole(row, len(header.cells), source, notes):
                continue
            if cells[sentence] and cells[sentence] != current:
                if table.words:
                    yield table.take()
                current = cells[sentence]
            elif not current:
                raise DataError(
                    f"the first row has no sentence id: {show_cells(cells)}; mend the row, or "
                    "check `columns`",
                    source,
                    row.line,
                )
            else:
                habits["on all of its rows" if cells[sentence] else "on its first row"] = True
            table.add(cells, source, row.line)
        if table.words:
            yield table.take()
        table.decoder.finish()
        found = " or ".join(habit for habit, occurs in habits.items() if occurs)
        notes.state("the id of a sentence stands", found or "on its only row")

    def _places(self, header: list[str], source: str, line: int) -> dict[str, int]:
        places = {}
        for name, role in self.columns.items():
            if header.count(name) != 1:
                near = difflib.get_close_matches(name, header, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise DataError(
                    f"{'two columns' if name in header else 'no column'} {name!r} in the header "
                    f"{show_cells(header)}{hint} (name the columns with `columns`)",
                    source,
                    line,
                )
            places[role] = header.index(name)
        return places


def _is_whole(row: Row, width: int, source: str, notes: Notes) -> bool:
    """Whether a row is to be read; notes why it is not."""
    if len(row.cells) == width and row.ended and any(row.cells):  # nearly every row
        return True
    cells = show_cells(row.cells)
    if not any(row.cells):
        notes.add("empty row left out", cells, source, row.line)
        return False
    if len(row.cells) < width and not row.ended:
        notes.add(CUT_OFF, cells, source, row.line)
        return False
    if len(row.cells) != width:
        raise DataError(
            f"{len(row.cells)} cells, but the header has {width}: {cells}; mend the row, and quote "
            "cells that hold the separator",
            source,
            row.line,
        )
    if not row.ended:
        notes.add("last row without line end kept", cells, source, row.line)
    return True


class _Table:
    """The rows of the sentence that is being read."""

    def __init__(self, places: Mapping[str, int], decoder: SpanDecoder) -> None:
        self.decoder = decoder
        self.words: list[str] = []
        self._places = dict(places)
        self._word = self._places.pop(WORD)
        self._tags: dict[str, list[str]] = {role: [] for role in self._places}
        self._first_line = self._last_line = 0

    def add(self, cells: list[str], source: str, line: int) -> None:
        word = cells[self._word]
        if not word:
            raise DataError(f"the word is empty: {show_cells(cells)}; mend the row", source, line)
        if not self.words:
            self._first_line = line
        self._last_line = line
        self.words.append(word)
        for role, place in self._places.items():
            self._tags[role].append(cells[place])

    def take(self) -> Sentence:
        tags = {role: tuple(cells) for role, cells in self._tags.items()}
        found = tags.pop(ENTITIES, None)
        entities: list[Entity] = []
        if found is not None:
            # With line breaks in cells, only the line of the sentence can be named.
            gaps = self._last_line - self._first_line + 1 != len(found)
            entities = self.decoder.decode(found, self._first_line, one_line=gaps)
        sentence = Sentence(tuple(self.words), tuple(entities), (), tags)
        self.words = []
        self._tags = {role: [] for role in self._places}
        return sentence
