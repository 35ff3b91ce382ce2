"""Names such as ``archive://encoder``: a folder inside the archive that is being loaded.

An archive must not depend on where it lies, nor on the files that its encoder once came from. So
its config names the encoder's folder relative to the archive; while the archive is loaded, that
archive is the open one, and such names resolve against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from tango_ie.core.errors import ConfigurationError

ARCHIVE_SCHEME = "archive://"
_open_archive: ContextVar[Path | None] = ContextVar("open_archive", default=None)


@contextmanager
def open_archive(folder: Path) -> Iterator[None]:
    """Resolve ``archive://`` names against ``folder`` inside the block."""
    token = _open_archive.set(folder)
    try:
        yield
    finally:
        _open_archive.reset(token)


def archived_name(folder: Path) -> str:
    """The name of a folder that lies directly in an archive."""
    return f"{ARCHIVE_SCHEME}{folder.name}"


def archived_folder(name: str) -> Path | None:
    """The folder that an ``archive://`` name stands for; ``None`` for any other name.

    Raises:
        ConfigurationError: no archive is being loaded, or it has no such folder.
    """
    if not name.startswith(ARCHIVE_SCHEME):
        return None
    archive = _open_archive.get()
    if archive is None:
        raise ConfigurationError(
            f"{name!r} has a meaning only inside an archive; name the weights themselves, or load "
            "the archive with tango_ie.inference.Archive"
        )
    folder = archive / name.removeprefix(ARCHIVE_SCHEME)
    if not folder.is_dir():
        raise ConfigurationError(f"the archive {archive} is incomplete: it has no folder {folder}")
    return folder
