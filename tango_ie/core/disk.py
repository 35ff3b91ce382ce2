"""What a disk can refuse, in words that say what to do."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tango_ie.core.errors import TangoIEError, WorkspaceError

_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than the disk or a limit (ulimit -f) allows",
}
_DENIED = {
    errno.EACCES: "the permission is missing",
    errno.EPERM: "the permission is missing",
    errno.EROFS: "the disk is read-only",
}
# Libraries written in other languages (safetensors, Arrow) hide the number in their message.
_NUMBER = re.compile(r"(?:os error|code:|errno)\s*(\d+)", re.IGNORECASE)


def disk_fault(error: BaseException | None, only_full: bool = False) -> str | None:
    """What the disk refused, if ``error`` or one of its causes says so.

    Args:
        only_full: leave out missing permissions.

    >>> disk_fault(OSError(28, "No space left on device"))
    'the disk is full'
    >>> disk_fault(ValueError("28")) is None
    True
    """
    reasons = _FULL if only_full else {**_FULL, **_DENIED}
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        numbers = [int(number) for number in _NUMBER.findall(str(error))]
        if isinstance(error, OSError) and error.errno is not None:
            numbers.insert(0, error.errno)
        for number in numbers:
            if number in reasons:
                return reasons[number]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return None


def disk_message(
    error: BaseException, what: str, folder: Path, only_full: bool = False
) -> str | None:
    """One message for a user whose disk refused to take something, or None for other errors.

    Args:
        what: what was going on, for example ``writing the result of step 'train'``.
        folder: where it was to be written.
    """
    fault = disk_fault(error, only_full)
    if fault is None:
        return None
    return (
        f"{what} in {folder}: {fault} ({_free(folder)} free). Nothing that was finished is lost, "
        "and nothing half-written will be read. Mend this and give the same command again: it "
        "continues from what is there (`tango-ie gc` shows what could be freed)"
    )


@contextmanager
def disk_errors_explained(what: str, folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into a :class:`WorkspaceError`; let other errors pass."""
    try:
        yield
    except TangoIEError:
        raise
    except Exception as error:
        message = disk_message(error, what, folder)
        if message is None:
            raise
        raise WorkspaceError(message) from error


def size_of(path: Path) -> int:
    """Bytes in a file, or in all files below a folder; links count nothing."""
    if path.is_symlink() or not path.exists():
        return 0
    if not path.is_dir():
        return path.stat().st_size
    return sum(size_of(entry) for entry in path.iterdir())


def show_size(size: int) -> str:
    """
    >>> show_size(1234567), show_size(12)
    ('1.2 MB', '12 B')
    """
    amount, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{amount:.0f} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"


def _free(folder: Path) -> str:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return show_size(shutil.disk_usage(folder).free)
