from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tango.step import Step
from toy_steps import Add

from tango_ie.core.garbage import find_garbage, remove_garbage
from tango_ie.core.set_aside import set_aside
from tango_ie.core.workspace import TangoIEWorkspace


@pytest.fixture
def steps(workspace: TangoIEWorkspace, log: str) -> list[Step[Any]]:
    """Four steps with results, in one run each."""
    steps: list[Step[Any]] = []
    for number in range(4):
        step = Add(step_name="a", log=log, numbers=[number])
        workspace.register_run([step], f"r{number}")
        step.result(workspace)
        steps.append(step)
    return steps


def _found(workspace: TangoIEWorkspace, **options: Any) -> dict[str, str]:
    garbage = find_garbage(workspace, **options)
    return {str(item.path.relative_to(workspace.dir)): item.reason for item in garbage}


def test_a_tidy_workspace(workspace: TangoIEWorkspace, steps: list[Step[Any]]) -> None:
    assert _found(workspace) == {}


def test_every_kind(workspace: TangoIEWorkspace, steps: list[Step[Any]]) -> None:
    ids = [f"cache/{step.unique_id}" for step in steps]
    workspace.runs.remove("r0")
    (workspace.dir / ids[1] / "work").mkdir()
    (workspace.dir / ids[1] / "work" / "checkpoint").write_bytes(bytes(1000))
    (workspace.dir / ids[1] / ".step.json.7-7.tmp").touch()
    (workspace.dir / ids[1] / ".partial-3").mkdir()
    set_aside(workspace.dir / ids[2])
    workspace.remove_step(steps[3].unique_id)
    expected = {
        ids[0]: "no run refers to it",
        f"{ids[1]}/work": "its step is completed",
        f"{ids[1]}/.step.json.7-7.tmp": "half-written",
        f"{ids[1]}/.partial-3": "half-written",
        f"{ids[2]}/.aside": "set aside by a rerun",
        "runs/r3/a": "a link to nothing",
    }
    assert _found(workspace) == expected
    during_rerun = _found(workspace, rerun_going_on=True)
    assert set(expected) - set(during_rerun) == {f"{ids[2]}/.aside"}
    freed = remove_garbage(workspace, find_garbage(workspace))
    assert freed > 1000
    assert _found(workspace) == {}
    assert steps[1] in workspace.step_cache
    assert steps[0] not in workspace.step_cache


def test_dropped_runs(workspace: TangoIEWorkspace, steps: list[Step[Any]]) -> None:
    found = _found(workspace, dropped_runs=["r3"])
    assert found == {
        "runs/r3": "a run that you drop",
        f"cache/{steps[3].unique_id}": "no run refers to it",
    }
    remove_garbage(workspace, find_garbage(workspace, ["r3"]))
    assert workspace.runs.names() == ["r0", "r1", "r2"]
    assert (workspace.dir / "latest").resolve().name == "r2"


def test_running_steps_are_never_touched(
    workspace: TangoIEWorkspace, log: str, tmp_path: Path
) -> None:
    step = Add(step_name="a", log=log, numbers=[1])
    workspace.step_starting(step)
    (workspace.work_dir(step) / "checkpoint").touch()
    assert _found(workspace) == {}
    workspace.register_run([step], "r")
    assert _found(workspace, dropped_runs=["r"]) == {}
    workspace.step_failed(step, ValueError("x"))
    # What has started again since the list was made is left alone.
    garbage = find_garbage(workspace, ["r"])
    assert len(garbage) == 2
    workspace.step_starting(step)
    remove_garbage(workspace, [item for item in garbage if item.step])
    assert (workspace.work_dir(step) / "checkpoint").exists()
    workspace.step_failed(step, ValueError("x"))
