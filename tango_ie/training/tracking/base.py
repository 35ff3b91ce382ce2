"""The base class of trackers: it keeps their troubles away from training."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from tango_ie.core.errors import ConfigurationError
from tango_ie.training.callbacks import Callback, Outline
from tango_ie.training.tracking.records import numbers_of

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint
logger = logging.getLogger(__name__)
_FOLDER = "trackers"


class Tracker(Callback):
    """Base of trackers; a derived class says how a run is opened, written and closed.

    The tracker's name for the run lies beside the checkpoints: a training that is continued goes
    on in the same run, one that begins anew gets a new one. What was recorded up to the checkpoint
    is written again, since a tracker may have lost it with the process that was killed. A tracker
    that fails warns once and hears no more of this training, which goes on without it.

    Public attributes are constructor arguments and nothing else.

    Raises:
        ConfigurationError: the tracker's package is not installed.
    """

    TITLE: ClassVar[str]
    PACKAGE: ClassVar[str]  # what is imported
    EXTRA: ClassVar[str]  # of our package, that brings it

    def __init__(self) -> None:
        if not _is_installed(self.PACKAGE):
            raise ConfigurationError(
                f"{self.TITLE} is not installed; pip install 'tango-ie[{self.EXTRA}]', "
                "or remove the callback"
            )
        self._failed = False
        self._finished = False

    # What derived classes say; anything may be raised

    @abstractmethod
    def open_run(self, outline: Outline, known: str | None) -> str:
        """Open a run and describe the training in it, or go on with the run ``known``.

        Returns:
            the tracker's name for the run.
        """

    @abstractmethod
    def write_numbers(self, numbers: Mapping[str, float], step: int) -> None:
        """Write what was measured after ``step``."""

    @abstractmethod
    def write_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Write steps, epochs, and the best score if there is one; see ``Callback.finish``."""

    @abstractmethod
    def close_run(self, finished: bool) -> None:
        """Close the run, if one is open; ``finished`` unless training was interrupted."""

    def has_records(self) -> bool:
        """Whether the run that was opened has kept all that was written to it before."""
        return False

    # What training calls

    def start(self, outline: Outline) -> None:
        """Open a run, or that of the training which is continued."""
        self._failed = self._finished = False
        self._attempt(lambda: self._open(outline))

    def record(self, record: Mapping[str, Any]) -> None:
        """Write the numbers of a record."""
        self._attempt(lambda: self._write(record))

    def finish(self, outcome: Mapping[str, Any]) -> None:
        """Write the best score."""
        self._finished = True
        self._attempt(lambda: self.write_outcome(outcome))

    def end(self) -> None:
        """Close the run."""
        try:
            self.close_run(self._finished)
        except Exception as error:
            self._give_up(error)

    def _open(self, outline: Outline) -> None:
        path = None if outline.folder is None else self._memory(outline.folder)
        known = None
        if path is not None and outline.steps_done and path.exists():
            known = path.read_text(encoding="utf-8")
        run = self.open_run(outline, known)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(run, encoding="utf-8")
        if not self.has_records():
            for record in outline.records:
                self._write(record)

    def _write(self, record: Mapping[str, Any]) -> None:
        self.write_numbers(numbers_of(record), int(record["step"]))

    def _memory(self, folder: Path) -> Path:
        """Where the run's name is kept; another project or server is another run."""
        public = {key: value for key, value in vars(self).items() if not key.startswith("_")}
        settings = json.dumps(public, sort_keys=True, default=str)
        digest = hashlib.blake2b(settings.encode(), digest_size=4).hexdigest()
        return folder / _FOLDER / f"{self.EXTRA}-{digest}.txt"

    def _attempt(self, action: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            action()
        # Whatever a service, its client or its disk comes up with: no training is worth less.
        except Exception as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if not self._failed:
            self._failed = True
            kind = type(error).__name__
            logger.warning(
                "%s fails (%s: %s); training goes on without it", self.TITLE, kind, error
            )


def _is_installed(package: str) -> bool:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return False
    # A folder of that name, where trackers leave their files, looks like a package without origin.
    return spec is not None and spec.origin is not None
