"""Copies of files that take no room: a second name for the same file, where the disk has that.

Only for files that nobody writes into once they are there: whoever did would change all copies.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def link_or_copy(source: Path | str, target: Path | str) -> Path:
    """Give ``source`` a second name; copy it where the file system cannot do that.

    What is at ``target`` is replaced. Fits the ``copy_function`` of :func:`shutil.copytree`.
    """
    target = Path(target)
    if target.exists():
        if target.samefile(source):
            return target
        target.unlink()
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target


def link_shared(source: Path | str, target: Path | str) -> Path:
    """Copy a file, unless it has several names already: then it gets one more."""
    if Path(source).stat().st_nlink > 1:
        return link_or_copy(source, target)
    return Path(shutil.copy2(source, target))
