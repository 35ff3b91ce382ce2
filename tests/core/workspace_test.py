from __future__ import annotations

import json
import pickle
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tango.common.exceptions import StepStateError
from tango.step_info import StepState
from tango.workspace import Workspace
from toy_processes import Running, compute, compute_in_parallel, open_workspace, until
from toy_steps import Add, Big, Passing, Total

from tango_ie.core.errors import WorkspaceError
from tango_ie.core.locks import is_locked
from tango_ie.core.records import write_json
from tango_ie.core.workspace import TangoIEWorkspace


def _lines(log: str) -> list[str]:
    return Path(log).read_text().splitlines() if Path(log).exists() else []


class _Computation:
    """``toy::add`` in processes of their own, all of the same step."""

    def __init__(self, folder: Path, log: str) -> None:
        self.workspace = str(folder / "workspace")
        self._folder, self._log, self._number = folder, log, 0

    def start(self, **more: Any) -> Running:
        self._number += 1
        arguments = {"log": self._log, "numbers": [1, 2], **more}
        output = self._folder / f"output{self._number}"
        return Running(compute, output, self.workspace, "toy::add", arguments)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file that steps wait for to go away."""
    (tmp_path / "gate").touch()
    return tmp_path / "gate"


@pytest.fixture
def computation(tmp_path: Path, log: str) -> _Computation:
    return _Computation(tmp_path, log)


def test_result_is_what_the_format_reads(workspace: TangoIEWorkspace, log: str) -> None:
    step = Add(step_name="a", log=log, numbers=[1, 2])
    first = step.result(workspace)
    assert first["pair"] == [1, 2], "a tuple would depend on the executor"
    assert step.result(workspace) == first
    assert len(_lines(log)) == 1


def test_consumers_cannot_change_each_others_input(workspace: TangoIEWorkspace, log: str) -> None:
    parts = [Add(step_name="a", log=log, numbers=[1])]
    # `total` clears the list that it is given, and each result is a fresh copy.
    assert Total(step_name="b", log=log, parts=parts).result(workspace) == 1
    first = parts[0].result(workspace)
    first.clear()
    assert parts[0].result(workspace)["sum"] == 1


def test_layout_and_states(workspace: TangoIEWorkspace, log: str) -> None:
    step = Add(step_name="a", log=log, numbers=[1])
    assert workspace.step_info(step).state == StepState.INCOMPLETE
    workspace.step_starting(step)
    assert workspace.step_info(step).state == StepState.RUNNING
    (workspace.work_dir(step) / "checkpoint").write_text("x")
    workspace.step_finished(step, {"sum": 1})
    info = workspace.step_info(step.unique_id)
    folder = workspace.step_dir(step)
    assert info.state == StepState.COMPLETED
    assert info.result_location == str(folder)
    assert info.duration is not None
    assert {entry.name for entry in folder.iterdir()} == {
        "result", "cache-metadata.json", "step.json", "provenance.json", "lock",
    }  # fmt: skip
    assert not is_locked(folder)


def test_failure_keeps_error_and_work(
    workspace: TangoIEWorkspace, log: str, tmp_path: Path
) -> None:
    (tmp_path / "fail").touch()
    step = Add(step_name="a", log=log, numbers=[1], fail_if=str(tmp_path / "fail"))
    with pytest.raises(ValueError, match="told to fail"):
        step.result(workspace)
    info = workspace.step_info(step)
    assert info.state == StepState.FAILED
    assert "told to fail" in (info.error or "")
    (tmp_path / "fail").unlink()
    assert step.result(workspace)["attempts"] == 2
    attempts = workspace.provenance(step)["earlier_attempts"]
    assert [attempt["state"] for attempt in attempts] == ["failed"]


def test_interruption_is_kept(
    workspace: TangoIEWorkspace, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Add(step_name="a", log=log, numbers=[1])

    def interrupt(**arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(step, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        step.result(workspace)
    assert workspace.step_info(step).state == StepState.FAILED
    assert workspace.provenance(step)["state"] == "interrupted"


def test_uncacheable_step_leaves_nothing(workspace: TangoIEWorkspace, log: str) -> None:
    step = Passing(step_name="p", log=log)
    step.result(workspace)
    step.result(workspace)
    assert len(_lines(log)) == 2
    assert workspace.cache.ids() == []
    assert workspace.step_info(step).state == StepState.UNCACHEABLE


def test_second_process_waits_and_uses_the_result(
    computation: _Computation, log: str, gate: Path
) -> None:
    first = computation.start(gate=str(gate))
    until(lambda: _lines(log))
    second = computation.start()
    until(lambda: "waiting for its result" in second.text)
    assert f"process {first.pid} on " in second.text
    gate.unlink()
    assert (first.wait(), second.wait()) == (0, 0)
    assert "Found output" in second.text
    assert len(_lines(log)) == 1
    assert first.text.splitlines()[-1] == second.text.splitlines()[-1]


def test_takes_over_when_the_owner_is_killed(
    computation: _Computation, workspace: TangoIEWorkspace, log: str, gate: Path
) -> None:
    first = computation.start(gate=str(gate))
    until(lambda: _lines(log))
    second = computation.start()
    until(lambda: "waiting for its result" in second.text)
    first.kill()
    gate.unlink()
    assert second.wait() == 0, second.text
    # The second attempt has found what the first one had left in the work folder.
    assert json.loads(second.text.splitlines()[-1])["attempts"] == 2
    (unique_id,) = workspace.cache.ids()
    assert workspace.provenance(unique_id)["earlier_attempts"][0]["state"] == "killed"


def test_killed_step_is_incomplete(
    computation: _Computation, workspace: TangoIEWorkspace, log: str, gate: Path
) -> None:
    process = computation.start(gate=str(gate))
    until(lambda: _lines(log))
    (unique_id,) = workspace.cache.ids()
    until(lambda: workspace.step_info(unique_id).state == StepState.RUNNING)
    with pytest.raises(WorkspaceError, match=f"is being computed by process {process.pid}"):
        workspace.remove_step(unique_id)
    process.kill()
    assert workspace.step_info(unique_id).state == StepState.INCOMPLETE


def test_simultaneous_starts_compute_once(computation: _Computation, log: str) -> None:
    processes = [computation.start() for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len(_lines(log)) == 1
    assert len({process.text.splitlines()[-1] for process in processes}) == 1


def test_killed_while_writing_a_result(
    computation: _Computation, workspace: TangoIEWorkspace, tmp_path: Path, gate: Path
) -> None:
    signal = tmp_path / "writing"

    def write() -> Running:
        arguments = {"signal": str(signal), "gate": str(gate)}
        return Running(
            compute, tmp_path / "output", str(workspace.dir), "toy::slow_write", arguments
        )

    process = write()
    until(signal.exists)
    (unique_id,) = workspace.cache.ids()
    process.kill()
    folder = workspace.step_dir(unique_id)
    assert list(folder.glob(".partial-*/first")), "half of the result is there"
    assert len(workspace.step_cache) == 0
    assert workspace.step_info(unique_id).state == StepState.INCOMPLETE
    gate.unlink()
    process = write()
    assert process.wait() == 0, process.text
    assert json.loads(process.text.splitlines()[-1])["text"] == "x" * 1000
    assert not list(folder.glob(".partial-*"))


def test_disk_full(tmp_path: Path, log: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small tmpfs needs root")
    try:
        workspace = TangoIEWorkspace(str(disk / "workspace"))
        assert Add(step_name="small", log=log, numbers=[1]).result(workspace)["sum"] == 1
        step = Big(step_name="big", log=log, megabytes=6)
        with pytest.raises(WorkspaceError, match=r"'big' in .*: the disk is full .* is lost"):
            step.result(workspace)
        assert workspace.step_info(step).state == StepState.FAILED
        assert (workspace.work_dir(step) / "checkpoint").read_text() == "precious"
        assert not list(workspace.step_dir(step).glob(".partial-*")), "what was written is freed"
        # With more room, the same command goes through.
        subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)
        assert step.result(workspace) == 6_000_000
        assert Add(step_name="small", log=log, numbers=[1]).result(workspace)["attempts"] == 1
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_disk_full_before_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tango_ie.core.store.Path.mkdir", refuse)
    with pytest.raises(WorkspaceError, match=r"making the workspace in .*: the disk is read-only"):
        TangoIEWorkspace(str(tmp_path / "workspace"))


def test_finishing_a_step_that_was_not_started(workspace: TangoIEWorkspace, log: str) -> None:
    with pytest.raises(StepStateError, match="was not started here"):
        workspace.step_finished(Add(step_name="a", log=log, numbers=[1]), 1)


def test_two_names_for_one_step(workspace: TangoIEWorkspace, log: str) -> None:
    steps = [Add(step_name=name, log=log, numbers=[1]) for name in ("a", "b")]
    run = workspace.register_run(steps, "both")
    for step in steps:
        step.result(workspace)
    assert len(_lines(log)) == 1
    assert run.steps["a"].unique_id == run.steps["b"].unique_id
    for name in ("a", "b"):
        result = workspace.dir / "latest" / name / "result" / "data.json"
        assert json.loads(result.read_text())["sum"] == 1
    assert workspace.step_result("b")["sum"] == 1
    assert workspace.num_steps() == 1


def test_unknown_steps_and_runs(workspace: TangoIEWorkspace) -> None:
    with pytest.raises(KeyError):
        workspace.step_info("Nothing-1")
    with pytest.raises(KeyError):
        workspace.registered_run("nothing")
    with pytest.raises(KeyError):
        workspace.remove_step("Nothing-1")
    with pytest.raises(KeyError):
        workspace.provenance("Nothing-1")


def test_remove_step(workspace: TangoIEWorkspace, log: str) -> None:
    step = Add(step_name="a", log=log, numbers=[1])
    step.result(workspace)
    workspace.remove_step(step.unique_id)
    assert not workspace.step_dir(step).exists()
    step.result(workspace)
    assert len(_lines(log)) == 2


def test_url_and_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = TangoIEWorkspace("with space/50%#?")
    assert workspace.dir == tmp_path / "with space" / "50%#?"
    again = Workspace.from_url(workspace.url)
    assert isinstance(again, TangoIEWorkspace)
    assert again.dir == workspace.dir
    relative = Workspace.from_url("tie://some/where")
    assert isinstance(relative, TangoIEWorkspace)
    assert relative.dir == tmp_path / "some" / "where"
    registered = Workspace.from_params({"type": "tango_ie::local", "dir": "other"})
    assert isinstance(registered, TangoIEWorkspace)
    assert pickle.loads(pickle.dumps(registered)).dir == tmp_path / "other"


def test_made_by_eight_processes_at_once(tmp_path: Path) -> None:
    folder = str(tmp_path / "workspace")
    processes = [Running(open_workspace, tmp_path / f"out{i}", folder) for i in range(8)]
    assert [process.wait() for process in processes] == [0] * 8
    TangoIEWorkspace(folder)


def test_foreign_and_newer_workspaces_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "stepinfo.sqlite").touch()
    with pytest.raises(WorkspaceError, match=r"of Tango's own kind.*name another folder"):
        TangoIEWorkspace(str(tmp_path))
    assert [entry.name for entry in tmp_path.iterdir()] == ["stepinfo.sqlite"]
    newer = tmp_path / "newer"
    newer.mkdir()
    write_json(newer / "settings.json", {"tango_ie_workspace": 2})
    with pytest.raises(WorkspaceError, match=r"format 2.*install a newer"):
        TangoIEWorkspace(str(newer))


def test_two_names_in_parallel_fail_once(
    workspace: TangoIEWorkspace, computation: _Computation, log: str, gate: Path
) -> None:
    first = computation.start(gate=str(gate), fail_if=log)
    until(lambda: _lines(log))
    second = computation.start(fail_if=log)
    until(lambda: "waiting for its result" in second.text)
    gate.unlink()
    assert (first.wait(), second.wait()) == (1, 1)
    assert "has just failed in process" in second.text
    assert len(_lines(log)) == 1


def test_parallel_executor_with_duplicate_steps(
    workspace: TangoIEWorkspace, log: str, tmp_path: Path
) -> None:
    config = {"type": "toy::add", "log": log, "numbers": [1, 2]}
    steps = {"a": config, "b": config}
    process = Running(compute_in_parallel, tmp_path / "output", str(workspace.dir), steps)
    assert process.wait() == 0, process.text
    assert json.loads(process.text.splitlines()[-1]) == ["a", "b"]
    assert len(_lines(log)) == 1
