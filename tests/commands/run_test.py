from __future__ import annotations

import json

from toy_commands import Project, add, total
from toy_processes import until


def test_one_config(project: Project) -> None:
    project.config("x.json", {"a": add(1), "t": total("a")})
    text = project.run("run", "x.json", "-n", "mine")
    assert "Finished run mine" in text
    assert project.executed == ["add1", "total"]
    assert list(project.ids("mine")) == ["a", "t"]
    result = project.workspace / "latest" / "t" / "result" / "data.json"
    assert json.loads(result.read_text()) == 1
    assert "Finished run" in (project.workspace / "latest" / "out.log").read_text()
    assert 'Found output for step "t" in cache' in project.run("run", "x.json")
    assert project.executed == ["add1", "total"]


def test_shared_steps_run_once(project: Project) -> None:
    project.config("one/x.json", {"a": add(1), "b": add(2), "t": total("a", "b")})
    project.config("two/y.json", {"data": add(1), "t": total("data")})
    text = project.run("run", "one/x.json", "two/y.json", "-n", "both")
    assert "1 steps occur more than once and run once" in text
    assert sorted(project.executed) == ["add1", "add2", "total", "total"]
    assert list(project.ids()) == ["x.a", "x.b", "x.t", "y.t"]
    config = json.loads((project.workspace / "latest" / "config.json").read_text())
    assert config["steps"]["y.t"] == total("x.a") | {"log": str(project.log)}
    # The same steps under their own names are the same steps.
    project.run("run", "two/y.json")
    assert len(project.executed) == 4


def test_chosen_steps(project: Project) -> None:
    project.config("x.json", {"a": add(1), "b": add(2), "t": total("b")})
    project.config("y.json", {"a": add(1), "c": add(3)})
    project.run("run", "x.json", "y.json", "-s", "x.t", "-s", "y.a")
    assert sorted(project.executed) == ["add1", "add2", "total"]
    text = project.run("run", "x.json", "y.json", "-s", "t", code=1)
    assert "error: there is no step 't'; there is x.t" in text


def test_failure(project: Project) -> None:
    (project.folder / "fail").touch()
    failing = add(2, fail_if=str(project.folder / "fail"))
    project.config("x.json", {"a": add(1), "b": failing, "t": total("b")})
    text = project.run("run", "x.json", code=1)
    assert "1 failed, 1 succeeded, 1 not run" in " ".join(text.split()).replace("✗ ", "").replace(
        "✓ ", ""
    )
    (project.folder / "fail").unlink()
    project.run("run", "x.json")
    assert project.executed == ["add1", "add2", "add2", "total"]


def test_from_a_subfolder(project: Project) -> None:
    project.config("configs/x.json", {"a": add(1)})
    (project.folder / "beside.py").write_text("")
    settings = project.folder / "tango.yml"
    settings.write_text(settings.read_text().replace("[toy_steps]", "[toy_steps, beside]"))
    project.run("run", "x.json", cwd="configs")
    assert (project.workspace / "latest" / "a" / "result").is_dir()
    assert not (project.folder / "configs" / "workspace").exists()
    assert 'Found output for step "a"' in project.run("run", "configs/x.json")


def test_without_settings_and_with_another_workspace(project: Project) -> None:
    project.config("x.json", {"a": add(1)})
    (project.folder / "tango.yml").unlink()
    project.run("run", "x.json", "-i", "toy_steps")
    assert (project.folder / "workspace" / "latest").is_dir()
    project.run("run", "x.json", "-i", "toy_steps", "-w", "other")
    assert (project.folder / "other" / "latest").is_dir()
    url = f"tie://{project.folder}/third"
    project.run("run", "x.json", "-i", "toy_steps", "-w", url)
    assert (project.folder / "third" / "latest").is_dir()


def test_two_runs_at_once(project: Project) -> None:
    gate = project.folder / "gate"
    gate.touch()
    project.config("x.json", {"a": add(1, gate=str(gate)), "b": add(2)})
    first = project.start("run", "x.json")
    until(lambda: project.executed)
    second = project.start("run", "x.json")
    until(lambda: "waiting for its result" in second.text)
    gate.unlink()
    assert (first.wait(), second.wait()) == (0, 0), second.text
    assert sorted(project.executed) == ["add1", "add2"]


def test_errors_are_one_message(project: Project) -> None:
    project.config("x.json", {"a": {"type": "toy::ad"}})
    text = project.run("run", "x.json", code=1)
    assert text.startswith("error: steps.a.type: 'toy::ad'")
    assert "did you mean 'toy::add'" in text
    assert "Traceback" not in text
    text = project.run("run", "x.json", "-i", "no_such_package", code=1)
    assert "error: include_package names 'no_such_package', which cannot be imported" in text
    (project.folder / "workspace").mkdir()
    (project.folder / "workspace" / "stepinfo.sqlite").touch()
    project.config("x.json", {"a": add(1)})
    text = project.run("run", "x.json", code=1)
    assert text.startswith("error: ")
    assert "of Tango's own kind" in text
