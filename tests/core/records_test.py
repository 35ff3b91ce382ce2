from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import WorkspaceError
from tango_ie.core.records import (
    now,
    parse_time,
    read_json,
    replace_link,
    sync_tree,
    write_json,
)


def test_round_trip_and_replacement(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"word": "Müller", "path": tmp_path})
    assert read_json(path) == {"word": "Müller", "path": str(tmp_path)}
    write_json(path, {})
    assert read_json(path) == {}
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"old": True})
    with pytest.raises(TypeError):
        write_json(path, {("no", "key"): 1})
    assert read_json(path) == {"old": True}
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_missing_and_broken_files(tmp_path: Path) -> None:
    assert read_json(tmp_path / "nothing.json") is None
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(WorkspaceError, match=r"broken.json is not JSON"):
        read_json(tmp_path / "broken.json")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(WorkspaceError, match="holds no JSON object"):
        read_json(tmp_path / "list.json")


def test_links_are_replaced(tmp_path: Path) -> None:
    for target in ("a", "b"):
        (tmp_path / target).mkdir()
        replace_link(tmp_path / "link", target)
        assert (tmp_path / "link").resolve() == tmp_path / target


def test_sync_tree_reaches_everything(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("x")
    (tmp_path / "link").symlink_to("nowhere")
    sync_tree(tmp_path)


def test_times_sort_as_text() -> None:
    first, second = now(), now()
    assert first < second
    assert parse_time(first) < parse_time(second)
