"""The JSON values of a file one at a time: an array, lines, or one value after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.json_values import expect, refuse_halves
from tango_ie.data.readers.base import located

_CHUNK = 1 << 16
# A value that the end of the buffer cuts in two fails this near to it, or in an unclosed string.
_MARGIN = 16
_DECODER = json.JSONDecoder()


class Record(NamedTuple):
    """One object of a file and the one-based line on which it begins."""

    values: dict[str, Any]
    line: int


def iter_records(stream: TextIO, source: str) -> Iterator[Record]:
    """The objects of a file that holds an array of them, or one after the other (JSON lines).

    Memory holds one object and the piece of text it lies in, however large the file.

    Raises:
        DataError: text that is not JSON, ends early or is no object; names the line.

    >>> import io
    >>> [record.line for record in iter_records(io.StringIO('[{"a": 1},\\n {}]'), "here")]
    [1, 2]
    """
    for value, line in iter_values(stream, source):
        try:
            yield Record(expect(value, dict, "each record"), line)
        except DataError as error:
            raise located(error, source, line) from error


def iter_values(stream: TextIO, source: str) -> Iterator[tuple[Any, int]]:
    """Like :func:`iter_records`, for values of any type."""
    text = JsonText(stream, source)
    array = text.peek() == "["
    if array:
        text.skip()
        if text.peek() == "]":
            text.skip()
            _refuse_rest(text, "the array")
            return
    while text.peek():
        line = text.line
        yield text.value(), line
        if not array:
            continue
        mark = text.peek()
        if mark not in (",", "]"):
            raise text.error("the array of records is cut off" if not mark else "expected , or ]")
        text.skip()
        if mark == "]":
            _refuse_rest(text, "the array")
            return
    if array:
        raise text.error("the array of records is cut off")


def _refuse_rest(text: JsonText, what: str) -> None:
    if text.peek():
        raise text.error(f"text after the end of {what}")


class JsonText:
    """A window on a stream of characters that knows its line."""

    def __init__(self, stream: TextIO, source: str) -> None:
        self._stream = stream
        self._source = source
        self._buffer = ""
        self._place = 0
        self._ended = False
        self._wanted = _CHUNK
        self.line = 1

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            match = json.decoder.WHITESPACE.match(self._buffer, self._place)  # type: ignore[attr-defined]
            self._advance(match.end())
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Pass over one character."""
        self._advance(self._place + 1)

    def value(self) -> Any:
        """The JSON value that begins here."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._buffer) - _MARGIN or error.msg.startswith("Untermin")
                if cut and self._more():
                    continue
                raise self._syntax_error(error) from error
            except ValueError as error:  # a number of thousands of digits
                raise self.error(f"JSON that cannot be read: {error}") from error
            except RecursionError as error:
                raise self.error("JSON nested too deeply") from error
            # A number at the end of the buffer may go on behind it.
            if end == len(self._buffer) and self._more():
                continue
            halves = "\\u" in self._buffer[self._place : end]
            if halves:
                self._refuse_halves(value)
            self._advance(end)
            return value

    def error(self, message: str) -> DataError:
        """An error at this place."""
        return DataError(f"{message}; the file must hold whole JSON", self._source, self.line)

    def _refuse_halves(self, value: Any) -> None:
        try:
            refuse_halves(value)
        except DataError as error:
            raise located(error, self._source, self.line) from error

    def _syntax_error(self, error: json.JSONDecodeError) -> DataError:
        line = self.line + self._buffer.count("\n", self._place, error.pos)
        begun = f" (the record begins on line {self.line})" if line != self.line else ""
        near = self._buffer[max(0, error.pos - 20) : error.pos + 20]
        ending = "the file ends within a record" if self._ended_at(error.pos) else error.msg
        return DataError(
            f"not JSON: {ending}, near {near!r}{begun}; mend the file or fetch it anew",
            self._source,
            line,
        )

    def _ended_at(self, place: int) -> bool:
        return self._ended and not self._buffer[place:].strip()

    def _advance(self, place: int) -> None:
        self.line += self._buffer.count("\n", self._place, place)
        self._place = place

    def _more(self) -> bool:
        if self._ended:
            return False
        chunk = self._stream.read(self._wanted)
        self._ended = not chunk
        rest = self._buffer[self._place :]
        # A record larger than the buffer is parsed again each time: ever larger pieces keep that
        # linear in its size.
        self._wanted = max(_CHUNK, len(rest))
        self._buffer, self._place = rest + chunk, 0
        return bool(chunk)
