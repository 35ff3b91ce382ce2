from __future__ import annotations

from toy_commands import Project, add, total
from toy_processes import until


def test_graph_and_states(project: Project) -> None:
    project.config("x.json", {"a": add(1)})
    project.run("run", "x.json")
    # This step waits for a file to go away that never does.
    project.config("z.json", {"r": add(3, gate=str(project.folder / "x.json"))})
    running = project.start("run", "z.json")
    until(lambda: "add3" in project.executed)
    steps = {
        "t": total("p", "a", "b", "r"),
        "a": add(1),
        "b": add(2),
        "p": {"type": "toy::passing", "log": "LOG"},
        "r": add(3),
    }
    project.config("y.json", steps)
    text = project.run("check", "y.json")
    running.kill()
    rows = [[cell.strip() for cell in line.split("│")] for line in text.splitlines() if "│" in line]
    table = {row[0]: row for row in rows}
    states = {"a": "cached", "b": "would run", "p": "always runs", "r": "running", "t": "would run"}
    assert {name: table[name][-1] for name in states} == states
    assert list(table)[-1] == "t", "in the order in which they run"
    assert table["t"][1:3] == ["toy::total", "a, b, p, r"]
    assert project.ids()["r"].startswith(table["r"][3])
    assert "5 steps: " in text
    assert "1 cached" in text
    assert "2 would run" in text
    assert "parts wait for other steps" in text
    assert project.executed == ["add1", "add3"], "nothing has been computed"


def test_several_configs(project: Project) -> None:
    project.config("x.json", {"a": add(1)})
    project.config("y.json", {"b": add(1), "t": total("b")})
    text = project.run("check", "x.json", "y.json")
    assert "1 steps occur more than once and run once" in text
    assert "y.t" in text


def test_everything_that_is_wrong(project: Project) -> None:
    steps = {f"a{number}": add(number) for number in range(9)}
    project.config("x.json", {**steps, "t": total(*steps), "u": total(*steps, "a0")})
    text = project.run("check", "x.json", code=1)
    assert "error: steps.t: ValueError: too many parts" in text
    assert "error: steps.u: ValueError: too many parts" in text
    project.config("x.json", {"a": add(1), "t": total("b")})
    text = project.run("check", "x.json", code=1)
    assert "error: steps.t.parts.0: there is no step 'b'" in text
