"""Encoders made of encoders: how the inner ones are archived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tango_ie.modules.encoders.archived import ARCHIVE_SCHEME
from tango_ie.modules.encoders.base import Encoder


def archived_part(part: Encoder, folder: Path, name: str) -> dict[str, Any]:
    """The params of an inner encoder, archived in the folder ``name`` of the outer one's folder.

    A part names its files as if its folder lay directly in the archive; seen from the archive they
    lie in the outer encoder's folder.
    """
    return _moved(part.archived_params(folder / name), folder.name)


def _moved(value: Any, folder: str) -> Any:
    if isinstance(value, str) and value.startswith(ARCHIVE_SCHEME):
        return f"{ARCHIVE_SCHEME}{folder}/{value.removeprefix(ARCHIVE_SCHEME)}"
    if isinstance(value, dict):
        return {key: _moved(item, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, folder) for item in value]
    return value
