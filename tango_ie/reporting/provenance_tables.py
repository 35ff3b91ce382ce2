"""The steps, the environments and the input files behind a report, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from tango_ie.reporting import wording
from tango_ie.reporting.environment import Environment
from tango_ie.reporting.provenance import Provenance
from tango_ie.reporting.shortened import Shortened, shortened
from tango_ie.reporting.step_record import StepRecord

Table = tuple[list[str], list[list[str]]]
_ID_DIGITS = 8
_DIGEST_DIGITS = 12
_MOST_STEPS = 3
_CACHED = {True: "from the cache", False: "computed", None: ""}


def all_environments(provenance: Provenance) -> list[Environment]:
    """That of the report first, then those of the steps."""
    others = [found for found in provenance.environments if found != provenance.made_in]
    return [provenance.made_in, *others]


def label(place: int) -> str:
    """
    >>> label(0), label(25), label(26)
    ('A', 'Z', '27')
    """
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def common_facts(environments: Sequence[Environment]) -> dict[str, str]:
    """What is known and the same in all of them."""
    first, *others = [found.facts() for found in environments]
    return {
        name: value
        for name, value in first.items()
        if value and all(other[name] == value for other in others)
    }


def environment_table(environments: Sequence[Environment]) -> Table | None:
    """What is not the same; ``None`` where there is one environment."""
    if len(environments) < 2:
        return None
    same = common_facts(environments)
    names = [
        name
        for name in environments[0].facts()
        if name not in same and any(found.facts()[name] for found in environments)
    ]
    rows = [
        [label(place), *(found.facts()[name] or wording.MISSING for name in names)]
        for place, found in enumerate(environments)
    ]
    return ["environment", *names], rows


def step_table(provenance: Provenance) -> Table:
    """One row per step, in the order in which they began; a column that says nothing is left out.

    Devices are a column where there are several.
    """
    environments = all_environments(provenance)
    steps = provenance.steps
    several = len(environments) > 1
    devices = len({step.device for step in steps if step.device}) > 1
    columns: list[tuple[str, list[str]]] = [
        ("step", [step.name for step in steps]),
        ("kind", [step.step_class for step in steps]),
        ("seed", ["" if step.seed is None else str(step.seed) for step in steps]),
        ("result", [_CACHED[step.from_cache] for step in steps]),
        ("began (UTC)", [wording.moment(step.start) for step in steps]),
        ("took", [_wall_time(step) for step in steps]),
        ("peak memory", [step_memory(step) for step in steps]),
        ("environment", [_place(step, environments) if several else "" for step in steps]),
        ("device", [step.device if devices else "" for step in steps]),
        ("id", [_id(step.unique_id) for step in steps]),
    ]
    shown = [(name, cells) for name, cells in columns if any(cells)]
    header = [name for name, _ in shown]
    return header, [list(row) for row in zip(*(cells for _, cells in shown), strict=True)]


def input_table(provenance: Provenance) -> Table | None:
    """Every input file once, with the steps that read it; ``None`` where there is none."""
    readers: dict[tuple[str, str], dict[str, None]] = {}
    names: set[str] = set()
    for step in provenance.steps:
        for item in step.inputs:
            shown = item.path or f"({item.argument})"
            readers.setdefault((shown, item.digest), {})[step.name] = None
            if item.is_name and item.path:
                names.add(item.path)
    if not readers:
        return None
    rows = [
        [
            shortened(path, 60),
            "a name; its content is not in the key"
            if path in names
            else Shortened(digest[:_DIGEST_DIGITS], digest),
            _listed(list(steps)),
        ]
        for (path, digest), steps in readers.items()
    ]
    return ["file or folder", "hash of its content", "read by"], rows


def step_memory(step: StepRecord) -> str:
    """Most memory held, on the GPU too; ``≤`` where another step may have held it."""
    sizes = []
    if step.process_bytes is not None:
        bound = "≤ " if step.of_whole_process else ""
        sizes.append(f"{bound}{wording.memory(step.process_bytes)}")
    if step.cuda_bytes is not None:
        sizes.append(f"GPU {wording.memory(step.cuda_bytes)}")
    return ", ".join(sizes) or wording.MISSING


def _wall_time(step: StepRecord) -> str:
    time = wording.duration(step.wall_seconds)
    return f"{time} (attempt {step.attempts + 1})" if step.attempts else time


def _place(step: StepRecord, environments: Sequence[Environment]) -> str:
    return (
        wording.MISSING if step.environment is None else label(environments.index(step.environment))
    )


def _id(unique_id: str) -> Shortened:
    """The beginning of the key, which is enough for the commands that take an id."""
    return Shortened(unique_id.rpartition("-")[2][:_ID_DIGITS], unique_id)


def _listed(names: Sequence[str]) -> Shortened:
    if len(names) <= _MOST_STEPS:
        return Shortened(wording.listed(names))
    shown = wording.listed([*names[: _MOST_STEPS - 1], f"{len(names) - _MOST_STEPS + 1} others"])
    return Shortened(shown, ", ".join(names))
