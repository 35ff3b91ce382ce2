"""Warnings that are given once, however often their cause occurs."""

from __future__ import annotations

import logging
from typing import Any

AFFECTS_RESULTS = False


class SaidOnce:
    """Warns with a logger, but never twice in the same words; copies of a model share it.

    >>> import logging
    >>> said = SaidOnce(logging.getLogger("doctest"))
    >>> said.warn("%d words", 3), said.warn("%d words", 3), said.warn("%d words", 4)
    (True, False, True)
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._said: set[tuple[object, ...]] = set()

    def warn(self, message: str, *arguments: object) -> bool:
        """Log a warning if it is new; tells whether it was."""
        words = (message, *arguments)
        if words in self._said:
            return False
        self._said.add(words)
        self._logger.warning(message, *arguments)
        return True

    def __deepcopy__(self, memo: dict[int, Any]) -> SaidOnce:
        return self
