"""Lists as Python writes them, in a cell of a file: ``['Kill', "a'b"]`` and ``[3, 17]``.

Nothing is evaluated: only flat lists of strings or of whole numbers are understood.
"""

from __future__ import annotations

import re

from tango_ie.core.errors import DataError
from tango_ie.data.json_values import shown

_STRING = re.compile(r"""'((?:[^'\\]|\\[\\'"])*)'|"((?:[^"\\]|\\[\\'"])*)\"""")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ESCAPE = re.compile(r"\\(.)")


def string_list(text: str, what: str) -> list[str]:
    r"""The strings of a list.

    Args:
        text: the cell; in its strings ``\\``, ``\'`` and ``\"`` are the only escapes.
        what: the name of the cell, for the error.

    Raises:
        DataError: anything but such a list.

    >>> string_list("['Work_For', 'Live_In']", "relations")
    ['Work_For', 'Live_In']
    """
    found = []
    for match in _items(text, _STRING, f"{what} must be a list like ['Kill', 'Live_In']"):
        single, double = match.groups()
        found.append(_ESCAPE.sub(r"\1", double if single is None else single))
    return found


def number_list(text: str, what: str) -> list[int]:
    """The whole numbers of a list, none negative.

    Raises:
        DataError: anything but such a list.

    >>> number_list("[22, 8]", "heads")
    [22, 8]
    """
    pattern = f"{what} must be a list of word numbers like [3, 17]"
    return [int(match.group()) for match in _items(text, _NUMBER, pattern)]


def _items(text: str, item: re.Pattern[str], expected: str) -> list[re.Match[str]]:
    inner = text.strip(" ")
    error = DataError(f"{expected}, found {shown(text)}")
    if len(inner) < 2 or inner[0] != "[" or inner[-1] != "]":
        raise error
    found: list[re.Match[str]] = []
    place, end = 1, len(inner) - 1
    while True:
        while inner[place] == " ":
            place += 1
        if place == end and not found:
            return found
        match = item.match(inner, place, end)
        if match is None:
            raise error
        found.append(match)
        place = match.end()
        while inner[place] == " ":
            place += 1
        if place == end:
            return found
        if inner[place] != ",":
            raise error
        place += 1
