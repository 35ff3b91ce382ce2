"""What all writers share: files that appear whole or not at all, and notes of what is left out."""

from __future__ import annotations

import gzip
import io
import os
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, TextIO

from tango_ie.core.errors import DataError
from tango_ie.core.registry import Registrable
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes


class Writer(Registrable):
    """Writes one format family, in the form that the reader of the same name reads back.

    Annotations that a format has no place for are left out and noted; strict notes make that an
    error. Words that a format cannot hold are an error always.
    """

    SUFFIX: ClassVar[str]
    """How names of files end; empty where the writer makes a folder."""

    @abstractmethod
    def write(
        self, sentences: Iterable[Sentence], path: str | Path, notes: Notes | None = None
    ) -> int:
        """Write all sentences; one at a time is held.

        Args:
            path: the new file; an existing one is replaced when the new one is complete.
            notes: collects what was left out.

        Returns:
            the number of sentences.

        Raises:
            DataError: a sentence that the format cannot hold, or a file that cannot be written.
        """


class TextWriter(Writer):
    """Base of the writers that make one text file; one whose name ends in ``.gz`` is compressed."""

    def write(
        self, sentences: Iterable[Sentence], path: str | Path, notes: Notes | None = None
    ) -> int:
        """See :meth:`Writer.write`."""
        counted = _Counted(sentences)
        kept = Notes() if notes is None else notes
        with text_file(Path(path)) as stream:
            try:
                self.write_stream(iter(counted), stream, kept)
            except DataError as error:
                if error.source is not None:
                    raise
                place = f"{path}, sentence {counted.count}"
                raise DataError(error.message, place) from error
        return counted.count

    @abstractmethod
    def write_stream(self, sentences: Iterator[Sentence], stream: TextIO, notes: Notes) -> None:
        """Write all sentences; an error needs not say which sentence it is about."""


class _Counted:
    def __init__(self, sentences: Iterable[Sentence]) -> None:
        self._sentences = sentences
        self.count = 0

    def __iter__(self) -> Iterator[Sentence]:
        for sentence in self._sentences:
            self.count += 1
            yield sentence


@contextmanager
def text_file(target: Path) -> Iterator[TextIO]:
    """A new UTF-8 file that takes its name when it is complete; compressed if that is ``*.gz``.

    Raises:
        DataError: the folder does not exist or cannot be written to.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        raw = partial.open("wb")
    except OSError as error:
        raise DataError(f"cannot be written: {error.strerror or error}", target) from error
    try:
        with raw:
            # Neither name nor time in the header: equal sentences give equal files.
            packed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if _is_gzip(target) else raw
            with io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as stream:
                yield stream
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _is_gzip(path: Path) -> bool:
    return path.suffix == ".gz"
