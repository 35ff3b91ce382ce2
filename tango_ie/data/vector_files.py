"""Text files of word vectors (GloVe, word2vec, fastText), read in one pass.

A file may hold millions of words, of which a corpus has some ten thousand. So each row is looked at
as bytes: its values are counted and its word is found, but only the values of wanted words are made
into numbers.

Legend: V kept words, D values per word.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tango_ie.data.readers.text_files import open_binary

_BUFFER = 1 << 20
_HEAD = 100  # rows that decide how many values a row has
_ENDS = b" \t\r\n"  # word2vec ends its rows with a space


@dataclass(frozen=True)
class VectorRows:
    """What was kept of a file.

    Args:
        words: those kept, in the order of the file.
        vectors: one row for each of them.
        num_rows: rows of the file; a first line of sizes is none.

    Shapes:
        vectors (V, D) float32
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32] = field(repr=False)
    num_rows: int


def read_vectors(
    path: Path,
    wanted: Collection[str] | None = None,
    also_first: int = 0,
    notes: Notes | None = None,
) -> VectorRows:
    """Read the vectors of some words.

    A row is a word and D values with single spaces between them; the word may have spaces inside
    (GloVe 840B has some). D is what most of the first hundred rows have. A first line of two whole
    numbers, rows and D, is no row. Of several rows with one word the first counts.

    Rows of another form are left out and noted: another number of values, no word, bytes that are
    not UTF-8, a value that is no number. Values are looked at for kept words only, and so are words
    that occur twice.

    Args:
        path: plain or compressed with gzip.
        wanted: the words to keep; ``None`` keeps all.
        also_first: keep so many of the first rows as well, whatever their words. Files sorted by
            frequency have the commonest words there.
        notes: of what was left out.

    Raises:
        DataError: no file of vectors, or damaged; with strict notes, any row that is left out.
    """
    keys = None if wanted is None else {word.encode("utf-8", "surrogatepass") for word in wanted}
    with _opened(path) as stream:
        head = list(islice(stream, _HEAD))
        size, announced = _layout(path, head)
        rows = chain(head[announced is not None :], stream)
        kept = _Kept(path, size, Notes() if notes is None else notes, announced is not None)
        for line in rows:
            kept.num_rows += 1
            word = kept.word_of(line)
            if word is not None and (keys is None or word in keys or kept.num_rows <= also_first):
                kept.add(word, line)
    if announced is not None and announced != kept.num_rows:
        detail = f"the first line announces {announced:,} rows, there are {kept.num_rows:,}"
        kept.notes.add("another number of rows than announced", detail, path)
    return kept.finished()


class _Kept:
    """The rows that are kept, and the notes of those that cannot be."""

    def __init__(self, path: Path, size: int, notes: Notes, has_header: bool) -> None:
        self.path, self.size, self.notes = path, size, notes
        self.num_rows = 0
        self._skipped_lines = int(has_header)
        self._places: dict[bytes, int] = {}
        self._values = bytearray()

    def word_of(self, line: bytes) -> bytes | None:
        """The word of a row, or ``None`` if it is not formed like one."""
        spaces = line.count(b" ")
        if (
            spaces == self.size and line[-2:-1] not in _ENDS
        ):  # nearly every row of nearly every file
            word = line[: line.index(b" ")]
        else:
            fields = line.rstrip(_ENDS).rsplit(b" ", self.size)
            word = fields[0].rstrip(b" ")
            if len(fields) <= self.size or _is_number(word.rpartition(b" ")[2], b" " in word):
                found = line.rstrip(_ENDS).count(b" ")
                self._leave_out("rows of another length", f"{found} values, not {self.size}")
                return None
        if not word:
            self._leave_out("rows without a word", "begins with a space")
            return None
        if not word.isascii() and not _is_utf8(word):
            self._leave_out("words that are not UTF-8", repr(word)[:80])
            return None
        return word

    def add(self, word: bytes, line: bytes) -> None:
        """Keep the row ``line`` of ``word``."""
        if word in self._places:
            self._leave_out("words that occur again", repr(word.decode())[:80])
            return
        try:
            values = np.array(line.rstrip(_ENDS).rsplit(b" ", self.size)[1:], np.float32)  # (D,)
        except ValueError as error:
            self._leave_out("values that are no numbers", f"{word.decode()[:40]!r}: {error}")
            return
        if not np.isfinite(values).all():
            self._leave_out("values that are no numbers", f"{word.decode()[:40]!r}: not finite")
            return
        self._places[word] = len(self._places)
        self._values += values.tobytes()

    def finished(self) -> VectorRows:
        """All that was kept."""
        vectors = np.frombuffer(self._values, np.float32).reshape(-1, self.size)  # (V, D)
        return VectorRows(tuple(word.decode() for word in self._places), vectors, self.num_rows)

    def _leave_out(self, kind: str, detail: str) -> None:
        self.notes.add(kind, detail, self.path, self.num_rows + self._skipped_lines)


def _layout(path: Path, head: Sequence[bytes]) -> tuple[int, int | None]:
    """D, and the number of rows if the first line says it.

    Raises:
        DataError: these are no vectors.
    """
    if any(b"\0" in line for line in head):
        raise DataError("holds zero bytes: a binary file; save the vectors as text", path)
    counts = Counter(line.rstrip(_ENDS).count(b" ") for line in head[1:] or head)
    size = max(counts, key=lambda count: (counts[count], count), default=0)
    first = head[0].split() if head else []
    if len(first) == 2 and all(item.isdigit() for item in first):
        if len(head) == 1 or int(first[1]) != size:
            raise DataError(
                f"the first line announces {first[1].decode()} values in a row, there are {size}",
                path,
                1,
            )
        return size, int(first[0])
    if size == 0:
        raise DataError("holds no vectors: expected lines of a word and numbers", path, 1)
    return size, None


def _is_number(text: bytes, spaced: bool) -> bool:
    """Whether what stands before the last D values of a row looks like one more value."""
    if not spaced:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a file, in large blocks; a byte-order mark is skipped.

    Raises:
        DataError: while it is read: damaged compression, or an archive of several files.
    """
    try:
        raw: Any = open_binary(path)
        with raw, io.BufferedReader(raw, _BUFFER) as stream:
            start = stream.peek(4)[:4]
            if start.startswith(b"PK\x03\x04"):
                raise DataError("is a zip archive; unpack it, and name the text file in it", path)
            if start.startswith(codecs.BOM_UTF8):
                stream.read(len(codecs.BOM_UTF8))
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"the gzip data are damaged or cut off ({error}); fetch it again", path
        ) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", path) from error
