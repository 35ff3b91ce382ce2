"""``tango-ie run``: one or several configs as one experiment."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from tango.cli import execute_step_graph, prepare_executor
from tango.step_graph import StepGraph
from tango.workspace import Workspace

from tango_ie.commands.experiment import (
    build_graph,
    join_equal_steps,
    merge,
    parse_variables,
    read_configs,
)
from tango_ie.commands.session import Session, session, show
from tango_ie.core.errors import ConfigurationError


def run_configs(
    configs: Sequence[Path],
    ext_vars: Sequence[str] = (),
    overrides: str = "",
    steps: Sequence[str] = (),
    name: str | None = None,
    workspace_url: str | None = None,
    packages: Sequence[str] = (),
    parallelism: int | None = None,
) -> None:
    """Run the steps of all configs, each step once.

    Args:
        configs: the files.
        ext_vars: Jsonnet's external variables, as ``NAME=VALUE``.
        overrides: values to replace, as JSON.
        steps: names of the steps to run, with what they need; all if empty.
        name: of the run.
        workspace_url: instead of the workspace in the settings.
        packages: to be imported besides those of the settings and configs.
        parallelism: steps at a time, for executors that can.

    Raises:
        CliRunError: a step has failed.
    """
    with session() as current:
        graph, aliases, imported = load_graph(current, configs, ext_vars, overrides, packages)
        if aliases:
            show(f"[dim]{len(aliases)} steps occur more than once and run once[/]")
        if steps:
            chosen = [_find_step(step, graph, aliases) for step in steps]
            graph = graph.sub_graph(*chosen)
        workspace = current.workspace(workspace_url)
        execute(current, graph, workspace, imported, name, parallelism)


def load_graph(
    current: Session,
    paths: Sequence[Path],
    ext_vars: Sequence[str],
    overrides: str,
    packages: Sequence[str],
) -> tuple[StepGraph, dict[str, str], list[str]]:
    """Read configs, import what they need, and merge them.

    Returns:
        The graph; the names that were dropped because another step is the same, with the names
        that stand for them; the packages.
    """
    configs = read_configs(paths, parse_variables(ext_vars), overrides)
    named = [package for config in configs for package in config.include_package]
    imported = current.import_packages([*packages, *named])
    steps = merge(configs)
    aliases: dict[str, str] = {}
    if len(configs) > 1:
        steps, aliases = join_equal_steps(steps)
    return build_graph(steps), aliases, imported


def execute(
    current: Session,
    graph: StepGraph,
    workspace: Workspace,
    packages: Sequence[str],
    name: str | None = None,
    parallelism: int | None = None,
) -> None:
    """Run a graph with the executor that the settings name.

    Raises:
        CliRunError: a step has failed.
    """
    executor = prepare_executor(
        workspace,
        settings=current.settings,
        include_package=packages,
        parallelism=parallelism,
    )
    execute_step_graph(graph, workspace=workspace, executor=executor, name=name)


def _find_step(name: str, graph: StepGraph, aliases: dict[str, str]) -> str:
    name = aliases.get(name, name)
    if name in graph:
        return name
    # With several configs, what was meant is often the name without that of its file.
    known = list(graph)
    near = [step for step in known if step.endswith(f".{name}")]
    near = near or difflib.get_close_matches(name, known, n=3) or known
    raise ConfigurationError(f"there is no step {name!r}; there is {', '.join(near)}")
