"""Weights & Biases: a fake module, and the real one offline where it is installed."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from .tracked_training import InterruptionError, curve, module, train


class FakeRun:
    """What a run is told."""

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments
        self.id = arguments["id"] or "abc"
        self.dir, self.resumed = "nowhere", arguments["resume"] is not None
        self.rows: list[dict[str, Any]] = []
        self.summary: dict[str, Any] = {}
        self.exit_code: int | None = None

    def define_metric(self, name: str, **arguments: Any) -> None:
        pass

    def log(self, row: dict[str, Any]) -> None:
        self.rows.append(row)

    def finish(self, exit_code: int) -> None:
        self.exit_code = exit_code


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[FakeRun]:
    made: list[FakeRun] = []

    def init(**arguments: Any) -> FakeRun:
        made.append(FakeRun(**arguments))
        return made[-1]

    monkeypatch.setitem(sys.modules, "wandb", module("wandb", init=init, Settings=dict))
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    monkeypatch.delenv("WANDB_MODE", raising=False)
    return made


def test_what_is_told(tmp_path: Path, runs: list[FakeRun]) -> None:
    result, _ = train(tmp_path, [{"type": "wandb", "project": "mine"}], seed=5)
    (run,) = runs
    assert run.arguments["mode"] == "offline" and run.arguments["project"] == "mine"
    assert run.arguments["name"] == "tiny" and run.arguments["id"] is None
    assert run.arguments["config"]["seed"] == 5 and "model" in run.arguments["config"]
    assert curve(run.rows, "dev_accuracy") == curve(result.history, "dev_accuracy")
    assert run.summary["best_score"] == result.info["best_score"]
    assert run.exit_code == 0


@pytest.mark.parametrize("mode", ["offline", "online"])
def test_continued(
    tmp_path: Path, runs: list[FakeRun], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", mode)
    with pytest.raises(InterruptionError):
        train(tmp_path, ["wandb"], interrupted_at=7)
    result, _ = train(tmp_path, ["wandb"])
    first, second = runs
    assert first.exit_code == 1 and second.exit_code == 0
    assert second.arguments["mode"] == mode and second.arguments["id"] == first.id
    steps = [row["step"] for row in second.rows]
    everything = [line["step"] for line in result.history]
    # A server has the first part; offline the second folder is complete.
    assert steps == (everything if mode == "offline" else [s for s in everything if s > 4])


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_offline_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("wandb") is None:
        pytest.skip("needs pip install 'tango-ie[wandb]'")
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    monkeypatch.setenv("WANDB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("WANDB_DISABLED", raising=False)
    monkeypatch.delenv("WANDB_MODE", raising=False)
    callback = {"type": "wandb", "folder": str(tmp_path / "runs")}
    with pytest.raises(InterruptionError):
        train(tmp_path, [callback], interrupted_at=7)
    result, _ = train(tmp_path, [callback])
    files = sorted((tmp_path / "runs" / "wandb").glob("offline-run-*/*.wandb"))
    assert len(files) in (1, 2) and len({path.name for path in files}) == 1, "one id"
    rows, summary = read(files[-1])
    for key in ("loss", "epoch_loss", "dev_accuracy"):
        expected = [step for step, _ in curve(result.history, key)]
        assert [row["step"] for row in rows if key in row] == expected, key
    assert summary["best_score"] == result.info["best_score"]


def read(path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """History and summary of a run, from its file."""
    from wandb.proto.wandb_internal_pb2 import Record
    from wandb.sdk.internal.datastore import DataStore

    store = DataStore()
    store.open_for_scan(str(path))
    rows: list[dict[str, Any]] = []
    summary: dict[str, Any] = {}
    while (data := store.scan_data()) is not None:
        record = Record()
        record.ParseFromString(data)
        for part, items in (("history", record.history.item), ("summary", record.summary.update)):
            if record.WhichOneof("record_type") == part:
                names = (item.key or "/".join(item.nested_key) for item in items)
                values = (json.loads(item.value_json) for item in items)
                found = dict(zip(names, values, strict=True))
                rows.append(found) if part == "history" else summary.update(found)
    return rows, summary
