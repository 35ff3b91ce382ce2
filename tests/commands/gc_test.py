from __future__ import annotations

from toy_commands import Project, add


def _runs(project: Project, count: int) -> None:
    for number in range(count):
        project.config("x.json", {"a": add(number), "shared": add(99)})
        project.run("run", "x.json", "-n", f"r{number}")


def test_nothing_to_do(project: Project) -> None:
    _runs(project, 1)
    assert "Nothing to free" in project.run("gc")


def test_lists_first_and_frees_on_yes(project: Project) -> None:
    _runs(project, 3)
    ids = [project.ids(f"r{number}") for number in range(3)]
    text = project.run("gc", "--keep", "1")
    assert f"cache/{ids[0]['a']}" in text
    assert "a run that you drop" in text
    assert "total" in text
    assert "Nothing has been removed; with --yes this frees" in text
    assert (project.workspace / "runs" / "r0").is_dir()
    assert "Freed " in project.run("gc", "--keep", "1", "--yes")
    cached = {folder.name for folder in (project.workspace / "cache").iterdir()}
    assert cached == set(ids[2].values())
    assert [run.name for run in (project.workspace / "runs").glob("[!.]*")] == ["r2"]
    assert 'Found output for step "a"' in project.run("run", "x.json")


def test_one_run(project: Project) -> None:
    _runs(project, 2)
    assert "did you mean 'r1' or 'r0'" in project.run("gc", "--drop-run", "r7", code=1)
    project.run("gc", "--drop-run", "r1", "--yes")
    assert (project.workspace / "latest").resolve().name == "r0"
    assert "exclude each other" in project.run("gc", "--keep", "1", "--drop-run", "r0", code=2)


def test_foreign_workspace(project: Project) -> None:
    (project.folder / "tango.yml").write_text("workspace: {type: memory}\n")
    text = project.run("gc", code=1)
    assert "error: this command works on a workspace of type tango_ie::local" in text
