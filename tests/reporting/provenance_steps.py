"""Small steps, from a file to a comparison, and what is known of them afterwards."""

from __future__ import annotations

from typing import Any

from tango.format import JsonFormat

from tango_ie.core import InputFile, Step
from tango_ie.reporting.environment import Environment
from tango_ie.reporting.input_hashes import InputHash
from tango_ie.reporting.provenance import Provenance, of_step
from tango_ie.reporting.step_record import StepRecord


class ArchiveFormat(JsonFormat):
    """By the name of the format a training is known."""


@Step.register("tests::read_file")
class ReadFile(Step):
    """The text of a file."""

    FORMAT = JsonFormat()

    def run(self, path: InputFile) -> str:  # type: ignore[override]
        return path.resolve().read_text(encoding="utf-8")


@Step.register("tests::train_toy")
class TrainToy(Step):
    """A model of nothing."""

    FORMAT = ArchiveFormat()

    def run(self, corpus: str, seed: int = 0) -> int:  # type: ignore[override]
        return seed


@Step.register("tests::evaluate_toy")
class EvaluateToy(Step):
    """The score of a model."""

    FORMAT = JsonFormat()

    def run(self, archive: int, corpus: str) -> int:  # type: ignore[override]
        return archive


@Step.register("tests::collect_toy")
class CollectToy(Step):
    """What it stands on itself."""

    FORMAT = JsonFormat()

    def run(self, variants: dict[str, list[int]]) -> dict[str, Any]:  # type: ignore[override]
        return of_step(self, self.workspace).to_json()


def environment(**changed: Any) -> Environment:
    """A machine with a clean repository."""
    facts: dict[str, Any] = {
        "run": "calm-owl",
        "command": ("/venv/bin/tango", "run", "ner.jsonnet"),
        "folder": "/home/ada",
        "host": "node1",
        "platform": "Linux",
        "python": "3.11.7",
        "commit": "0123456789abcdef",
        "packages": {"torch": "2.4", "numpy": "2.0", "scipy": "1.14"},
    }
    return Environment(**{**facts, **changed})


def record(name: str, **changed: Any) -> StepRecord:
    """A step that took a second on one core."""
    facts: dict[str, Any] = {
        "step_class": name.split("_")[0].title(),
        "unique_id": f"{name.split('_')[0].title()}-001-{abs(len(name)):032x}",
        "from_cache": False,
        "environment": environment(),
        "device": "EPYC, 1 core, 1 thread",
        "start": "2026-11-21T10:37:33.141683+00:00",
        "wall_seconds": 1.0,
        "process_bytes": 1_200_000_000,
    }
    return StepRecord(name, **{**facts, **changed})


def provenance(*steps: StepRecord, **changed: Any) -> Provenance:
    """Of a report that was made where its steps ran."""
    return Provenance(environment(), "2026-11-21T10:40:00.000000+00:00", steps, **changed)


def file(path: str | None = "train.txt", digest: str = "c0ffee" * 6) -> InputHash:
    """An input file."""
    return InputHash("path", path, digest)
