"""What happened during training, line by line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint
logger = logging.getLogger(__name__)
FILE_NAME = "history.jsonl"
DEV, ORACLE = "dev_", "oracle_"
"""What scores are of: the split that decides, and one that must not, see the module oracle."""


class History:
    """Records of training: kept in memory, and in a JSON-lines file that can be watched.

    Args:
        path: the file; what it holds is replaced by ``records``.
        records: those of the run that is resumed.
    """

    def __init__(self, path: Path | None, records: Iterable[Mapping[str, Any]] = ()) -> None:
        self.records = [dict(record) for record in records]
        self._path = path
        if path is not None:
            self._attempt(lambda: write_history(path, self.records))

    def append(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self.records.append(dict(record))
        path = self._path
        if path is not None:
            self._attempt(lambda: _append(path, record))

    def _attempt(self, write: Any) -> None:
        # The file is a convenience: the records that count lie in checkpoints and in the result.
        try:
            write()
        except OSError as error:
            logger.warning("cannot write %s (%s); training goes on without it", self._path, error)
            self._path = None


def write_history(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write records as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def read_history(path: Path) -> list[dict[str, Any]]:
    """The inverse of :func:`write_history`."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _append(path: Path, record: Mapping[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record) + "\n")
