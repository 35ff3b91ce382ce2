"""Old results that wait beside their step until a new one has taken their place.

The functions that work on a step's folder expect that the caller holds the lock of the step.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tango_ie.core.provenance import PROVENANCE_FILE
from tango_ie.core.step_records import METADATA_FILE, RECORD_FILE, RESULT_FOLDER, is_completed

ASIDE_FOLDER = ".aside"
# The metadata makes a result valid: it goes first and comes back last.
_PARTS = (METADATA_FILE, RESULT_FOLDER, RECORD_FILE, PROVENANCE_FILE)


@contextmanager
def rerun_lock(workspace_dir: Path) -> Iterator[bool]:
    """Keep other reruns away; gives False if one is going on, which needs what it has set aside."""
    lock = FileLock(workspace_dir / "rerun.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def set_aside(folder: Path) -> bool:
    """Take the result of a step out of the cache.

    One that an interrupted rerun has set aside already stays where it is.

    Returns:
        Whether a result is set aside now.
    """
    aside = folder / ASIDE_FOLDER
    if not is_completed(folder):
        return (aside / METADATA_FILE).exists()
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for name in _PARTS:
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    return True


def restore(folder: Path) -> bool:
    """Put an old result back, unless there is a new one.

    Returns:
        Whether the old result is in place again.
    """
    aside = folder / ASIDE_FOLDER
    if is_completed(folder) or not (aside / METADATA_FILE).exists():
        return False
    shutil.rmtree(folder / RESULT_FOLDER, ignore_errors=True)
    for name in reversed(_PARTS):
        if (aside / name).exists():
            (aside / name).replace(folder / name)
    drop_aside(folder)
    return True


def drop_aside(folder: Path) -> None:
    """Remove an old result for good."""
    shutil.rmtree(folder / ASIDE_FOLDER, ignore_errors=True)
