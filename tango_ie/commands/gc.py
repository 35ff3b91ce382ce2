"""``tango-ie gc``: what a workspace could do without, and how much that would free."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from tango_ie.commands.session import session, show
from tango_ie.core.disk import show_size
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.garbage import Garbage, find_garbage, remove_garbage
from tango_ie.core.reading import near_matches
from tango_ie.core.set_aside import rerun_lock
from tango_ie.core.workspace import TangoIEWorkspace


def collect_garbage(
    remove: bool = False,
    keep_latest: int | None = None,
    drop_runs: Sequence[str] = (),
    workspace_url: str | None = None,
) -> None:
    """List what could be removed; remove it if told so.

    Args:
        remove: do it.
        keep_latest: drop all runs but this many.
        drop_runs: drop these runs.
        workspace_url: instead of the workspace in the settings.

    Raises:
        ConfigurationError: there is no such run.
    """
    with session() as current:
        workspace = current.own_workspace(workspace_url)
        # No run is registered meanwhile that would refer to what is about to go.
        with workspace.runs.locked(), rerun_lock(workspace.dir) as no_rerun:
            dropped = _dropped_runs(workspace, keep_latest, drop_runs)
            garbage = find_garbage(workspace, dropped, rerun_going_on=not no_rerun)
            total = show_size(sum(item.size for item in garbage))
            if not garbage:
                show(f"Nothing to free in {escape(str(workspace.dir))}")
                return
            show(_table(workspace, garbage, total))
            if remove:
                freed = remove_garbage(workspace, garbage)
                show(f"Freed {show_size(freed)}")
            else:
                show(f"Nothing has been removed; with --yes this frees {total}")


def _dropped_runs(
    workspace: TangoIEWorkspace, keep_latest: int | None, drop_runs: Sequence[str]
) -> list[str]:
    names = workspace.runs.names()
    for name in drop_runs:
        if name not in names:
            raise ConfigurationError(f"there is no run {name!r}; {near_matches(name, names)}")
    if keep_latest is not None:
        return names[: max(0, len(names) - keep_latest)]
    return list(drop_runs)


def _table(workspace: TangoIEWorkspace, garbage: Sequence[Garbage], total: str) -> Table:
    table = Table(show_edge=False, pad_edge=False, show_footer=True)
    table.add_column("what", footer="total", overflow="fold")
    table.add_column("why")
    table.add_column("size", footer=total, justify="right", no_wrap=True)
    for item in sorted(garbage, key=lambda item: -item.size):
        path = escape(str(item.path.relative_to(workspace.dir)))
        table.add_row(path, item.reason, show_size(item.size))
    return table
