"""What all readers share: finding and opening a file, and errors that name file and line."""

from __future__ import annotations

import codecs
import difflib
import gzip
import io
import zlib
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import resolve_location
from tango_ie.core.registry import Registrable
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16


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
        try:
            io.TextIOWrapper(io.BytesIO(), encoding)  # refuses bytes-to-bytes codecs too
            self.encoding = codecs.lookup(encoding).name
        except LookupError as error:
            raise ConfigurationError(
                f"unknown encoding {encoding!r}; usual ones are utf-8, latin-1, cp1252, utf-16",
                "encoding",
            ) from error

    @abstractmethod
    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """Sentences from a text whose line ends are as in the file; ``source`` is for errors."""

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        codec = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        try:
            # Only \n ends a line: \r, \x85 or U+2028 inside a token must not cut it in two.
            with (
                open_binary(path) as stream,
                io.TextIOWrapper(self._guarded(stream, path), codec, newline="\n") as text,
            ):
                yield from self.read_stream(text, str(path), notes)
        except UnicodeError as error:
            raise self._encoding_error(path) from error

    def _guarded(self, stream: IO[bytes], path: Path) -> IO[bytes]:
        """The same bytes; a zero among them is an error where no text of this encoding has one."""
        if "\0".encode(self.encoding) != b"\0":
            return stream
        return _NoZeroBytes(stream, path)  # type: ignore[return-value]

    def _encoding_error(self, path: Path) -> DataError:
        """Find the first byte that cannot be decoded; the error itself knows it per block only."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line, block_start = 1, 0
        with open_binary(path) as stream:
            while chunk := stream.read(_CHUNK):
                pending = len(decoder.getstate()[0])
                try:
                    line += decoder.decode(chunk).count("\n")
                except UnicodeDecodeError as error:
                    good = bytes(error.object[: error.start])
                    line += good.decode(self.encoding, errors="replace").count("\n")
                    offset = block_start - pending + error.start
                    byte = error.object[error.start]
                    return DataError(
                        f"byte 0x{byte:02x} at offset {offset} is not {self.encoding}; "
                        f"{_encoding_hint(path)}",
                        path,
                        line,
                    )
                except UnicodeError as error:
                    return DataError(f"is not {self.encoding}: {error}", path, line)
                block_start += len(chunk)
        return DataError(f"ends within a character of {self.encoding}; it is cut off", path, line)


class _NoZeroBytes(io.BufferedIOBase):
    """Passes bytes on, and refuses those of files that hold no text."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream = stream
        self._path = path
        self._lines = 1

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read1(size)  # type: ignore[attr-defined]
        marked = self._lines == 1 and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if b"\0" in data and not marked:  # what is marked cannot be decoded, which says more
            line = self._lines + data.count(b"\n", 0, data.index(b"\0"))
            raise DataError(
                "holds a zero byte, which no text has: the file is damaged, binary, or UTF-16 "
                '(then give the reader `encoding: "utf-16"`)',
                self._path,
                line,
            )
        self._lines += data.count(b"\n")
        return data

    def read(self, size: int | None = -1) -> bytes:
        return self.read1(-1 if size is None else size)


def open_binary(path: Path) -> IO[bytes]:
    """Open a file for reading, through gzip where its first bytes (not its name) say so."""
    with path.open("rb") as stream:
        compressed = stream.read(2) == _GZIP_MAGIC
    return gzip.open(path) if compressed else path.open("rb")  # type: ignore[return-value]


def located(error: DataError, source: object, line: int | None = None) -> DataError:
    """The same error with its place, where it does not know one already."""
    return error if error.source is not None else DataError(error.message, source, line)


def _encoding_hint(path: Path) -> str:
    with open_binary(path) as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 'the file starts with a UTF-16 mark; give the reader `encoding: "utf-16"`'
    return (
        'give the reader the encoding of the file, for example `encoding: "latin-1"`, '
        "or convert the file to UTF-8"
    )


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
