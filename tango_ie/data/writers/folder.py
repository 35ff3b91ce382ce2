"""Folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tango_ie.core.errors import DataError


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to be filled, which takes its name when that is done.

    Raises:
        DataError: something lies there already, or the disk refuses.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise DataError("is there already; name a new folder, or empty this one", target)
        partial.mkdir()
    except OSError as error:
        raise _refused(error, target) from error
    try:
        yield partial
        # An empty folder of this name gives way.
        partial.replace(target)
    except OSError as error:
        raise _refused(error, target) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _refused(error: OSError, target: Path) -> DataError:
    return DataError(f"cannot be written: {error.strerror or error}", target)
