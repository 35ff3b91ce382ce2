"""MLflow: a fake module, and the real one with a folder where it is installed."""

from __future__ import annotations

import importlib.util
import sys
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tango_ie.training.tracking.mlflow import _address

from .tracked_training import InterruptionError, curve, module, train

Metric = namedtuple("Metric", "key value timestamp step")
Param = namedtuple("Param", "key value")


class FakeClient:
    """A tracking server of one experiment."""

    runs: list[Any] = []

    def __init__(self, tracking_uri: str) -> None:
        self.uri = tracking_uri

    def get_experiment_by_name(self, name: str) -> Any:
        return SimpleNamespace(experiment_id="1")

    def create_run(self, experiment: str, run_name: str) -> Any:
        info = SimpleNamespace(run_id=str(len(self.runs)), name=run_name, status="RUNNING")
        data = SimpleNamespace(metrics={}, params={}, tags={})
        self.runs.append(SimpleNamespace(info=info, data=data, points=[]))
        return self.runs[-1]

    def get_run(self, run: str) -> Any:
        return self.runs[int(run)]

    def update_run(self, run: str, status: str) -> None:
        self.runs[int(run)].info.status = status

    set_terminated = update_run

    def get_metric_history(self, run: str, key: str) -> list[Metric]:
        return [point for point in self.runs[int(run)].points if point.key == key]

    def log_batch(self, run: str, metrics: Any = (), params: Any = ()) -> None:
        assert len(params) <= 100
        found = self.runs[int(run)]
        found.data.params |= dict(params)
        found.points += metrics
        found.data.metrics |= {metric.key: metric.value for metric in metrics}

    def log_metric(self, run: str, key: str, value: float, step: int) -> None:
        self.log_batch(run, [Metric(key, value, 0, step)])

    def set_tag(self, run: str, key: str, value: str) -> None:
        self.runs[int(run)].data.tags[key] = value


@pytest.fixture
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, _settings: None) -> list[Any]:
    FakeClient.runs = []
    monkeypatch.setitem(sys.modules, "mlflow", module("mlflow", MlflowClient=FakeClient))
    entities = module("mlflow.entities", Metric=Metric, Param=Param)
    monkeypatch.setitem(sys.modules, "mlflow.entities", entities)
    return FakeClient.runs


def test_what_is_told(tmp_path: Path, runs: list[Any]) -> None:
    result, _ = train(tmp_path, ["mlflow"], seed=5)
    (run,) = runs
    assert run.info.name == "tiny" and run.info.status == "FINISHED"
    params = run.data.params
    assert params["seed"] == "5" and params["groups.0.pattern"] == "^head"
    assert run.data.metrics["best_score"] == result.info["best_score"]
    assert run.data.tags == {"best_metric": "accuracy"}


def test_continued(tmp_path: Path, runs: list[Any]) -> None:
    with pytest.raises(InterruptionError):
        train(tmp_path, ["mlflow"], interrupted_at=7)
    assert runs[0].info.status == "FAILED"
    result, _ = train(tmp_path, ["mlflow"])
    (run,) = runs
    assert run.info.status == "FINISHED"
    for key in ("loss", "epoch_loss", "dev_accuracy"):
        found = [(point.step, point.value) for point in run.points if point.key == key]
        assert found == curve(result.history, key), "each point once"


def test_folder_or_server() -> None:
    assert _address("http://server:5000") == "http://server:5000"
    assert _address("file:///a") == "file:///a"
    assert _address("runs") == (Path.cwd() / "runs").as_uri()


@pytest.mark.usefixtures("_settings")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_folder(tmp_path: Path) -> None:
    if importlib.util.find_spec("mlflow") is None:
        pytest.skip("needs pip install 'tango-ie[mlflow]'")
    folder = tmp_path / "store"
    callback = {"type": "mlflow", "uri": str(folder), "experiment": "mine"}
    with pytest.raises(InterruptionError):
        train(tmp_path, [callback], interrupted_at=7)
    result, _ = train(tmp_path, [callback])
    from mlflow import MlflowClient

    client = MlflowClient(folder.as_uri())
    experiment = client.get_experiment_by_name("mine")
    assert experiment is not None
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.run_name == "tiny" and run.info.status == "FINISHED"
    assert run.data.params["model.size"] == "8"
    for key in ("loss", "epoch_loss", "dev_accuracy"):
        points = client.get_metric_history(run.info.run_id, key)
        assert [(point.step, point.value) for point in points] == curve(result.history, key)
    assert run.data.metrics["best_score"] == result.info["best_score"]
