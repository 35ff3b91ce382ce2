"""What all readers share: finding and opening a file, and errors that name file and line."""

from __future__ import annotations

import difflib
import gzip
import zlib
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tango_ie.core.errors import DataError
from tango_ie.core.input_files import resolve_location
from tango_ie.core.registry import Registrable
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.text_files import known_encoding, opened_text


class Reader(Registrable):
    """Reads one format family; gives sentences one at a time.

    Derived classes implement :meth:`read_file`, or derive from :class:`TextReader`.
    """

    def read(self, path: str | Path, notes: Notes | None = None) -> Iterator[Sentence]:
        """The sentences of ``path``, in file order.

        Args:
            path: a file; ``pkg://PACKAGE/PATH`` names one inside an installed package.
            notes: collects repairs; strict notes make each of them an error.

        Raises:
            DataError: nothing can be read there, or a part of it is malformed.
        """
        location = resolve_location(str(path))
        self.check_location(Path(location))
        return self._sentences(Path(location), Notes() if notes is None else notes)

    def check_location(self, path: Path) -> None:
        """Refuse what this reader cannot open; readers of folders override this."""
        if path.is_file():
            return
        if path.is_dir():
            files = _listing(sorted(entry.name for entry in path.iterdir()))
            raise DataError(f"is a folder, but a file is needed; in it there is {files}", path)
        if not path.exists():
            raise DataError(f"does not exist; {_nearby(path)}", path)
        raise DataError("is not a regular file", path)

    @abstractmethod
    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """The sentences of an existing file."""

    def _sentences(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        empty = True
        try:
            for sentence in self.read_file(path, notes):
                empty = False
                yield sentence
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DataError(
                f"the gzip data are damaged or cut off ({error}); fetch or compress it again", path
            ) from error
        except OSError as error:
            raise DataError(f"cannot be read: {error.strerror or error}", path) from error
        if empty:
            raise DataError("holds no sentence; name another file, or copy it anew", path)


class TextReader(Reader):
    """Base of the readers that go through a text file line by line.

    Args:
        encoding: any codec of Python; a byte-order mark in front of UTF-8 is skipped.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding = known_encoding(encoding)

    @abstractmethod
    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """Sentences from a text whose line ends are as in the file; ``source`` is for errors."""

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        with opened_text(path, self.encoding) as text:
            yield from self.read_stream(text, str(path), notes)


def located(error: DataError, source: object, line: int | None = None) -> DataError:
    """The same error with its place, where it does not know one already."""
    return error if error.source is not None else DataError(error.message, source, line)


def _nearby(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"nor does the folder {folder} (relative paths start at {Path.cwd()})"
    names = sorted(entry.name for entry in folder.iterdir())
    near = difflib.get_close_matches(path.name, names, n=3)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"in {folder} there is {_listing(names)}"


def _listing(names: list[str], limit: int = 5) -> str:
    shown = ", ".join(names[:limit]) or "nothing"
    return f"{shown}, …" if len(names) > limit else shown
