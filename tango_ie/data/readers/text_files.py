"""Opening text files: their encoding, compression, and what is wrong with them."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

from tango_ie.core.errors import ConfigurationError, DataError

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16


def known_encoding(encoding: str) -> str:
    """The usual name of a codec of Python.

    Raises:
        ConfigurationError: there is none of this name.
    """
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # refuses bytes-to-bytes codecs too
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise ConfigurationError(
            f"unknown encoding {encoding!r}; usual ones are utf-8, latin-1, cp1252, utf-16",
            "encoding",
        ) from error


@contextmanager
def opened_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """A text file whose lines end in ``\\n`` alone; a byte-order mark of UTF-8 is skipped.

    Raises:
        DataError: while it is read: bytes of another encoding, zero bytes, damaged compression.
    """
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        # Only \n ends a line: \r, \x85 or U+2028 inside a token must not cut it in two.
        with (
            open_binary(path) as stream,
            io.TextIOWrapper(_guarded(stream, path, encoding), codec, newline="\n") as text,
        ):
            yield text
    except UnicodeError as error:
        raise encoding_error(path, encoding) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"the gzip data are damaged or cut off ({error}); fetch or compress it again", path
        ) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", path) from error


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a text file; errors as from :func:`opened_text`."""
    with opened_text(path, encoding) as text:
        yield from text


def open_binary(path: Path) -> IO[bytes]:
    """Open a file for reading, through gzip where its first bytes (not its name) say so."""
    with path.open("rb") as stream:
        compressed = stream.read(2) == _GZIP_MAGIC
    return gzip.open(path) if compressed else path.open("rb")  # type: ignore[return-value]


def _guarded(stream: IO[bytes], path: Path, encoding: str) -> IO[bytes]:
    """The same bytes; a zero among them is an error where no text of this encoding has one."""
    if "\0".encode(encoding) != b"\0":
        return stream
    return _NoZeroBytes(stream, path)  # type: ignore[return-value]


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


def encoding_error(path: Path, encoding: str) -> DataError:
    """Find the first byte that cannot be decoded; the error itself knows it per block only."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, block_start = 1, 0
    with open_binary(path) as stream:
        while chunk := stream.read(_CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                line += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                good = bytes(error.object[: error.start])
                line += good.decode(encoding, errors="replace").count("\n")
                offset = block_start - pending + error.start
                byte = error.object[error.start]
                return DataError(
                    f"byte 0x{byte:02x} at offset {offset} is not {encoding}; "
                    f"{_encoding_hint(path)}",
                    path,
                    line,
                )
            except UnicodeError as error:
                return DataError(f"is not {encoding}: {error}", path, line)
            block_start += len(chunk)
    return DataError(f"ends within a character of {encoding}; it is cut off", path, line)


def _encoding_hint(path: Path) -> str:
    with open_binary(path) as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 'the file starts with a UTF-16 mark; give the reader `encoding: "utf-16"`'
    return (
        'give the reader the encoding of the file, for example `encoding: "latin-1"`, '
        "or convert the file to UTF-8"
    )
