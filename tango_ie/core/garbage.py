"""What a workspace could do without."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tango_ie.core.disk import size_of
from tango_ie.core.errors import WorkspaceError
from tango_ie.core.locks import is_locked
from tango_ie.core.set_aside import ASIDE_FOLDER
from tango_ie.core.step_records import WORK_FOLDER, is_completed
from tango_ie.core.store import half_written
from tango_ie.core.workspace import TangoIEWorkspace

_TEMPORARY = ".*.tmp"


@dataclass(frozen=True)
class Garbage:
    """One thing that can be removed.

    Attributes:
        reason: why nobody needs it.
        path: what would be removed.
        size: bytes.
        step: unique id of the step whose lock protects it; None for things of a run.
    """

    reason: str
    path: Path
    size: int
    step: str | None = None


def find_garbage(
    workspace: TangoIEWorkspace, dropped_runs: Collection[str] = (), rerun_going_on: bool = False
) -> list[Garbage]:
    """Everything that can go, except what belongs to a step that is running.

    Args:
        dropped_runs: runs that are not wanted any more.
        rerun_going_on: whether results that are set aside may be needed again.
    """
    running = {key for key in workspace.cache.ids() if is_locked(workspace.cache.folder(key))}
    garbage: list[Garbage] = []
    referred: set[str] = set()
    for name in workspace.runs.names():
        ids = set(workspace.runs.record(name)["steps"].values())
        if name in dropped_runs and not ids & running:
            garbage.append(_garbage("a run that you drop", workspace.runs.folder(name)))
        else:
            referred |= ids
            garbage.extend(
                _garbage("a link to nothing", link)
                for link in workspace.runs.links(name)
                if not link.exists()
            )
    garbage.extend(_garbage("half-written", path) for path in workspace.runs.dir.glob(_TEMPORARY))
    for unique_id in workspace.cache.ids():
        if unique_id not in running:
            wanted = unique_id in referred
            garbage.extend(_garbage_of_step(workspace, unique_id, wanted, rerun_going_on))
    return garbage


def remove_garbage(workspace: TangoIEWorkspace, garbage: Collection[Garbage]) -> int:
    """Remove what :func:`find_garbage` has found; steps that have started since are left alone.

    Returns:
        Bytes freed.
    """
    return sum(item.size for item in garbage if _remove(workspace, item))


def _garbage(reason: str, path: Path, step: str | None = None) -> Garbage:
    return Garbage(reason, path, size_of(path), step)


def _garbage_of_step(
    workspace: TangoIEWorkspace, unique_id: str, wanted: bool, rerun_going_on: bool
) -> Iterator[Garbage]:
    folder = workspace.cache.folder(unique_id)
    needs_aside = rerun_going_on and (folder / ASIDE_FOLDER).exists()
    if not wanted:
        if not needs_aside:
            yield _garbage("no run refers to it", folder, unique_id)
        return
    if is_completed(folder) and (folder / WORK_FOLDER).exists():
        yield _garbage("its step is completed", folder / WORK_FOLDER, unique_id)
    for path in (*half_written(folder), *folder.glob(_TEMPORARY)):
        yield _garbage("half-written", path, unique_id)
    if (folder / ASIDE_FOLDER).exists() and not needs_aside:
        yield _garbage("set aside by a rerun", folder / ASIDE_FOLDER, unique_id)


def _remove(workspace: TangoIEWorkspace, item: Garbage) -> bool:
    if item.step is None:
        if item.path.is_dir() and not item.path.is_symlink():
            if item.path.parent == workspace.runs.dir and not item.path.name.startswith("."):
                workspace.runs.remove(item.path.name)
            else:
                shutil.rmtree(item.path)
        else:
            item.path.unlink(missing_ok=True)
        return True
    try:
        if item.path == workspace.cache.folder(item.step):
            workspace.remove_step(item.step)
            return True
        lock = workspace.lock_idle_step(item.step)
    except (WorkspaceError, KeyError):
        return False
    try:
        if item.path.is_dir():
            shutil.rmtree(item.path)
        else:
            item.path.unlink(missing_ok=True)
    finally:
        lock.release()
    return True
