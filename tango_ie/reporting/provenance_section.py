"""Where the figures of a report come from, as its page says it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tango_ie.reporting import wording
from tango_ie.reporting.config_paths import config_paths
from tango_ie.reporting.environment import NAMED_PACKAGES, Environment, other_versions
from tango_ie.reporting.provenance import Provenance
from tango_ie.reporting.provenance_tables import (
    Table,
    all_environments,
    common_facts,
    environment_table,
    input_table,
    step_table,
)
from tango_ie.reporting.step_record import StepRecord

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Run, Variant

_MOST_NAMES = 5


@dataclass(frozen=True)
class ProvenanceSection:
    """What ``sections/provenance.html.jinja`` draws.

    Args:
        summary: how many steps, and how long they took.
        warnings: what a reader must know before they trust or repeat the figures.
        facts: of the process that made the report, as far as all steps share them.
        environments: where steps ran, where that is not one place.
        steps, inputs: tables.
        configs: for each variant its name with its seeds, what its runs differ in, and its config
            as JSON.
    """

    summary: str
    warnings: tuple[str, ...]
    facts: dict[str, str]
    environments: Table | None
    steps: Table | None
    inputs: Table | None
    configs: tuple[tuple[str, tuple[str, ...], str], ...]

    @classmethod
    def of(cls, provenance: Provenance | None, variants: Sequence[Variant]) -> ProvenanceSection:
        """Everything from what was collected; configs alone where nothing was."""
        configs = tuple(map(_config, variants))
        if provenance is None:
            return cls("", (), {}, None, None, None, configs)
        environments = all_environments(provenance)
        devices = {step.device: None for step in provenance.steps if step.device}
        facts = {"made": f"{wording.moment(provenance.made_at)} UTC", **_facts(environments)}
        if len(devices) == 1:
            facts["device"] = next(iter(devices))
        return cls(
            summary=summary(provenance),
            warnings=tuple(warnings(provenance)),
            facts=facts,
            environments=environment_table(environments),
            steps=step_table(provenance) if provenance.steps else None,
            inputs=input_table(provenance),
            configs=configs,
        )


def summary(provenance: Provenance) -> str:
    """How many steps, how long, and what came from the cache."""
    steps = provenance.steps
    if not steps:
        note = provenance.note or "no steps are known"
        return f"What this report stands on is not known: {note}."
    new = [step for step in steps if step.from_cache is False]
    old = [step for step in steps if step.from_cache]
    total = f"This report stands on {wording.number_of(len(steps), 'step')}"
    if not new and not old:
        return f"{total}, which took {_time(steps)}."
    if len(new) == len(steps):
        return f"{total}, all computed in this run, in {_time(new)}."
    if len(old) == len(steps):
        return f"{total}, all taken from the cache; they had taken {_time(old)}."
    parts = [
        f"{len(new):,} computed in this run, in {_time(new)}",
        f"{len(old):,} taken from the cache, where they had taken {_time(old)}",
    ]
    unknown = len(steps) - len(new) - len(old)
    if unknown:
        parts.append(f"{unknown:,} of which that is not known")
    return f"{total}: {'; '.join(parts)}."


def warnings(provenance: Provenance) -> Iterator[str]:
    """Code and versions that are not the same throughout, or not to be had again."""
    steps = provenance.steps
    dirty = [step for step in steps if step.environment is not None and step.environment.dirty]
    if dirty:
        yield (
            f"Files differed from the commit when {_names(dirty)} ran: the commit alone does not "
            "give these figures again."
        )
    lost = [step for step in steps if step.environment is None]
    if lost:
        yield f"No record was kept of how {_names(lost)} ran."
    environments = provenance.environments
    commits = dict.fromkeys(found.commit for found in environments if found.commit)
    if len(commits) > 1:
        yield f"The steps ran on {len(commits)} commits."
    yield from _versions(environments)
    changed = _changed_inputs(steps)
    if changed:
        yield f"Not the same content in all steps that read it: {wording.listed(changed)}."


def _facts(environments: Sequence[Environment]) -> dict[str, str]:
    """What all have in common, the versions in one line."""
    facts = common_facts(environments)
    shared = [f"{name} {facts.pop(name)}" for name in ("python", *NAMED_PACKAGES) if name in facts]
    return {**facts, "versions": ", ".join(shared)} if shared else facts


def _versions(environments: list[Environment]) -> Iterator[str]:
    facts = [found.facts() for found in environments]
    found = {}
    for name in ("python", *NAMED_PACKAGES):
        versions = tuple(dict.fromkeys(item[name] for item in facts if item[name]))
        if len(versions) > 1:
            found[name] = versions
    others = other_versions(environments)
    if found:
        shown = [f"{name} ({' and '.join(versions)})" for name, versions in found.items()]
        yield f"The steps ran with different versions of {wording.listed(shown)}."
    if others:
        shown = [f"{name} {' / '.join(versions)}" for name, versions in others.items()]
        more = [f"{len(shown) - _MOST_NAMES} more"] if len(shown) > _MOST_NAMES else []
        yield f"Other packages that differ: {wording.listed([*shown[:_MOST_NAMES], *more])}."


def _changed_inputs(steps: Sequence[StepRecord]) -> list[str]:
    digests: dict[str, set[str]] = {}
    for step in steps:
        for item in step.inputs:
            if item.path is not None:
                digests.setdefault(item.path, set()).add(item.digest)
    return [path for path, found in digests.items() if len(found) > 1]


def _names(steps: Sequence[StepRecord]) -> str:
    if len(steps) > _MOST_NAMES:
        return wording.number_of(len(steps), "step")
    return wording.listed([step.name for step in steps])


def _time(steps: Sequence[StepRecord]) -> str:
    return wording.duration(sum(step.wall_seconds or 0.0 for step in steps))


def _config(variant: Variant) -> tuple[str, tuple[str, ...], str]:
    seeds = [seed for seed in variant.seeds if seed is not None]
    number = "seed" if len(seeds) == 1 else "seeds"
    name = f"{variant.name} ({number} {wording.listed(seeds)})" if seeds else variant.name
    first = _origin(variant.runs[0])
    shown = json.dumps(first, indent=1, ensure_ascii=False, default=str)
    return name, tuple(_differences(variant)), shown


def _origin(run: Run) -> object:
    return run.archive.get("made_from") or dict(run.info)


def _differences(variant: Variant) -> Iterator[str]:
    """The fields in which the runs of a variant are not alike, besides the seed."""
    origins = [run.archive.get("made_from") for run in variant.runs]
    fields = [config_paths(origin) for origin in origins if isinstance(origin, dict)]
    for path in dict.fromkeys(path for found in fields for path in found):
        values = [json.dumps(found.get(path), default=str) for found in fields]
        if len(set(values)) > 1:
            yield f"{path}: {', '.join(values)}"
