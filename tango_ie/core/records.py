"""Small JSON files that are either the old or the new one, never half of each."""

from __future__ import annotations

import json
import os
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tango_ie.core.errors import WorkspaceError


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` to ``path`` in one step; a reader sees the file before or the file after."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(value, stream, indent=2, ensure_ascii=False, default=str)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in ``path``, or None where there is no such file.

    Raises:
        WorkspaceError: the file is not a JSON object (somebody edited it).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        value = json.loads(text)
    except ValueError as error:
        raise WorkspaceError(f"{path} is not JSON ({error}); remove or mend the file") from error
    if not isinstance(value, dict):
        raise WorkspaceError(f"{path} holds no JSON object; remove or mend the file")
    return value


def replace_link(link: Path, target: str) -> None:
    """Point the symbolic link ``link`` to ``target`` in one step."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` survive a power failure."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file below ``folder`` survive a power failure."""
    for entry in folder.iterdir():
        if entry.is_symlink():
            continue
        if entry.is_dir():
            sync_tree(entry)
        else:
            with entry.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folder(folder)


def now() -> str:
    """The time in UTC as ISO 8601; such strings sort by time.

    >>> now().endswith("+00:00")
    True
    """
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


def parse_time(text: str) -> datetime:
    """The inverse of :func:`now`."""
    return datetime.fromisoformat(text)
