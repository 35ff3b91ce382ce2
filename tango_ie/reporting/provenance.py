"""What a report stands on: every step, where and when it ran, and what it took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tango.step import Step
from tango.workspace import Workspace

from tango_ie.core.provenance import packages, start_facts
from tango_ie.core.records import now
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.reporting.environment import Environment
from tango_ie.reporting.step_record import StepRecord, class_of

_FOREIGN = "this workspace keeps no record of how its results were made"
_Known = Mapping[str, tuple[str, tuple[str, ...]]]  # unique id → name, dependencies


@dataclass(frozen=True)
class Provenance:
    """The steps behind a report, and the process that made it.

    Args:
        made_in: the process that made the report.
        made_at: when, ISO 8601.
        steps: all that the report stands on, in the order in which they began.
        evaluations: for each variant the unique ids of the steps that gave its scores.
        note: why there are no steps.
    """

    made_in: Environment
    made_at: str
    steps: tuple[StepRecord, ...] = ()
    evaluations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str | None = None

    @property
    def environments(self) -> list[Environment]:
        """Those of the steps, each once."""
        found: list[Environment] = []
        for step in self.steps:
            if step.environment is not None and step.environment not in found:
                found.append(step.environment)
        return found

    def trainings(self, variant: str) -> list[StepRecord]:
        """For each run of a variant the training of its model, where it is known.

        Of a run with several models, as those of a pipeline, it is the one that held most memory.
        """
        steps = {step.unique_id: step for step in self.steps}
        found = (_training(unique_id, steps) for unique_id in self.evaluations.get(variant, ()))
        return [step for step in found if step is not None]

    def to_json(self) -> dict[str, Any]:
        """JSON-able form, each environment once; :meth:`from_json` reads it."""
        environments = self.environments
        places = {
            id(step): None if step.environment is None else environments.index(step.environment)
            for step in self.steps
        }
        return {
            "made_in": self.made_in.to_json(),
            "made_at": self.made_at,
            "environments": [item.to_json() for item in environments],
            "steps": [{**step.to_json(), "environment": places[id(step)]} for step in self.steps],
            "evaluations": {name: list(ids) for name, ids in self.evaluations.items()},
            "note": self.note,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Provenance:
        """The inverse of :meth:`to_json`."""
        environments = [Environment.from_json(item) for item in value["environments"]]
        steps = []
        for item in value["steps"]:
            fields = dict(item)
            place = fields.pop("environment")
            steps.append(
                StepRecord.from_json(fields, None if place is None else environments[place])
            )
        return cls(
            made_in=Environment.from_json(value["made_in"]),
            made_at=value["made_at"],
            steps=tuple(steps),
            evaluations={name: tuple(ids) for name, ids in value["evaluations"].items()},
            note=value["note"],
        )


def of_step(step: Step[Any], workspace: Workspace, argument: str = "variants") -> Provenance:
    """What a step that is running stands on.

    A result was there before unless the run that the step belongs to has computed it, since it was
    started last.

    Args:
        step: the running one.
        workspace: any; only ours keeps records.
        argument: of the step, which gives for each variant the scores of its runs.
    """
    if not isinstance(workspace, TangoIEWorkspace):
        return _made(Environment.from_facts(_present(None)), note=_FOREIGN)
    run = (_facts(workspace, step.unique_id) or {}).get("run")
    known = {
        item.unique_id: (item.name, tuple(sorted(one.unique_id for one in item.dependencies)))
        for item in step.recursive_dependencies
    }
    steps = _collect(workspace, known, run)
    evaluations = _references(step.kwargs.get(argument))
    return _made(Environment.from_facts(_present(run)), steps, evaluations)


def of_results(workspace: Workspace, evaluations: Mapping[str, Sequence[str]]) -> Provenance:
    """What finished scores stand on.

    Args:
        workspace: any; only ours keeps records.
        evaluations: for each variant the unique ids of the steps that gave its scores.
    """
    made_in = Environment.from_facts(_present(None))
    if not isinstance(workspace, TangoIEWorkspace):
        return _made(made_in, note=_FOREIGN)
    known: dict[str, tuple[str, tuple[str, ...]]] = {}
    waiting = [unique_id for ids in evaluations.values() for unique_id in ids]
    for unique_id in waiting:
        if unique_id in known:
            continue
        try:
            info = workspace.step_info(unique_id)
        except KeyError:  # its record was removed, and only the result is left
            known[unique_id] = (unique_id, ())
            continue
        known[unique_id] = (info.step_name or unique_id, tuple(sorted(info.dependencies)))
        waiting.extend(info.dependencies)
    return _made(made_in, _collect(workspace, known, None), evaluations)


def _references(variants: Any) -> dict[str, list[str]]:
    """The steps that an argument names, for each variant; without those that are not steps."""
    if not isinstance(variants, Mapping):
        return {}
    given = {
        name: [getattr(item, "step", item) for item in runs] for name, runs in variants.items()
    }
    return {
        name: [item.unique_id for item in runs if isinstance(item, Step)]
        for name, runs in given.items()
    }


def _made(
    made_in: Environment,
    steps: Iterable[StepRecord] = (),
    evaluations: Mapping[str, Sequence[str]] | None = None,
    note: str | None = None,
) -> Provenance:
    in_order = sorted(steps, key=lambda step: (step.start or "", step.name))
    given = {name: tuple(ids) for name, ids in (evaluations or {}).items()}
    return Provenance(made_in, now(), tuple(in_order), given, note)


def _collect(workspace: TangoIEWorkspace, known: _Known, run: str | None) -> Iterator[StepRecord]:
    since = None if run is None else _started(workspace, run)
    for unique_id, (name, dependencies) in known.items():
        facts = _facts(workspace, unique_id)
        if facts is None:
            yield StepRecord(name, class_of(unique_id), unique_id, dependencies)
            continue
        cached = None
        if since is not None:
            cached = facts.get("run") != run or str(facts.get("start_time")) < since
        yield StepRecord.from_facts(unique_id, facts, dependencies, name, cached)


def _facts(workspace: TangoIEWorkspace, unique_id: str) -> dict[str, Any] | None:
    """The record of an execution, where there is one."""
    try:
        return workspace.provenance(unique_id)
    except KeyError:
        return None


def _started(workspace: TangoIEWorkspace, run: str) -> str | None:
    """When a run was started last; such times sort as text."""
    try:
        return str(workspace.runs.record(run)["created"])
    except KeyError:
        return None


def _present(run: str | None) -> dict[str, Any]:
    return {**start_facts(), "packages": packages(), "run": run}


def _training(unique_id: str, steps: Mapping[str, StepRecord]) -> StepRecord | None:
    """The nearest step below that gave a model; of several the one that held most memory."""
    level, seen = [unique_id], {unique_id}
    while level:
        found = [steps[key] for key in level if key in steps]
        models = [step for step in found if step.gives_model]
        if models:
            return max(models, key=lambda step: (step.cuda_bytes or 0, step.process_bytes or 0))
        level = [key for step in found for key in step.dependencies if key not in seen]
        seen.update(level)
    return None
