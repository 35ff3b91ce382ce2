from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.settings_file import find_settings_file, find_workspace_dir


def test_without_settings(tmp_path: Path) -> None:
    assert find_workspace_dir(tmp_path) == tmp_path / "workspace"


def test_nearest_settings_that_name_a_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner" / "most"
    inner.mkdir(parents=True)
    (tmp_path / "tango.yml").write_text("workspace: {type: 'tango_ie::local', dir: here/ws}\n")
    assert find_workspace_dir(inner) == tmp_path / "here" / "ws"
    (tmp_path / "inner" / "tango.yaml").write_text("log_level: info\n")
    assert find_settings_file(inner) == tmp_path / "inner" / "tango.yaml"
    assert find_workspace_dir(inner) == tmp_path / "here" / "ws"
    (tmp_path / "inner" / "tango.yaml").write_text(f"workspace: {{dir: {tmp_path}/absolute}}\n")
    assert find_workspace_dir(inner) == tmp_path / "absolute"


def test_broken_settings(tmp_path: Path) -> None:
    (tmp_path / "tango.yml").write_text("workspace: [\n")
    with pytest.raises(ConfigurationError, match=r"tango.yml is not YAML"):
        find_workspace_dir(tmp_path)
