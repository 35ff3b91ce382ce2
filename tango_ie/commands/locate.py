"""Finding a step of a workspace by what a user calls it."""

from __future__ import annotations

from dataclasses import dataclass

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches
from tango_ie.core.workspace import TangoIEWorkspace


@dataclass(frozen=True)
class StepPlace:
    """Where a step stands: its run, its name there, and its unique id."""

    run: str
    step_name: str
    unique_id: str


def locate_step(workspace: TangoIEWorkspace, step: str, run_name: str | None) -> StepPlace:
    """Find a step.

    Args:
        step: a name in the run, or a unique id or the beginning of one.
        run_name: the run; by default the latest that has the step.

    Raises:
        ConfigurationError: there is no such run or step, or several ids begin like this.
    """
    runs = workspace.runs.names()
    if run_name is not None and run_name not in runs:
        raise ConfigurationError(f"there is no run {run_name!r}; {near_matches(run_name, runs)}")
    if not runs:
        raise ConfigurationError(f"there are no runs in {workspace.dir}")
    latest = workspace.runs.latest()
    newest_first = runs[::-1]
    newest_first.sort(key=lambda name: name != latest)
    searched = [run_name] if run_name is not None else newest_first
    by_run = {run: dict(workspace.runs.record(run)["steps"]) for run in searched}
    if step in by_run[searched[0]]:
        return StepPlace(searched[0], step, by_run[searched[0]][step])
    ids = {unique_id for steps in by_run.values() for unique_id in steps.values()}
    matching = sorted(key for key in ids if key.startswith(step))
    if step in ids:
        matching = [step]
    if len(matching) > 1:
        raise ConfigurationError(f"{step!r} is the beginning of {', '.join(matching)}")
    if matching:
        for run, steps in by_run.items():
            for name, unique_id in steps.items():
                if unique_id == matching[0] and name != unique_id:
                    return StepPlace(run, name, unique_id)
    raise ConfigurationError(
        f"run {searched[0]!r} has no step {step!r}, and no unique id begins with it; "
        f"{near_matches(step, by_run[searched[0]])}"
    )
