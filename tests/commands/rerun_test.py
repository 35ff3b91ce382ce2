from __future__ import annotations

import json

from toy_commands import Project, add, total
from toy_processes import until


def _prepare(project: Project) -> None:
    """Three steps with results: a → t, and b."""
    fail = str(project.folder / "fail")
    steps = {
        "a": add(1, fail_if=f"{fail}_a", gate=str(project.folder / "gate")),
        "b": add(2),
        "t": total("a", fail_if=f"{fail}_t"),
    }
    project.config("x.json", steps)
    project.run("run", "x.json", "-n", "first")


def _written(project: Project, step: str) -> str:
    path = project.workspace / "runs" / "first" / step / "cache-metadata.json"
    return str(json.loads(path.read_text())["written"])


def test_step_and_its_dependents(project: Project) -> None:
    _prepare(project)
    before = {step: _written(project, step) for step in "abt"}
    text = project.run("rerun", "a")
    assert "Setting the result of a aside" in text
    assert project.executed == ["add1", "add2", "total", "add1", "total"]
    after = {step: _written(project, step) for step in "abt"}
    assert after["b"] == before["b"]
    assert after["a"] > before["a"]
    assert not list(project.workspace.glob("cache/*/.aside"))
    assert list((project.workspace / "runs").glob("[!.]*")) == [
        project.workspace / "runs" / "first"
    ]


def test_old_results_come_back_after_a_failure(project: Project) -> None:
    _prepare(project)
    before = {step: _written(project, step) for step in "abt"}
    (project.folder / "fail_a").touch()
    text = project.run("rerun", "a", code=1)
    assert "is in place again" in text
    assert {step: _written(project, step) for step in "abt"} == before
    project.run("run", "x.json")
    assert project.executed == ["add1", "add2", "total", "add1"]


def test_what_was_computed_anew_is_kept(project: Project) -> None:
    _prepare(project)
    before = _written(project, "a")
    (project.folder / "fail_t").touch()
    text = project.run("rerun", "a", code=1)
    assert "1 results rest on the one that was replaced" in text
    assert _written(project, "a") > before
    (project.folder / "fail_t").unlink()
    project.run("run", "x.json")
    assert project.executed[3:] == ["add1", "total", "total"]


def test_results_of_other_runs_are_set_aside(project: Project) -> None:
    _prepare(project)
    project.config("y.json", {"a": add(1), "b": add(2), "u": total("a", "b")})
    project.run("run", "y.json", "-n", "second")
    text = project.run("rerun", "a", "--run", "first")
    assert "(of another run)" in text
    assert not (project.workspace / "runs/second/u/cache-metadata.json").exists()
    assert "set aside by a rerun" in project.run("gc")
    project.run("run", "y.json")
    assert (project.workspace / "runs/second/u/cache-metadata.json").exists()


def test_ids_and_unknown_names(project: Project) -> None:
    _prepare(project)
    ids = project.ids()
    project.run("rerun", ids["t"][:12])
    assert project.executed[3:] == ["total"]
    ambiguous = project.run("rerun", "Add-", code=1)
    assert all(ids[name] in ambiguous for name in ("a", "b"))
    text = project.run("rerun", "train", code=1)
    assert "error: run 'first' has no step 'train', and no unique id begins with it" in text
    assert "did you mean 'first'" in project.run("rerun", "a", "--run", "frst", code=1)


def test_without_runs(project: Project) -> None:
    assert "error: there are no runs in " in project.run("rerun", "a", code=1)


def test_running_step_is_left_alone(project: Project) -> None:
    _prepare(project)
    (project.folder / "gate").touch()
    project.run("gc", "--yes", "--drop-run", "first")
    process = project.start("run", "x.json", "-n", "first")
    until(lambda: project.executed.count("add1") == 2)
    text = project.run("rerun", "a", code=1)
    assert f"is being computed by process {process.pid}" in text
    process.kill()
