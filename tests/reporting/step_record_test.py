"""A step's record as reports keep it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tango_ie.reporting.step_record import StepRecord

from .provenance_steps import environment, file, record

FACTS: dict[str, Any] = {
    "step": "train",
    "config": {"seed": 3},
    "key": {"arguments": {"seed": 4}, "format": ["tango_ie.inference.archive", "ArchiveFormat"]},
    "peak_memory": {"process_bytes": 5, "children_bytes": 9, "cuda_bytes": 7, "scope": "process"},
    "device": {"kind": "cuda", "name": "H200", "count": 1},
    "wall_seconds": 1.5,
    "start_time": "2026-11-21T10:37:33.141683+00:00",
    "earlier_attempts": [{}, {}],
}


def test_facts_of_an_execution() -> None:
    found = StepRecord.from_facts("Train-001-abc", FACTS, ("Read-001-def",), from_cache=True)
    assert (found.name, found.step_class, found.from_cache) == ("train", "Train", True)
    assert (found.seed, found.gives_model, found.attempts) == (4, True, 2)
    assert (found.process_bytes, found.cuda_bytes, found.of_whole_process) == (9, 7, True)
    assert (found.device, found.wall_seconds) == ("H200", 1.5)


def test_an_execution_that_is_not_over() -> None:
    running = {**FACTS, "peak_memory": None, "device": None, "wall_seconds": None, "key": None}
    found = StepRecord.from_facts("Train-001-abc", running, name="train_b")
    assert (found.name, found.device, found.process_bytes) == ("train_b", "", None)
    assert (found.gives_model, found.inputs, found.seed) == (False, (), 3)


@pytest.mark.parametrize("seed", [None, "1", [2]])
def test_a_seed_is_a_number(seed: object) -> None:
    facts = {"key": {"arguments": {"seed": seed}}}
    assert StepRecord.from_facts("Train-001-abc", facts).seed is None


def test_round_trip() -> None:
    step = record("train", inputs=(file(), file(None)), dependencies=("A", "B"), seed=1)
    value = json.loads(json.dumps(step.to_json()))
    assert StepRecord.from_json(value, environment()) == step
