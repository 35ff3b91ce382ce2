"""JSON of a few long lists, read item by item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from tango_ie.data.readers.json_objects import JsonText


class Item(NamedTuple):
    """One item: which list it is in, and the one-based line on which it begins."""

    part: int
    value: Any
    line: int


def iter_parts(stream: TextIO, source: str, parts: int) -> Iterator[Item]:
    """The items of ``[[item, …], [item, …], …]``, list by list; memory holds one item.

    Args:
        source: for errors.
        parts: how many lists there must be.

    Raises:
        DataError: text that is not JSON or not of this form; names the line.

    >>> import io
    >>> [(item.part, item.value) for item in iter_parts(io.StringIO("[[1, 2], [[3]]]"), "here", 2)]
    [(0, 1), (0, 2), (1, [3])]
    """
    text = JsonText(stream, source)
    whole = f"the file must hold a list of {parts} lists"
    _take(text, "[", whole)
    for part in range(parts):
        if part:
            _take(text, ",", whole)
        _take(text, "[", whole)
        while text.peek() != "]":
            line = text.line
            yield Item(part, text.value(), line)
            if text.peek() != "]":
                _take(text, ",", "items must be parted by commas")
        text.skip()
    _take(text, "]", whole)
    if text.peek():
        raise text.error("text after the end of the lists")


def _take(text: JsonText, mark: str, rule: str) -> None:
    found = text.peek()
    if found != mark:
        where = f"found {found!r}" if found else "the file ends early"
        raise text.error(f"{rule}: expected {mark!r}, {where}")
    text.skip()
