from __future__ import annotations

from pathlib import Path

import pytest
from tango.step_info import StepState
from toy_steps import Add, Total

from tango_ie.core.locks import StepLock
from tango_ie.core.records import write_json
from tango_ie.core.step_records import (
    METADATA_FILE,
    describe,
    read_record,
    state_of,
    step_info,
    write_record,
)


@pytest.mark.parametrize(
    ("written", "locked", "completed", "state"),
    [
        (None, False, False, StepState.INCOMPLETE),
        (None, True, False, StepState.INCOMPLETE),
        ("running", True, False, StepState.RUNNING),
        ("running", False, False, StepState.INCOMPLETE),
        ("failed", False, False, StepState.FAILED),
        ("failed", True, False, StepState.FAILED),
        ("completed", False, False, StepState.INCOMPLETE),
        ("completed", False, True, StepState.COMPLETED),
        ("failed", False, True, StepState.COMPLETED),
        (None, False, True, StepState.COMPLETED),
    ],
)
def test_state_is_what_the_disk_shows(
    tmp_path: Path, log: str, written: str | None, locked: bool, completed: bool, state: StepState
) -> None:
    record = describe(Add(step_name="a", log=log, numbers=[1]))
    times = {"start_time": "2025-01-01T00:00:00.000001+00:00", "end_time": None}
    if written in ("failed", "completed"):
        times["end_time"] = "2025-01-01T00:01:00.000001+00:00"
    if written is not None:
        record |= {"state": written, "error": "told to" if written == "failed" else None, **times}
        write_record(tmp_path, record)
    if completed:
        write_json(tmp_path / METADATA_FILE, {})
    lock = StepLock(tmp_path)
    if locked:
        lock.try_acquire()
    assert state_of(tmp_path) == state
    assert step_info(record, tmp_path).state == state, "Tango derives it from times and error"
    lock.release()


def test_description_has_no_steps_in_it(log: str) -> None:
    first = Add(step_name="a", log=log, numbers=[1])
    record = describe(Total(step_name="t", log=log, parts=[first]))
    assert record["dependencies"] == [first.unique_id]
    assert record["step_class_name"] == "Total"


def test_uncacheable_steps_have_no_folder(log: str) -> None:
    record = {**describe(Add(step_name="a", log=log, numbers=[1])), "cacheable": False}
    assert step_info(record, None).state == StepState.UNCACHEABLE


def test_missing_record(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
