from __future__ import annotations

import pytest
from tango.step import Step
from tango.step_info import StepState
from tango.workspace import RunSort, StepInfoSort
from toy_steps import Add, Passing, Total

from tango_ie.core.workspace import TangoIEWorkspace


def test_steps_that_have_not_run_are_known(workspace: TangoIEWorkspace, log: str) -> None:
    first = Step.from_params({"type": "toy::add", "log": log, "numbers": [1]}, step_name="a")
    second = Total(step_name="t", log=log, parts=[first, Passing(step_name="p", log=log)])
    run = workspace.register_run([first, second], "r")
    assert {name: info.state for name, info in run.steps.items()} == {
        "a": StepState.INCOMPLETE,
        "t": StepState.INCOMPLETE,
        "p": StepState.UNCACHEABLE,
    }
    info = workspace.step_info(first.unique_id)
    assert info.config == {"type": "toy::add", "log": log, "numbers": [1]}
    assert workspace.index.dependencies()[second.unique_id] == run.steps["t"].dependencies


def test_search(workspace: TangoIEWorkspace, log: str) -> None:
    steps = [Add(step_name=f"a{number}", log=log, numbers=[number]) for number in range(3)]
    workspace.register_run(steps, "r")
    workspace.register_run(steps[:1], "again")
    for step in steps[:2]:
        step.result(workspace)
    found = workspace.search_step_info(sort_by=StepInfoSort.START_TIME, sort_descending=False)
    assert [info.step_name for info in found] == ["a0", "a1", "a2"]
    ids = sorted(step.unique_id for step in steps)
    by_id = workspace.search_step_info(sort_by=StepInfoSort.UNIQUE_ID, start=1)
    assert [info.unique_id for info in by_id] == ids[::-1][1:]
    assert workspace.num_steps(state=StepState.COMPLETED) == 2
    assert workspace.num_steps(match=steps[2].unique_id) == 1
    with pytest.raises(ValueError, match="cannot be sorted"):
        workspace.search_step_info(sort_by="colour")  # type: ignore[arg-type]


def test_runs(workspace: TangoIEWorkspace, log: str) -> None:
    steps = [Add(step_name="a", log=log, numbers=[number]) for number in range(2)]
    workspace.register_run(steps[:1], "one")
    workspace.register_run(steps[1:], "two")
    assert list(workspace.registered_runs()) == ["one", "two"]
    latest = workspace.search_registered_runs(sort_by=RunSort.START_DATE)
    assert [run.name for run in latest] == ["two", "one"]
    assert workspace.num_registered_runs(match="on") == 1
    steps[1].result(workspace)
    assert workspace.step_result("a")["sum"] == 1
    assert workspace.step_result_for_run("two", "a")["sum"] == 1
    with pytest.raises(KeyError):
        workspace.step_result_for_run("one", "a")
