"""One owner per step: a lock that the operating system frees when its owner dies."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from rich.markup import escape
from tango.common.logging import cli_logger

from tango_ie.core.records import now

Owner = Mapping[str, Any]
LOCK_NAME = "lock"
# Who only asks for the state of a step holds its lock for an instant; that is not worth a message.
_PATIENCE = 0.5
_FIRST_NOTE = 30.0
_LONGEST_PAUSE = 600.0


def this_process() -> dict[str, Any]:
    """Who owns a lock, as it stands in ``step.json``."""
    host = socket.gethostname()
    return {"pid": os.getpid(), "parent": os.getppid(), "host": host, "since": now()}


def describe_owner(owner: Owner | None) -> str:
    """The owner in words.

    >>> describe_owner({"pid": 7, "host": "gpu1", "since": "2025-01-01T10:00:00.000001+00:00"})
    'process 7 on gpu1, since 2025-01-01 10:00:00 UTC'
    """
    if not owner:
        return "another process"
    since = str(owner["since"])[:19].replace("T", " ")
    return f"process {owner['pid']} on {owner['host']}, since {since} UTC"


def is_locked(folder: Path) -> bool:
    """Whether a living process holds the lock of a step's folder."""
    if not (folder / LOCK_NAME).exists():
        return False
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    except OSError:  # a read-only workspace: nobody can be running there
        return False
    lock.release()
    return False


class StepLock:
    """The lock of one step's folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / LOCK_NAME
        self._lock = FileLock(self.path)

    def try_acquire(self) -> bool:
        """Take the lock if nobody holds it."""
        try:
            self._lock.acquire(timeout=_PATIENCE, poll_interval=0.02)
        except Timeout:
            return False
        return True

    def acquire(self, step_name: str, owner: Callable[[], Owner | None]) -> bool:
        """Take the lock, waiting as long as another process holds it.

        Args:
            owner: gives the present owner, for the messages.

        Returns:
            Whether we had to wait.
        """
        if self.try_acquire():
            return False
        cli_logger.info(
            '[yellow]Step [bold]"%s"[/bold] is being computed by %s; waiting for its result…[/]',
            escape(step_name),
            escape(describe_owner(owner())),
        )
        started, pause = time.monotonic(), _FIRST_NOTE
        while True:
            try:
                self._lock.acquire(timeout=pause, poll_interval=0.1)
            except Timeout:
                pause = min(2 * pause, _LONGEST_PAUSE)
                waited = time.monotonic() - started
                note = _describe_wait(step_name, owner(), waited)
                cli_logger.info("[yellow]%s[/]", escape(note))
            else:
                return True

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release(force=True)

    def remove_folder(self) -> None:
        """Remove the emptied folder together with the lock that we hold.

        Who waits for the lock notices that its file is gone, and makes a new one.
        """
        self.path.unlink(missing_ok=True)
        # The folder is not empty if somebody starts the step again in this very moment.
        with suppress(OSError):
            self.path.parent.rmdir()
        self.release()


def _describe_wait(step_name: str, owner: Owner | None, waited: float) -> str:
    note = f'Still waiting for step "{step_name}" after {waited:.0f} s ({describe_owner(owner)}).'
    if owner and owner["host"] == socket.gethostname() and not _alive(owner["pid"]):
        note += " That process is gone, but one that it started lives on and holds the lock."
    return note


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
