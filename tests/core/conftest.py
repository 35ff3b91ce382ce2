"""Workspaces with toy steps; see ``tests/toy_project``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "toy_project"))

from tango_ie.core.workspace import TangoIEWorkspace


@pytest.fixture
def workspace(tmp_path: Path) -> TangoIEWorkspace:
    """A new workspace."""
    return TangoIEWorkspace(str(tmp_path / "workspace"))


@pytest.fixture
def log(tmp_path: Path) -> str:
    """Path of a file in which toy steps note that they have run."""
    return str(tmp_path / "log")
