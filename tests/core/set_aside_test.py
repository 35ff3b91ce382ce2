from __future__ import annotations

from toy_steps import Add

from tango_ie.core.set_aside import drop_aside, rerun_lock, restore, set_aside
from tango_ie.core.workspace import TangoIEWorkspace


def test_there_and_back(workspace: TangoIEWorkspace, log: str) -> None:
    step = Add(step_name="a", log=log, numbers=[1])
    folder = workspace.step_dir(step)
    assert not set_aside(folder)
    result = step.result(workspace)
    facts = workspace.provenance(step)
    assert set_aside(folder)
    assert step not in workspace.step_cache
    assert set_aside(folder), "what an interrupted rerun has set aside stays"
    (folder / "result").mkdir()
    assert restore(folder)
    assert workspace.step_cache[step] == result
    assert workspace.provenance(step) == facts
    assert not restore(folder)


def test_new_results_win(workspace: TangoIEWorkspace, log: str) -> None:
    step = Add(step_name="a", log=log, numbers=[1])
    folder = workspace.step_dir(step)
    for _ in range(2):
        step.result(workspace)
        set_aside(folder)
    step.result(workspace)
    assert not restore(folder)
    drop_aside(folder)
    assert not (folder / ".aside").exists()
    assert step in workspace.step_cache


def test_one_rerun_at_a_time(workspace: TangoIEWorkspace) -> None:
    with rerun_lock(workspace.dir) as first, rerun_lock(workspace.dir) as second:
        assert (first, second) == (True, False)
    with rerun_lock(workspace.dir) as again:
        assert again
