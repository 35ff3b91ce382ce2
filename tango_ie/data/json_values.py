"""JSON of unknown quality: parsing it, and asking it for values of a type.

Each error says what was expected where (``entities[2].start``) and what was found.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from tango_ie.core.errors import DataError

T = TypeVar("T")
_NAMES = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
_SHOWN = 60


def parse_json(line: str) -> Any:
    """The value that a whole line holds.

    Raises:
        DataError: it is not JSON, or holds half of a character.
    """
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(
            f"not JSON at character {error.pos + 1} ({error.msg}); "
            "each line must hold one whole object"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise DataError(f"not JSON that can be read: {error}") from error
    except RecursionError as error:
        raise DataError("not a sentence: JSON nested too deeply") from error
    if "\\u" in line:
        refuse_halves(value)
    return value


def refuse_halves(value: object) -> None:
    """Refuse strings with half of a surrogate pair, which no file can hold.

    Raises:
        DataError: names the escape.
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise DataError(
            f"\\u{ord(half):04x} is half of a character; the escapes of the other half are missing"
        ) from error


def expect(value: object, kind: type[T], what: str) -> T:
    """``value``, if it is of this kind.

    >>> expect([1], list, "entities")
    [1]

    Raises:
        DataError: it is of another.
    """
    # bool is an int to Python, and not to anybody else
    if isinstance(value, kind) and (not isinstance(value, bool) or kind is bool):
        return value
    raise DataError(f"{what} must be {_NAMES[kind]}, found {shown(value)}")


def optional(values: Mapping[str, object], key: str, kind: type[T]) -> T | None:
    """``values[key]``, where it is there and not null; else as :func:`expect`."""
    value = values.get(key)
    return None if value is None else expect(value, kind, key)


def required(values: Mapping[str, object], key: str, kind: type[T], what: str = "") -> T:
    """``values[key]``, of this kind.

    Args:
        what: place of ``values``, for the error.

    Raises:
        DataError: the key is missing, or see :func:`expect`.
    """
    if key not in values:
        raise _missing(values, key, what)
    return expect(values[key], kind, f"{what}.{key}" if what else key)


def strings(value: object, what: str) -> tuple[str, ...]:
    """The items of a list of strings.

    Raises:
        DataError: see :func:`expect`.
    """
    items = expect(value, list, what)
    for item in items:
        if type(item) is not str:
            expect(item, str, f"each of {what}")
    return tuple(items)


def filled_words(value: object, what: str) -> tuple[str, ...]:
    """The words of a sentence: at least one, none empty.

    Raises:
        DataError: see :func:`expect`.
    """
    words = strings(value, what)
    if not words:
        raise DataError(f"{what} is empty: a sentence without words")
    if "" in words:
        raise DataError(f"{what}: word {words.index('') + 1} is empty")
    return words


def whole_numbers(value: object, what: str, size: int | None = None) -> tuple[int, ...]:
    """The items of a list of whole numbers, of ``size`` where that is given.

    Raises:
        DataError: see :func:`expect`.
    """
    items = expect(value, list, what)
    if size is not None and len(items) != size:
        raise DataError(f"{what} must hold {size} whole numbers, found {shown(items)}")
    return tuple(expect(item, int, f"each of {what}") for item in items)


def check_keys(
    values: Mapping[str, object], keys: Collection[str], required: Collection[str], what: str = ""
) -> None:
    """Refuse keys that nothing would read, and missing ones.

    Raises:
        DataError: names the key and what it may have meant.
    """
    owner = what or "a sentence"
    for key in values:
        if key not in keys:
            near = difflib.get_close_matches(str(key), keys, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(keys)}"
            raise DataError(f"{owner} has no key {key!r}; {hint}")
    for key in required:
        if key not in values:
            raise _missing(values, key, what)


def shown(value: object) -> str:
    """A value for an error message, cut short."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _missing(values: Mapping[str, object], key: str, what: str) -> DataError:
    there = ", ".join(map(repr, values)) or "none"
    return DataError(f"{what or 'a sentence'} needs the key {key!r}; it has {there}")
