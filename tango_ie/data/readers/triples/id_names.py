"""Files that number names: relations (``rel2id.json``) or words (``words2id.json``)."""

from __future__ import annotations

import difflib
import gzip
import io
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.json_values import expect, shown
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import located
from tango_ie.data.readers.json_objects import iter_values
from tango_ie.data.readers.text_files import open_binary

_MOST_DIGITS = 18


def existing_file(name: str, argument: str) -> InputFile:
    """The name of a file that is there.

    Raises:
        ConfigurationError: nothing, or a folder, lies there.
    """
    file = InputFile(name)
    try:
        path = file.resolve()
    except ConfigurationError as error:
        raise ConfigurationError(error.message, argument) from error
    except OSError as error:  # a loop of symbolic links, a name that is too long
        raise ConfigurationError(f"{name!r}: {error.strerror or error}", argument) from error
    if not path.is_file():
        raise ConfigurationError(f"{name!r} is no file, but a JSON file is needed", argument)
    return file


def read_id_names(path: Path) -> dict[int, str]:
    """The names by their numbers.

    The file holds ``{name: number}``, ``[{name: number}]``, ``[{number: name}]`` or
    ``[{number: name}, {name: number}]``; what a JSON object maps shows in its values.

    Raises:
        DataError: none of these, or a number with two names.
    """
    try:
        with open_binary(path) as stream, io.TextIOWrapper(stream, "utf-8-sig") as text:
            names: dict[int, str] = {}
            for value, line in iter_values(text, str(path)):
                try:
                    _take_in(value, names)
                except DataError as error:
                    raise located(error, path, line) from error
    except UnicodeError as error:
        raise DataError("is not UTF-8; convert it", path) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"the gzip data are damaged or cut off ({error})", path) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", path) from error
    if not names:
        raise DataError("numbers no names; it must hold an object {name: number}", path)
    return names


class RelationInventory:
    """Checks the names of relations against those that a file numbers; ``None`` checks nothing.

    Args:
        file: see :func:`read_id_names`.
    """

    def __init__(self, file: InputFile | None) -> None:
        self._file = file
        self._names = None if file is None else frozenset(read_id_names(file.resolve()).values())
        self._used: set[str] = set()

    def check(self, name: str) -> None:
        """Refuse an unknown name.

        Raises:
            DataError: says which known one is like it.
        """
        if self._names is None or name in self._used:
            return
        if name not in self._names:
            near = difflib.get_close_matches(name, self._names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "add it there"
            raise DataError(f"relation {name!r} is not in {self._file}; {hint}")
        self._used.add(name)

    def state(self, notes: Notes) -> None:
        """State how many of the names occurred."""
        if self._names is not None:
            used, known = len(self._used), len(self._names)
            notes.state("relation names", f"{used} of the {known} in {self._file} occur")


def _take_in(value: Any, names: dict[int, str]) -> None:
    values: Mapping[str, object] = expect(value, dict, "the numbering")
    for key, other in values.items():
        if isinstance(other, str):
            number, name = _number(key), other
        else:
            number, name = expect(other, int, f"the number of {key!r}"), key
        if names.setdefault(number, name) != name:
            raise DataError(f"number {number} stands for {names[number]!r} and for {name!r}")


def _number(key: str) -> int:
    if key.isascii() and key.isdigit() and len(key) <= _MOST_DIGITS:
        return int(key)
    raise DataError(f"{shown(key)} must be a whole number, as its value is a name")
