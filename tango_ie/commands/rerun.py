"""``tango-ie rerun``: compute a step once more, and everything that depends on it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.markup import escape
from tango.step_graph import StepGraph

from tango_ie.commands.experiment import build_graph
from tango_ie.commands.locate import locate_step
from tango_ie.commands.run import execute
from tango_ie.commands.session import session, show
from tango_ie.core.errors import ConfigurationError, WorkspaceError
from tango_ie.core.set_aside import ASIDE_FOLDER, drop_aside, rerun_lock, restore, set_aside
from tango_ie.core.step_records import is_completed
from tango_ie.core.workspace import TangoIEWorkspace


def rerun_step(step: str, run_name: str | None = None, workspace_url: str | None = None) -> None:
    """Set old results aside, and run the config of a run again.

    If that fails, every old result comes back, except where it rests on another that has been
    computed anew. Results of other runs that depend on the step are set aside too, and stay so.

    Args:
        step: a name in the run, or a unique id or the beginning of one.
        run_name: the run; by default the latest that has the step.
        workspace_url: instead of the workspace in the settings.

    Raises:
        ConfigurationError: there is no such step or run.
        CliRunError: a step has failed.
    """
    with session() as current:
        workspace = current.own_workspace(workspace_url)
        place = locate_step(workspace, step, run_name)
        packages = current.import_packages(
            workspace.runs.record(place.run).get("include_package", ())
        )
        graph = _graph_of_run(workspace, place.run)
        target = graph[place.step_name].unique_id
        needs = workspace.index.dependencies()
        needs |= {
            item.unique_id: frozenset(source.unique_id for source in item.dependencies)
            for item in graph.values()
        }
        affected = _dependents(target, needs)
        with rerun_lock(workspace.dir) as alone:
            if not alone:
                raise WorkspaceError(f"another rerun is going on in {workspace.dir}; wait for it")
            names = {item.unique_id: name for name, item in graph.items()}
            _set_aside_all(workspace, affected, names)
            try:
                execute(current, graph, workspace, packages, name=place.run)
            finally:
                _settle(workspace, affected, needs)


def _graph_of_run(workspace: TangoIEWorkspace, run: str) -> StepGraph:
    config = workspace.runs.config(run)
    python_made = [name for name, step in config.items() if step is None]
    if python_made:
        raise ConfigurationError(
            f"steps of run {run!r} were made in Python and have no config "
            f"({', '.join(python_made)}); run that program again after removing their results"
        )
    return build_graph(config)


def _dependents(target: str, needs: Mapping[str, frozenset[str]]) -> list[str]:
    """The step and all that read from it, directly or not."""
    affected = [target]
    for done in affected:
        affected.extend(
            key for key, sources in needs.items() if done in sources and key not in affected
        )
    return affected


def _set_aside_all(
    workspace: TangoIEWorkspace, affected: list[str], names: Mapping[str, str]
) -> None:
    locks = [workspace.lock_idle_step(key) for key in affected if key in workspace.cache.ids()]
    try:
        for lock in locks:
            if set_aside(lock.path.parent):
                key = lock.path.parent.name
                name = names.get(key, f"{key} (of another run)")
                show(f"[yellow]Setting the result of {escape(name)} aside[/]")
    finally:
        for lock in locks:
            lock.release()


def _settle(
    workspace: TangoIEWorkspace, affected: list[str], needs: Mapping[str, frozenset[str]]
) -> None:
    """After the run: drop what has been replaced, and put back what still holds."""
    folders = {key: workspace.cache.folder(key) for key in affected}
    replaced = {key for key, folder in folders.items() if is_completed(folder)}
    stale = {key for new in replaced for key in _dependents(new, needs)}
    for key, folder in folders.items():
        if not folder.is_dir():
            continue
        lock = workspace.lock_idle_step(key)
        try:
            if key in replaced:
                drop_aside(folder)
            elif key not in stale and restore(folder):
                show(f"[yellow]The old result of {escape(key)} is in place again[/]")
        finally:
            lock.release()
    waiting = [key for key in stale - replaced if (folders[key] / ASIDE_FOLDER).exists()]
    if waiting:
        show(
            f"[yellow]{len(waiting)} results rest on the one that was replaced; they are set aside "
            "until they are computed anew (`tango-ie gc` lists them)[/]"
        )
