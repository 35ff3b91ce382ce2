"""The ``tango.yml`` that governs a folder, and the workspace that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tango_ie.core.errors import ConfigurationError

_NAMES = ("tango.yml", "tango.yaml")


def find_settings_file(start: Path) -> Path | None:
    """The settings file in ``start`` or the nearest folder above it."""
    return next(_settings_above(start.resolve()), None)


def find_workspace_dir(start: Path) -> Path:
    """The folder of the workspace for work that is done in ``start``.

    It is the ``dir`` of the workspace in the nearest settings file that has one, relative to that
    file; without any, ``start/workspace``.
    """
    start = start.resolve()
    for path in _settings_above(start):
        named = workspace_dir_of(path)
        if named is not None:
            return named
    return start / "workspace"


def _settings_above(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        for name in _NAMES:
            if (folder / name).is_file():
                yield folder / name
                break


def workspace_dir_of(path: Path) -> Path | None:
    """The ``dir`` of the workspace that a settings file names, made absolute.

    Raises:
        ConfigurationError: the file is not YAML.
    """
    try:
        settings: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not YAML: {error}") from error
    workspace = settings.get("workspace") if isinstance(settings, dict) else None
    named = workspace.get("dir") if isinstance(workspace, dict) else None
    return (path.parent / Path(named).expanduser()).resolve() if isinstance(named, str) else None
