"""``tango-ie check``: everything that can go wrong without training, and what would run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table
from tango.common.exceptions import CliRunError
from tango.step import Step
from tango.step_graph import StepGraph
from tango.step_info import StepState
from tango.workspace import Workspace

from tango_ie.commands.run import load_graph
from tango_ie.commands.session import session, show, show_error
from tango_ie.core.errors import TangoIEError

_DIGITS = 8
_STATUS = {
    StepState.COMPLETED: ("cached", "green"),
    StepState.RUNNING: ("running", "yellow"),
    StepState.FAILED: ("would run", "blue"),
    StepState.INCOMPLETE: ("would run", "blue"),
    StepState.UNCACHEABLE: ("always runs", "blue"),
}


def check_configs(
    configs: Sequence[Path],
    ext_vars: Sequence[str] = (),
    overrides: str = "",
    workspace_url: str | None = None,
    packages: Sequence[str] = (),
) -> None:
    """Build every object of the configs, and show the graph with what is cached.

    Raises:
        ConfigurationError: the configs cannot be read.
        CliRunError: a part cannot be built; the messages have been printed.
    """
    with session() as current:
        graph, aliases, _ = load_graph(current, configs, ext_vars, overrides, packages)
        workspace = current.workspace(workspace_url)
        notes, errors = _check_steps(graph)
        show(_draw(graph, workspace))
        for line in (*_summary(graph, workspace, aliases), *notes):
            show(line)
        for message in errors:
            show_error(message)
        if errors:
            raise CliRunError


def _check_steps(graph: StepGraph) -> tuple[list[str], list[str]]:
    notes: list[str] = []
    errors: list[str] = []
    for name, step in graph.items():
        check = getattr(step, "check", None)
        if check is None:
            continue
        try:
            notes.extend(f"[dim]{escape(note)}[/]" for note in check())
        except TangoIEError as error:
            errors.append(str(error))
        except Exception as error:
            # A part of somebody else's that fails in its own words; its place is what we can add.
            errors.append(f"steps.{name}: {type(error).__name__}: {error}")
    return notes, errors


def _draw(graph: StepGraph, workspace: Workspace) -> Table:
    """The steps in the order in which they run."""
    table = Table(show_edge=False, pad_edge=False)
    for column in ("step", "type", "reads from", "id", "status"):
        table.add_column(column, overflow="fold", no_wrap=column == "status")
    for name, step in graph.items():
        word, colour = _STATUS[workspace.step_info(step).state]
        sources = ", ".join(sorted(source.name for source in step.dependencies))
        cells = (name, _type_of(step), sources, _beginning(step.unique_id))
        table.add_row(*(escape(cell) for cell in cells), f"[{colour}]{word}[/]")
    return table


def _beginning(unique_id: str) -> str:
    """Enough of an id for `tango-ie rerun` to find it.

    >>> _beginning("Predict-001-0b716d284cfe868afb82c75c800868de")
    'Predict-001-0b716d28'
    """
    name, _, key = unique_id.rpartition("-")
    return f"{name}-{key[:_DIGITS]}"


def _type_of(step: Step[Any]) -> str:
    config = getattr(step, "_config", None) or {}
    return str(config.get("type", step.class_name))


def _summary(graph: StepGraph, workspace: Workspace, aliases: dict[str, str]) -> list[str]:
    states = {step.unique_id: workspace.step_info(step).state for step in graph.values()}
    counts = Counter(_STATUS[state][0] for state in states.values())
    parts = ", ".join(f"{count} {word}" for word, count in counts.items())
    lines = [f"{len(states)} steps: {parts}"]
    if aliases:
        lines.append(f"[dim]{len(aliases)} steps occur more than once and run once[/]")
    return lines
