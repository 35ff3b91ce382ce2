"""What is known about a step without the step itself: ``step.json``, and Tango's ``StepInfo``.

Tango pickles its records into a database and believes them. Here a record is JSON, and the state
of a step is what the disk shows: a finished result is there or it is not, a lock is held or not.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from tango.common.util import replace_steps_with_unique_id
from tango.step import Step
from tango.step_info import (
    EnvironmentMetadata,
    GitMetadata,
    PlatformMetadata,
    StepInfo,
    StepState,
)

from tango_ie.core.locks import is_locked
from tango_ie.core.provenance import PROVENANCE_FILE, start_facts
from tango_ie.core.records import parse_time, read_json, write_json

RECORD_FILE = "step.json"
METADATA_FILE = "cache-metadata.json"
RESULT_FOLDER = "result"
WORK_FOLDER = "work"

Record = dict[str, Any]


def describe(step: Step[Any]) -> Record:
    """The part of a record that does not change while the step runs."""
    return {
        "unique_id": step.unique_id,
        "step_name": step.name,
        "step_class_name": step.class_name,
        "version": step.VERSION,
        "dependencies": sorted({dependency.unique_id for dependency in step.dependencies}),
        "cacheable": step.cache_results,
        "config": replace_steps_with_unique_id(getattr(step, "_config", None)),
        "metadata": step.metadata,
    }


def read_record(folder: Path) -> Record | None:
    """The record in a step's folder, if there is one."""
    return read_json(folder / RECORD_FILE)


def write_record(folder: Path, record: Record) -> None:
    """Keep the record of a step that is running, has failed or is about to be complete."""
    write_json(folder / RECORD_FILE, record)


def is_completed(folder: Path) -> bool:
    """Whether a result is there; the metadata file is written last."""
    return (folder / METADATA_FILE).exists()


def state_of(folder: Path) -> StepState:
    """The state of a cacheable step, from its folder alone."""
    if is_completed(folder):
        return StepState.COMPLETED
    record = read_record(folder)
    written = None if record is None else record.get("state")
    if written == "running" and is_locked(folder):
        return StepState.RUNNING
    # The step may have been completed while we looked: its metadata came before its lock went.
    if is_completed(folder):
        return StepState.COMPLETED
    return StepState.FAILED if written == "failed" else StepState.INCOMPLETE


def step_info(record: Record, folder: Path | None) -> StepInfo:
    """Tango's view of a step.

    Args:
        record: from :func:`describe` or :func:`read_record`.
        folder: of the step; None for one that is never cached.
    """
    state = StepState.UNCACHEABLE if folder is None else state_of(folder)
    start, end, error = _times(record, folder, state)
    facts = None if folder is None else read_json(folder / PROVENANCE_FILE)
    return StepInfo(
        unique_id=record["unique_id"],
        step_class_name=record["step_class_name"],
        dependencies=set(record["dependencies"]),
        cacheable=record["cacheable"],
        step_name=record["step_name"],
        version=record["version"],
        start_time=start,
        end_time=end,
        error=error,
        result_location=str(folder) if state == StepState.COMPLETED else None,
        config=record.get("config"),
        metadata=record.get("metadata"),
        platform=_platform(facts or _present()),
        environment=_environment(facts or _present()),
    )


def _times(
    record: Record, folder: Path | None, state: StepState
) -> tuple[datetime | None, datetime | None, str | None]:
    """Start, end and error, such that Tango derives the very ``state`` from them."""
    start, end = (
        parse_time(record[key]) if record.get(key) else None for key in ("start_time", "end_time")
    )
    if state == StepState.RUNNING:
        return start, None, None
    if state == StepState.FAILED:
        return start, end, record.get("error") or "unknown"
    if state == StepState.COMPLETED and folder is not None:
        if start is None or end is None:  # completed since the record was read
            seconds = (folder / METADATA_FILE).stat().st_mtime
            written = datetime.fromtimestamp(seconds, timezone.utc)
            start, end = start or written, end or written
        return start, end, None
    return None, None, None


@lru_cache(maxsize=1)
def _present() -> Mapping[str, Any]:
    """Facts for steps that have not run yet; not worth a question to git for each of them."""
    return {**start_facts(), "git": None}


def _platform(facts: Mapping[str, Any]) -> PlatformMetadata:
    return PlatformMetadata(
        operating_system=facts.get("platform") or platform.platform(),
        cpu_count=(facts.get("device") or {}).get("cores") or os.cpu_count(),
        user=facts.get("user") or "",
        host=facts.get("host") or "",
    )


def _environment(facts: Mapping[str, Any]) -> EnvironmentMetadata:
    git = facts.get("git")
    return EnvironmentMetadata(
        facts.get("python") or platform.python_version(),
        executable=Path(facts.get("executable") or sys.executable),
        command=" ".join(facts.get("command") or ()),
        root=Path(facts.get("cwd") or "."),
        packages=sorted((facts.get("packages") or {}).items()),
        git=None if git is None else GitMetadata(commit=git["commit"], remote=git["remote"]),
    )
