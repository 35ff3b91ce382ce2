"""The workspace: results, runs, and who is computing what.

Layout::

    DIR/settings.json
        cache/ID/{result/, cache-metadata.json, step.json, provenance.json, lock, work/}
        runs/NAME/{config.json, run.json, out.log, STEP -> ../../cache/ID}
        latest -> runs/NAME

Everything is JSON or in the format of a step; the state of a step is derived from what lies there.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import ParseResult, quote, unquote

from rich.markup import escape
from tango.common.exceptions import CancellationError, StepStateError
from tango.common.logging import cli_logger
from tango.common.util import exception_to_string
from tango.step import Step
from tango.step_info import StepInfo, StepState
from tango.workspace import Run, StepInfoSort, Workspace

from tango_ie.core import step_records
from tango_ie.core.disk import disk_errors_explained, disk_message
from tango_ie.core.errors import WorkspaceError
from tango_ie.core.locks import Owner, StepLock, describe_owner, this_process
from tango_ie.core.provenance import PROVENANCE_FILE, Execution
from tango_ie.core.records import read_json, write_json
from tango_ie.core.run_log import capture_logs
from tango_ie.core.runs import LOG_FILE, Runs
from tango_ie.core.settings_file import find_workspace_dir
from tango_ie.core.step_index import StepIndex
from tango_ie.core.step_records import RECORD_FILE, WORK_FOLDER, Record
from tango_ie.core.store import Store

__all__ = ["TangoIEWorkspace", "find_workspace_dir"]

T = TypeVar("T")
FORMAT_VERSION = 1
SCHEME = "tie"
_SETTINGS = "settings.json"


@dataclass
class _Running:
    """A step that this process is computing."""

    lock: StepLock
    execution: Execution
    record: Record


@Workspace.register("tango_ie::local")
@Workspace.register(SCHEME)
class TangoIEWorkspace(Workspace):
    """A workspace in a folder, for any number of processes at once.

    Args:
        dir: the folder; a relative one is relative to the current directory.

    Raises:
        WorkspaceError: the folder holds a workspace of another kind, or cannot be written.
    """

    def __init__(self, dir: str) -> None:  # noqa: A002 (Tango's name)
        super().__init__()
        self.dir = Path(dir).expanduser().resolve()
        with disk_errors_explained("making the workspace", self.dir):
            self._check_format()
            self.cache = Store(self.dir / "cache")
            self.runs = Runs(self.dir)
            self.index = StepIndex(self.cache, self.runs)
            if not (self.dir / _SETTINGS).exists():
                write_json(self.dir / _SETTINGS, {"tango_ie_workspace": FORMAT_VERSION})
        self._running: dict[str, _Running] = {}
        self._run_name: str | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_running": {}}

    @property
    def url(self) -> str:
        """``tie://`` and the absolute path."""
        return f"{SCHEME}://{quote(str(self.dir))}"

    @classmethod
    def from_parsed_url(cls, parsed_url: ParseResult) -> TangoIEWorkspace:
        """The workspace of a ``tie://`` URL; ``tie://work/x`` is the relative path ``work/x``."""
        return cls(unquote(parsed_url.netloc + parsed_url.path) or ".")

    @property
    def step_cache(self) -> Store:
        """The results."""
        return self.cache

    def step_dir(self, step: Step[Any] | StepInfo | str) -> Path:
        """Where everything about a step is kept."""
        return self.cache.folder(step)

    def work_dir(self, step: Step[Any]) -> Path:
        """Where a step keeps what it needs to continue after an interruption."""
        folder = self.step_dir(step) / WORK_FOLDER
        with disk_errors_explained(f"starting step {step.name!r}", folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    # What Tango calls while a step runs.

    def step_starting(self, step: Step[Any]) -> None:
        """Become the owner of a step, after waiting for any other owner.

        Raises:
            StepStateError: with state COMPLETED, if the other owner has finished it.
            WorkspaceError: the step cannot be started.
        """
        if not step.cache_results:
            return
        folder = self.step_dir(step)
        with disk_errors_explained(f"starting step {step.name!r}", folder), ExitStack() as undo:
            lock = StepLock(folder)
            waited = lock.acquire(step.name, lambda: self._owner(folder))
            undo.callback(lock.release)
            if step in self.cache:
                shutil.rmtree(folder / WORK_FOLDER, ignore_errors=True)
                raise StepStateError(step, StepState.COMPLETED)
            if waited:
                self._refuse_to_fail_twice(step, folder)
            self.work_dir(step)
            execution = Execution(step, folder, self._run_name)
            record = {
                **step_records.describe(step),
                "state": "running",
                "owner": this_process(),
                "start_time": execution.start_time,
                "end_time": None,
                "error": None,
            }
            step_records.write_record(folder, record)
            self._running[step.unique_id] = _Running(lock, execution, record)
            undo.pop_all()

    def step_finished(self, step: Step[Any], result: T) -> T:
        """Keep a result.

        Returns:
            What was read back from the disk, which is what every later process gets.

        Raises:
            WorkspaceError: the disk does not take it; the work folder is kept.
        """
        if not step.cache_results:
            return result
        folder, running = self.step_dir(step), self._running.get(step.unique_id)
        if running is None:
            raise StepStateError(step, self.step_info(step).state, "and was not started here")
        with disk_errors_explained(f"writing the result of step {step.name!r}", folder):
            kept: T = self.cache.write(step, result)
            end = running.execution.finish("completed")
            record = {**running.record, "state": "completed", "owner": None, "end_time": end}
            step_records.write_record(folder, record)
            self.cache.publish(step)
        shutil.rmtree(folder / WORK_FOLDER, ignore_errors=True)
        del self._running[step.unique_id]
        running.lock.release()
        return kept

    def step_failed(self, step: Step[Any], e: BaseException) -> None:
        """Keep the error of a step; its work folder stays for the next attempt."""
        if not step.cache_results:
            return
        running = self._running.pop(step.unique_id, None)
        if running is None:
            return
        folder = self.step_dir(step)
        interrupted = isinstance(e, (KeyboardInterrupt, SystemExit, CancellationError))
        try:
            # The disk may be full: the error that brought us here must not be hidden by another.
            with suppress(OSError):
                end = running.execution.finish("interrupted" if interrupted else "failed")
                error = {"error": exception_to_string(e), "interrupted": interrupted}
                record = {**running.record, "state": "failed", "end_time": end, **error}
                step_records.write_record(folder, record)
            message = disk_message(e, f"running step {step.name!r}", folder, only_full=True)
            if message is not None and not isinstance(e, WorkspaceError):
                cli_logger.error("[red]error:[/] %s", escape(message))
        finally:
            running.lock.release()

    # Records.

    def step_info(self, step_or_unique_id: Step[Any] | str) -> StepInfo:
        """Tango's record of a step, with its state as the disk shows it.

        Raises:
            KeyError: no step of this id has ever been registered here.
        """
        if isinstance(step_or_unique_id, Step):
            return self.index.info_of_step(step_or_unique_id)
        return self.index.info(step_or_unique_id)

    def search_step_info(
        self,
        *,
        sort_by: StepInfoSort | None = None,
        sort_descending: bool = True,
        match: str | None = None,
        state: StepState | None = None,
        start: int = 0,
        stop: int | None = None,
    ) -> list[StepInfo]:
        """See Tango; every step counts once, however many runs and names it has."""
        found = self.index.search(sort_by, sort_descending, match, state)
        return found[start:stop]

    def provenance(self, step_or_unique_id: Step[Any] | str) -> dict[str, Any]:
        """Code, versions, machine, time and memory of the last execution of a step.

        Raises:
            KeyError: the step has not been executed here.
        """
        facts = read_json(self.step_dir(step_or_unique_id) / PROVENANCE_FILE)
        if facts is None:
            raise KeyError(str(step_or_unique_id))
        return facts

    def remove_step(self, step_unique_id: str) -> None:
        """Remove everything about a step.

        Raises:
            KeyError: there is no such step.
            WorkspaceError: it is running.
        """
        folder = self.step_dir(step_unique_id)
        if not folder.is_dir():
            raise KeyError(f"No step named '{step_unique_id}' found")
        lock = self.lock_idle_step(step_unique_id)
        (folder / step_records.METADATA_FILE).unlink(missing_ok=True)
        for entry in folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry != lock.path:
                entry.unlink()
        lock.remove_folder()

    def lock_idle_step(self, unique_id: str) -> StepLock:
        """The acquired lock of a step that nobody is running.

        Raises:
            WorkspaceError: somebody is running it.
        """
        folder = self.step_dir(unique_id)
        lock = StepLock(folder)
        if not lock.try_acquire():
            owner = describe_owner(self._owner(folder))
            raise WorkspaceError(f"step {unique_id} is being computed by {owner}; wait for it")
        return lock

    # Runs.

    def register_run(self, targets: Iterable[Step[Any]], name: str | None = None) -> Run:
        """Keep what is about to be run; see :meth:`tango_ie.core.runs.Runs.register`."""
        targets = list(targets)
        with disk_errors_explained("registering the run", self.runs.dir):
            # The run's links lead somewhere from the beginning.
            for step in targets:
                if step.cache_results:
                    self.step_dir(step).mkdir(exist_ok=True)
            self._run_name = self.runs.register(targets, name)
        return self.registered_run(self._run_name)

    def registered_run(self, name: str) -> Run:
        """A run with the states of its steps.

        Raises:
            KeyError: there is no such run.
        """
        return self.index.run(name)

    def registered_runs(self) -> dict[str, Run]:
        """All runs by name."""
        return {name: self.registered_run(name) for name in self.runs.names()}

    def run_dir(self, name: str) -> Path:
        """Where a run is kept."""
        return self.runs.folder(name)

    def capture_logs_for_run(self, name: str) -> AbstractContextManager[None]:
        """Write the log of a run to its ``out.log`` as well."""
        return capture_logs(self.runs.folder(name) / LOG_FILE)

    # Details.

    def _check_format(self) -> None:
        settings = read_json(self.dir / _SETTINGS)
        advice = "name another folder (workspace.dir in tango.yml, or -w FOLDER), or move this one"
        if (self.dir / "stepinfo.sqlite").exists() or (settings and "version" in settings):
            raise WorkspaceError(
                f"{self.dir} is a workspace of Tango's own kind, whose records are pickles, and "
                f"will not be touched; {advice}"
            )
        version = FORMAT_VERSION if settings is None else settings.get("tango_ie_workspace")
        if version != FORMAT_VERSION:
            raise WorkspaceError(
                f"{self.dir} was written in format {version}, and this tango_ie knows format "
                f"{FORMAT_VERSION}; install a newer tango_ie, or {advice}"
            )

    def _owner(self, folder: Path) -> Owner | None:
        record = step_records.read_record(folder)
        return None if record is None else record.get("owner")

    def _refuse_to_fail_twice(self, step: Step[Any], folder: Path) -> None:
        """Two names of one step in parallel: when one has failed, the other has failed too.

        Tango's parallel executor stops altogether if a step that it has seen fail runs again.
        """
        record = step_records.read_record(folder)
        if record is None or record["state"] != "failed" or record.get("interrupted"):
            return
        owner = record["owner"]
        if owner["host"] == socket.gethostname() and owner["parent"] == os.getppid():
            raise WorkspaceError(
                f"step {step.name!r} has just failed in {describe_owner(owner)}; "
                f"its error stands in {folder / RECORD_FILE}"
            )
