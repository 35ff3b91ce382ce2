"""Our own JSON lines: one sentence a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.records import from_json_line


@Reader.register("tango_ie::jsonl")
class JsonLinesReader(TextReader):
    """Reads what :func:`tango_ie.data.writers.write_jsonl` writes.

    The keys are those of :mod:`tango_ie.data.records`. Unknown ones are errors: a misspelt
    ``relation`` must not lose all relations. Empty lines are skipped.

    Args:
        encoding: see :class:`TextReader`.

    >>> import io
    >>> stream = io.StringIO('{"words": ["Ada", "wrote"]}\\n')
    >>> [sentence.words for sentence in JsonLinesReader().read_stream(stream, "here", Notes())]
    [('Ada', 'wrote')]
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(encoding)

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        for number, line in enumerate(stream, start=1):
            if line.isspace():
                continue
            try:
                yield from_json_line(line.rstrip("\r\n"))
            except DataError as error:
                raise located(error, source, number) from error
