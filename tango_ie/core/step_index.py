"""Looking up what a workspace knows about its steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tango.step import Step
from tango.step_info import StepInfo, StepState
from tango.workspace import Run, StepInfoSort

from tango_ie.core import step_records
from tango_ie.core.records import parse_time
from tango_ie.core.runs import Runs
from tango_ie.core.step_records import Record
from tango_ie.core.store import Store


class StepIndex:
    """Steps that have run, and steps that some run has asked for.

    Args:
        cache: the results, with the records of steps that have run.
        runs: the runs, with descriptions of all their steps.
    """

    def __init__(self, cache: Store, runs: Runs) -> None:
        self._cache = cache
        self._runs = runs

    def info_of_step(self, step: Step[Any]) -> StepInfo:
        """Tango's record of a step that is at hand."""
        described = step_records.describe(step)
        if not step.cache_results:
            return step_records.step_info(described, None)
        folder = self._cache.folder(step)
        # The same step may have another name in another run; here it has this one.
        record = {**(step_records.read_record(folder) or {}), **described}
        return step_records.step_info(record, folder)

    def info(self, unique_id: str) -> StepInfo:
        """Tango's record of a step.

        Raises:
            KeyError: no such step has run here or been asked for.
        """
        record = step_records.read_record(self._cache.folder(unique_id))
        if record is not None:
            return self._info_of_record(record)
        for run in reversed(self._runs.names()):
            for known, details in self._details(run):
                if known == unique_id:
                    return self._info_of_record(details)
        raise KeyError(unique_id)

    def run(self, name: str) -> Run:
        """A run with the states of its steps.

        Raises:
            KeyError: there is no such run.
        """
        record = self._runs.record(name)
        details = dict(self._details(name))
        steps = {}
        for step_name, unique_id in record["steps"].items():
            known = step_records.read_record(self._cache.folder(unique_id)) or details[unique_id]
            steps[step_name] = self._info_of_record({**known, "step_name": step_name})
        return Run(name, steps, parse_time(record["created"]))

    def search(
        self,
        sort_by: StepInfoSort | None,
        sort_descending: bool,
        match: str | None,
        state: StepState | None,
    ) -> list[StepInfo]:
        """Every known step once, however many runs and names it has."""
        infos = [
            self._info_of_record(record)
            for unique_id, record in self._all_records().items()
            if match is None or match in unique_id
        ]
        found = [info for info in infos if state is None or info.state == state]
        if sort_by == StepInfoSort.START_TIME:
            found.sort(key=_start, reverse=sort_descending)
        elif sort_by == StepInfoSort.UNIQUE_ID:
            found.sort(key=lambda info: info.unique_id, reverse=sort_descending)
        elif sort_by is not None:
            raise ValueError(f"steps cannot be sorted by {sort_by}")
        return found

    def dependencies(self) -> dict[str, frozenset[str]]:
        """For each known step the ids of the steps that it reads from."""
        records = self._all_records()
        return {key: frozenset(record["dependencies"]) for key, record in records.items()}

    def _all_records(self) -> dict[str, Record]:
        records = {key: record for run in self._runs.names() for key, record in self._details(run)}
        for unique_id in self._cache.ids():
            record = step_records.read_record(self._cache.folder(unique_id))
            if record is not None:
                records[unique_id] = record
        return records

    def _details(self, run: str) -> Iterator[tuple[str, Record]]:
        config = self._runs.config(run)
        for unique_id, record in self._runs.record(run)["details"].items():
            yield unique_id, {**record, "config": config.get(record["step_name"])}

    def _info_of_record(self, record: Record) -> StepInfo:
        folder = self._cache.folder(record["unique_id"]) if record["cacheable"] else None
        return step_records.step_info(record, folder)


def _start(info: StepInfo) -> float:
    """Steps that have not run yet count as the latest."""
    return float("inf") if info.start_time is None else info.start_time.timestamp()
