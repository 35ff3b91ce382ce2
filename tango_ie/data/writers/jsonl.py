"""Our own JSON lines, which hold everything that a sentence can carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.records import to_json_line
from tango_ie.data.writers.base import TextWriter, Writer


@Writer.register("tango_ie::jsonl")
class JsonLinesWriter(TextWriter):
    """Writes what ``tango_ie::jsonl`` reads back as equal sentences; nothing is left out."""

    SUFFIX = ".jsonl"

    def write_stream(self, sentences: Iterator[Sentence], stream: TextIO, notes: Notes) -> None:
        """See :meth:`TextWriter.write_stream`."""
        for sentence in sentences:
            stream.write(to_json_line(sentence) + "\n")


def write_jsonl(sentences: Iterable[Sentence], path: str | Path) -> int:
    """Write JSON lines with a :class:`JsonLinesWriter`.

    The file appears when it is complete, or not at all.

    Args:
        sentences: may be an iterator; one sentence is held at a time.
        path: compressed with gzip where it ends in ``.gz``.

    Returns:
        the number of sentences.
    """
    return JsonLinesWriter().write(sentences, path)
