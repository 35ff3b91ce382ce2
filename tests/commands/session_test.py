from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tango.settings import TangoGlobalSettings

from tango_ie.commands.session import Session, _make_importable, _read_settings
from tango_ie.core.errors import ConfigurationError, WorkspaceError
from tango_ie.core.workspace import TangoIEWorkspace


def _session(folder: Path, settings: str) -> Session:
    (folder / "tango.yml").write_text(settings)
    return Session(_read_settings(folder / "tango.yml"), folder)


def test_workspace_is_relative_to_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    session = _session(tmp_path, "workspace: {type: 'tango_ie::local', dir: ws}")
    assert session.own_workspace().dir == tmp_path / "ws"
    assert session.own_workspace("here").dir == tmp_path / "sub" / "here"
    assert session.own_workspace(f"tie://{tmp_path}/x").dir == tmp_path / "x"


def test_workspace_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = Session(TangoGlobalSettings(), tmp_path).workspace()
    assert isinstance(workspace, TangoIEWorkspace)
    assert workspace.dir == tmp_path / "workspace"


def test_other_kinds_of_workspace(tmp_path: Path) -> None:
    session = _session(tmp_path, "workspace: {type: memory}")
    assert not isinstance(session.workspace(), TangoIEWorkspace)
    with pytest.raises(WorkspaceError, match="name a MemoryWorkspace; give another one with -w"):
        session.own_workspace()


def test_settings_keep_what_tango_knows(tmp_path: Path) -> None:
    session = _session(tmp_path, "log_level: info\nenvironment: {A: b}\nexecutor: {type: default}")
    assert session.settings.log_level == "info"
    assert session.settings.environment == {"A": "b"}
    assert session.settings.path == tmp_path / "tango.yml"


@pytest.mark.parametrize("text", ["workspace: [", "- a", "log_levle: info"])
def test_broken_settings(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"tango.yml cannot be read"):
        _session(tmp_path, text)


def test_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tango_ie.commands.session._OWN_PACKAGES", ("tango_ie.core",))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "toy_broken.py").write_text("import no_such_thing\n")
    session = _session(tmp_path, "include_package: [toy_steps, tango_ie.core]")
    assert session.import_packages(["toy_steps"]) == ["tango_ie.core", "toy_steps"]
    with pytest.raises(ConfigurationError, match="include_package names 'no_such_package'"):
        session.import_packages(["no_such_package"])
    # A package that is there and fails is a fault of its own, and keeps its traceback.
    with pytest.raises(ModuleNotFoundError, match="no_such_thing"):
        session.import_packages(["toy_broken"])


def test_children_find_packages_and_tango(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("PYTHONPATH", "before")
    monkeypatch.setenv("PATH", os.environ["PATH"])
    _make_importable(tmp_path)
    assert sys.path[0] == str(tmp_path)
    assert os.environ["PYTHONPATH"] == os.pathsep.join([str(tmp_path), "before"])
    assert os.environ["PATH"].startswith(str(Path(sys.executable).parent))
