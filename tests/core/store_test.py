from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tango.format import JsonFormat
from tango.step import Step
from toy_steps import Add, Passing, Total

from tango_ie.core.errors import WorkspaceError
from tango_ie.core.step_records import METADATA_FILE
from tango_ie.core.store import Store
from tango_ie.core.workspace import TangoIEWorkspace


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


@pytest.fixture
def step(log: str) -> Step[Any]:
    return Add(step_name="a", log=log, numbers=[1])


def test_mapping(store: Store, step: Step[Any], log: str) -> None:
    assert step not in store
    with pytest.raises(KeyError):
        store[step]
    store[step] = {"sum": 1}
    assert step in store
    assert store[step] == {"sum": 1}
    assert store[step] is not store[step]
    assert len(store) == 1
    assert Passing(log=log) not in store
    assert "something" not in store
    del store[step]
    assert len(store) == 0
    with pytest.raises(KeyError):
        del store[step]


def test_nothing_is_visible_before_it_is_published(store: Store, step: Step[Any]) -> None:
    assert store.write(step, {"sum": (1,)}) == {"sum": [1]}
    assert step not in store
    with pytest.raises(KeyError):
        store[step]
    store.publish(step)
    assert store[step] == {"sum": [1]}


def test_remains_are_swept_away(store: Store, step: Step[Any]) -> None:
    folder = store.folder(step)
    for name in (".partial-1", "result"):
        (folder / name).mkdir(parents=True)
        (folder / name / "old").touch()
    store[step] = {"sum": 1}
    assert [entry.name for entry in (folder / "result").iterdir()] == ["data.json"]
    assert not (folder / ".partial-1").exists()


def test_a_format_that_fails_leaves_nothing(store: Store, step: Step[Any]) -> None:
    with pytest.raises(TypeError):
        store.write(step, {"sum": object()})
    assert list(store.folder(step).iterdir()) == []


def test_a_format_keeps_its_arguments(store: Store, log: str) -> None:
    zipped = Add(step_name="a", log=log, numbers=[1], step_format=JsonFormat("gz"))
    plain = Add(step_name="a", log=log, numbers=[1], step_format=JsonFormat())
    assert zipped.unique_id == plain.unique_id, "Tango's key has no arguments of formats"
    store[zipped] = {"sum": 1}
    assert store[plain] == {"sum": 1}


def test_record_reads_without_the_step(
    workspace: TangoIEWorkspace, log: str, step: Step[Any]
) -> None:
    result = step.result(workspace)
    info = workspace.step_info(step.unique_id)
    assert info in workspace.step_cache
    assert workspace.step_cache[info] == result


@pytest.mark.parametrize(
    ("written_by", "message"),
    [
        ("no_such_module.Format", "cannot be imported here"),
        ("pathlib.Path", "no format"),
    ],
)
def test_foreign_formats_are_refused(
    workspace: TangoIEWorkspace, step: Step[Any], written_by: str, message: str
) -> None:
    step.result(workspace)
    info = workspace.step_info(step)
    path = workspace.step_dir(step) / METADATA_FILE
    metadata = json.loads(path.read_text())
    metadata["format"]["type"] = written_by
    path.write_text(json.dumps(metadata))
    with pytest.raises(WorkspaceError, match=message):
        workspace.step_cache[info]
    # A step knows what it has written, and reads nothing else; a pickle put there is not opened.
    with pytest.raises(WorkspaceError, match=r"but the step reads .*JsonFormat.*tango-ie rerun"):
        workspace.step_cache[step]


def test_consumer_gets_the_same_from_another_process(
    workspace: TangoIEWorkspace, log: str, step: Step[Any]
) -> None:
    assert Total(step_name="t", log=log, parts=[step]).result(workspace) == 1
    assert len(workspace.step_cache) == 2
