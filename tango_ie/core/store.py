"""Results of steps on disk: each is either whole or not there."""

from __future__ import annotations

import copy
import importlib
import inspect
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tango.format import Format
from tango.step import Step
from tango.step_cache import StepCache
from tango.step_info import StepInfo

from tango_ie.core.disk import size_of
from tango_ie.core.errors import WorkspaceError
from tango_ie.core.records import now, read_json, sync_folder, sync_tree, write_json
from tango_ie.core.step_records import METADATA_FILE, RESULT_FOLDER, is_completed

PARTIAL_PREFIX = ".partial-"


class Store(StepCache):
    """One folder per step under ``dir``, named by the step's unique id.

    A result is written into a folder of another name, flushed to disk, renamed to ``result``, and
    only then announced by ``cache-metadata.json``. Nothing is kept in memory: every consumer reads
    its own copy, so that a step which changes its input cannot change that of another, and results
    do not depend on the executor.

    Args:
        dir: the folder; made if it is not there.
    """

    def __init__(self, dir: Path) -> None:  # noqa: A002 (Tango's name)
        self.dir = dir
        self.dir.mkdir(parents=True, exist_ok=True)

    def folder(self, step: Step[Any] | StepInfo | str) -> Path:
        """Where everything about a step is kept."""
        return self.dir / (step if isinstance(step, str) else step.unique_id)

    def ids(self) -> list[str]:
        """Unique ids of all steps that have a folder."""
        return sorted(entry.name for entry in self.dir.iterdir() if entry.is_dir())

    def __contains__(self, step: object) -> bool:
        if isinstance(step, Step):
            return step.cache_results and is_completed(self.folder(step))
        if isinstance(step, StepInfo):
            return step.cacheable and is_completed(self.folder(step))
        return False

    def __getitem__(self, step: Step[Any] | StepInfo) -> Any:
        metadata = read_json(self.folder(step) / METADATA_FILE)
        if step not in self or metadata is None:
            raise KeyError(step.unique_id)
        written_by = metadata["format"]
        if isinstance(step, Step):
            result_format = _format_of_step(step, written_by)
        else:
            result_format = _format_by_name(written_by)
        return result_format.read(self.folder(step) / RESULT_FOLDER)

    def __setitem__(self, step: Step[Any], value: Any) -> None:
        self.write(step, value)
        self.publish(step)

    def __delitem__(self, step: Step[Any] | StepInfo | str) -> None:
        folder = self.folder(step)
        if not folder.is_dir():
            raise KeyError(folder.name)
        # Without its metadata the result is gone at once, even if we die before all is removed.
        (folder / METADATA_FILE).unlink(missing_ok=True)
        shutil.rmtree(folder)

    def __len__(self) -> int:
        return sum(is_completed(self.dir / unique_id) for unique_id in self.ids())

    def write(self, step: Step[Any], value: Any) -> Any:
        """Write a result that nobody sees before :meth:`publish`.

        Returns:
            What the format reads back: the same that a later process will get.
        """
        folder = self.folder(step)
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in half_written(folder):
            shutil.rmtree(leftover)
        partial = folder / f"{PARTIAL_PREFIX}{os.getpid()}"
        partial.mkdir()
        try:
            step.format.write(value, partial)
            sync_tree(partial)
            partial.rename(folder / RESULT_FOLDER)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        sync_folder(folder)
        return step.format.read(folder / RESULT_FOLDER)

    def publish(self, step: Step[Any]) -> None:
        """Announce the result that :meth:`write` has written."""
        folder = self.folder(step)
        metadata = {
            "step": step.unique_id,
            "format": _describe_format(step.format),
            "written": now(),
            "bytes": size_of(folder / RESULT_FOLDER),
        }
        write_json(folder / METADATA_FILE, metadata)


def half_written(folder: Path) -> Iterator[Path]:
    """Remains of a process that died while it wrote; only its successor may ask (lock held)."""
    yield from folder.glob(f"{PARTIAL_PREFIX}*")
    if (folder / RESULT_FOLDER).exists() and not is_completed(folder):
        yield folder / RESULT_FOLDER


def _describe_format(result_format: Format[Any]) -> dict[str, Any]:
    """Enough to make an equal format again."""
    cls = type(result_format)
    # A copy: Tango's formats take their own attributes away when asked for their parameters.
    attributes = copy.copy(result_format).__dict__
    arguments = {}
    for name in inspect.signature(cls.__init__).parameters:
        if name in attributes:
            try:
                arguments[name] = json.loads(json.dumps(attributes[name]))
            except TypeError:
                continue
    return {
        "type": f"{cls.__module__}.{cls.__qualname__}",
        "version": cls.VERSION,
        "arguments": arguments,
    }


def _format_of_step(step: Step[Any], written_by: dict[str, Any]) -> Format[Any]:
    """The step's own format, with the arguments that it was written with."""
    present = _describe_format(step.format)
    if present == written_by:
        return step.format
    if present["type"] != written_by["type"]:
        raise WorkspaceError(
            f"the result of step {step.name!r} was written as {written_by['type']}, but the step "
            f"reads {present['type']}; compute it again with `tango-ie rerun {step.unique_id}`"
        )
    return type(step.format)(**written_by["arguments"])


def _format_by_name(written_by: dict[str, Any]) -> Format[Any]:
    """The format of a result whose step is not at hand."""
    module, _, name = written_by["type"].rpartition(".")
    try:
        cls = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise WorkspaceError(
            f"a result was written as {written_by['type']}, which cannot be imported here "
            f"({error}); run from the folder that has this code"
        ) from error
    if not (inspect.isclass(cls) and issubclass(cls, Format)):
        raise WorkspaceError(f"a result claims to be written as {written_by['type']}, no format")
    return cls(**written_by["arguments"])
