"""Steps that show what a workspace does: they leave a line in a log whenever they really run."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from tango.format import Format, JsonFormat
from tango.step import Step

from tango_ie.metrics import STRICT, Counts, CountTable, Scores, ScoresFormat


class SlowFormat(Format[Any]):
    """Writes the first half, says so, and waits before it writes the second."""

    VERSION = "001"

    def write(self, artifact: Any, dir: Any) -> None:  # noqa: A002
        text = json.dumps(artifact)
        folder = Path(dir)
        (folder / "first").write_text(text[: len(text) // 2])
        Path(artifact["signal"]).touch()
        hold(artifact["gate"])
        (folder / "second").write_text(text[len(text) // 2 :])

    def read(self, dir: Any) -> Any:  # noqa: A002
        folder = Path(dir)
        return json.loads((folder / "first").read_text() + (folder / "second").read_text())


class BigFormat(Format[Any]):
    """Writes as many bytes as the artifact says."""

    VERSION = "001"

    def write(self, artifact: Any, dir: Any) -> None:  # noqa: A002
        with (Path(dir) / "data").open("wb") as stream:
            for _ in range(artifact):
                stream.write(bytes(1_000_000))

    def read(self, dir: Any) -> Any:  # noqa: A002
        return (Path(dir) / "data").stat().st_size


def note(log: str, text: str) -> None:
    """Add a line to a log that several processes write."""
    with Path(log).open("a") as stream:
        stream.write(f"{text} {os.getpid()}\n")


def hold(gate: str | None) -> None:
    """Wait as long as the file ``gate`` exists."""
    deadline = time.monotonic() + 60
    while gate is not None and Path(gate).exists() and time.monotonic() < deadline:
        time.sleep(0.01)


@Step.register("toy::scores")
class ToyScores(Step):
    """Scores of a model that has found some of ten entities in each of a hundred sentences."""

    FORMAT = ScoresFormat()

    def run(self, head: str, seed: int, found: int, split: str = "test") -> Scores:  # type: ignore[override]
        counts = [{"PER": Counts(tp=found, fn=10 - found)}] * 100
        made_from = {"model": {"head": head, "dropout": 0.1}, "seed": seed}
        info = {"archive": {"made_from": made_from, "seed": seed}}
        table = CountTable.from_sentences(counts, ["PER"])
        return Scores(STRICT, table, {**info, "split": split, "corpus_fingerprint": "c0ffee"})


@Step.register("toy::add")
class Add(Step[Any]):
    """Adds numbers; waits for a gate, or fails, if told so."""

    FORMAT = JsonFormat()
    SKIP_ID_ARGUMENTS = {"log", "gate", "fail_if"}

    def run(  # type: ignore[override]
        self, log: str, numbers: list[Any], gate: str | None = None, fail_if: str | None = None
    ) -> Any:
        note(log, f"add{sum(numbers)}")
        attempts = self.work_dir / "attempts"
        earlier = attempts.read_text() if attempts.exists() else ""
        attempts.write_text(earlier + "x")
        hold(gate)
        if fail_if is not None and Path(fail_if).exists():
            raise ValueError("told to fail")
        return {"sum": sum(numbers), "attempts": len(earlier) + 1, "pair": (1, 2)}


@Step.register("toy::total")
class Total(Step[Any]):
    """Reads the results of other steps."""

    FORMAT = JsonFormat()
    SKIP_ID_ARGUMENTS = {"log", "fail_if"}

    def run(  # type: ignore[override]
        self, log: str, parts: list[Any], fail_if: str | None = None
    ) -> int:
        note(log, "total")
        if fail_if is not None and Path(fail_if).exists():
            raise ValueError("told to fail")
        total = sum(part["sum"] for part in parts)
        parts.clear()
        return total

    def check(self) -> list[str]:
        """What `tango-ie check` asks for."""
        if len(self.kwargs["parts"]) > 8:
            raise ValueError("too many parts")
        return ["parts wait for other steps"]


@Step.register("toy::slow_write")
class SlowWrite(Step[Any]):
    """Its result takes a while to be written."""

    FORMAT = SlowFormat()
    SKIP_ID_ARGUMENTS = {"gate"}

    def run(self, signal: str, gate: str) -> Any:  # type: ignore[override]
        return {"signal": signal, "gate": gate, "text": "x" * 1000}


@Step.register("toy::big")
class Big(Step[Any]):
    """Its result has many megabytes; so may have what it leaves in its work folder."""

    FORMAT = BigFormat()
    SKIP_ID_ARGUMENTS = {"log"}

    def run(self, log: str, megabytes: int) -> int:  # type: ignore[override]
        note(log, "big")
        (self.work_dir / "checkpoint").write_text("precious")
        return megabytes


@Step.register("toy::passing")
class Passing(Step[Any]):
    """Never cached."""

    CACHEABLE = False

    def run(self, log: str) -> Any:  # type: ignore[override]
        note(log, "passing")
        return {"sum": 1000}
