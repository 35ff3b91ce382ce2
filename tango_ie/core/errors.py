"""The errors that users meet.

A message says what is wrong, where (config path, or file and line), what was found, what is
allowed, and how to mend it. Tango prints a ``CliRunError`` as its message alone, without a
traceback; that is why our errors derive from it. Anything else that escapes is a fault of ours
and keeps its traceback.
"""

from __future__ import annotations

from tango.common.exceptions import CliRunError
from tango.common.exceptions import ConfigurationError as TangoConfigurationError


class TangoIEError(CliRunError):
    """Root of every error that this library raises on purpose."""


class ConfigurationError(TangoIEError, TangoConfigurationError):
    """A config, or an argument, that cannot work.

    Args:
        message: what is wrong and how to mend it.
        path: where in the config, for example ``steps.train.model.head``.
    """

    def __init__(self, message: str, path: str = "") -> None:
        Exception.__init__(self, message, path)
        self.message = f"{path}: {message}" if path else message
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self.args

    def __str__(self) -> str:
        return self.message


class DataError(TangoIEError):
    """Input data that cannot be read or that contradicts itself.

    Args:
        message: what is wrong and how to mend it.
        source: the file or record.
        line: one-based line number, where there is one.
    """

    def __init__(self, message: str, source: object = None, line: int | None = None) -> None:
        super().__init__(message, source, line)
        self.message = message
        self.source = source
        self.line = line

    def __str__(self) -> str:
        if self.source is None:
            return self.message
        place = str(self.source) if self.line is None else f"{self.source}, line {self.line}"
        return f"{place}: {self.message}"


class WorkspaceError(TangoIEError):
    """A workspace that cannot be read or written (full disk, missing rights, foreign format)."""
