from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tango.step import Step
from toy_steps import Add, Passing

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace


def _step(log: str, number: int, name: str = "a") -> Step[Any]:
    config = {"type": "toy::add", "log": log, "numbers": [number]}
    return Step.from_params(config, step_name=name)


def test_record_and_config(workspace: TangoIEWorkspace, log: str) -> None:
    first = _step(log, 1)
    config = {"type": "toy::total", "log": log, "parts": [first]}
    second = Step.from_params(config, step_name="t")
    run = workspace.register_run([first, second])
    folder = workspace.run_dir(run.name)
    assert json.loads((folder / "config.json").read_text()) == {
        "steps": {
            "a": {"type": "toy::add", "log": log, "numbers": [1]},
            "t": {"type": "toy::total", "log": log, "parts": [{"type": "ref", "ref": "a"}]},
        }
    }
    record = workspace.runs.record(run.name)
    assert record["steps"] == {"a": first.unique_id, "t": second.unique_id}
    assert {"created", "command", "git", "user", "host", "cwd"} <= set(record)
    assert str((folder / "t").readlink()) == f"../../cache/{second.unique_id}"
    assert (folder / "t").is_dir(), "no link leads nowhere, even before the step has run"


def test_latest_is_valid_with_a_relative_folder(
    tmp_path: Path, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = TangoIEWorkspace("relative")
    for number in (1, 2):
        run = workspace.register_run([_step(log, number)])
        assert str((tmp_path / "relative" / "latest").readlink()) == f"runs/{run.name}"
        assert (tmp_path / "relative" / "latest").resolve() == workspace.run_dir(run.name)
        assert workspace.runs.latest() == run.name


def test_same_name_for_the_same_steps_is_one_run(workspace: TangoIEWorkspace, log: str) -> None:
    workspace.register_run([_step(log, 1)], "r")
    (workspace.run_dir("r") / "out.log").write_text("first\n")
    workspace.register_run([_step(log, 1)], "r")
    assert workspace.runs.names() == ["r"]
    assert (workspace.run_dir("r") / "out.log").read_text() == "first\n"
    assert len(workspace.runs.record("r")["earlier_starts"]) == 1


def test_same_name_for_other_steps_keeps_the_old_run(workspace: TangoIEWorkspace, log: str) -> None:
    ids = []
    for number in (1, 2, 3):
        step = _step(log, number)
        ids.append(step.unique_id)
        workspace.register_run([step, _step(log, 9, f"b{number}")], "r")
        (workspace.run_dir("r") / "out.log").write_text(f"{number}\n")
    assert workspace.runs.names() == ["r~1", "r~2", "r"]
    for name, number in {"r~1": 1, "r~2": 2, "r": 3}.items():
        folder = workspace.run_dir(name)
        assert workspace.runs.record(name)["steps"]["a"] == ids[number - 1]
        assert {link.name for link in workspace.runs.links(name)} == {"a", f"b{number}"}
        assert str((folder / "a").readlink()).endswith(ids[number - 1])
        assert workspace.runs.config(name)["a"]["numbers"] == [number]
        assert (folder / "out.log").read_text() == f"{number}\n"
    assert str((workspace.dir / "latest").readlink()) == "runs/r"


def test_uncacheable_and_python_made_steps(workspace: TangoIEWorkspace, log: str) -> None:
    steps = [Passing(step_name="p", log=log), Add(step_name="a", log=log, numbers=[1])]
    workspace.register_run(steps, "r")
    assert [link.name for link in workspace.runs.links("r")] == ["a"]
    assert workspace.runs.config("r") == {"p": None, "a": None}


@pytest.mark.parametrize("name", ["a/b", "..", "", ".hidden", "run.json"])
def test_names_that_are_no_file_names(workspace: TangoIEWorkspace, log: str, name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot name a run or a step"):
        workspace.register_run([_step(log, 1)], name)
    assert workspace.runs.names() == []


def test_removal_moves_latest(workspace: TangoIEWorkspace, log: str) -> None:
    for number in (1, 2):
        workspace.register_run([_step(log, number)], f"r{number}")
    workspace.runs.remove("r2")
    assert str((workspace.dir / "latest").readlink()) == "runs/r1"
    workspace.runs.remove("r1")
    assert not (workspace.dir / "latest").is_symlink()
    assert workspace.runs.latest() is None
    with pytest.raises(KeyError):
        workspace.runs.config("r1")
