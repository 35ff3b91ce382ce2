"""What all trackers have in common: they never decide anything, and never stop a training."""

from __future__ import annotations

import logging
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.fingerprint import source_closure
from tango_ie.training.callbacks import Callback, Outline
from tango_ie.training.tracking import MLflow, TensorBoard, Tracker, WandB
from tango_ie.training.trainer import Trainer

from .tracked_training import InterruptionError, train


class Notebook(Tracker):
    """Keeps what it is told, and fails where it is told to."""

    TITLE, PACKAGE, EXTRA = "Notebook", "json", "notebook"
    pages: list[list[Any]] = []  # one list per run

    def __init__(self, fails_in: str = "", project: str = "p") -> None:
        super().__init__()
        self.fails_in, self.project = fails_in, project
        self._page: list[Any] = []

    def _take(self, place: str, *said: Any) -> None:
        if self.fails_in == place:
            raise TimeoutError("the server sleeps")
        self._page.append((place, *said))

    def open_run(self, outline: Outline, known: str | None) -> str:
        if known is None:
            self.pages.append([])
        self._page = self.pages[-1 if known is None else int(known)]
        self._take("open", outline.name, outline.seed, outline.config, known)
        return str(len(self.pages) - 1)

    def write_numbers(self, numbers: Mapping[str, float], step: int) -> None:
        torch.rand(3)  # must not be noticed
        self._take("numbers", step, sorted(numbers))

    def write_outcome(self, outcome: Mapping[str, Any]) -> None:
        self._take("outcome", dict(outcome))

    def close_run(self, finished: bool) -> None:
        self._take("close", finished)


@pytest.fixture(autouse=True)
def _empty() -> None:
    Notebook.pages = []


def test_all_is_told(tmp_path: Path) -> None:
    result, _ = train(tmp_path, [Notebook()], seed=3)
    (page,) = Notebook.pages
    assert page[0][:3] == ("open", "tiny", 3)
    assert page[0][3]["model"] == {"type": "tiny", "size": 8}
    told = [(said[1], "dev_accuracy" in said[2]) for said in page if said[0] == "numbers"]
    assert told == [(line["step"], "dev_accuracy" in line) for line in result.history]
    assert page[-1] == ("close", True)
    info = result.info
    assert page[-2][1] == {
        key: info[key] for key in ("steps", "epochs", "best_metric", "best_score", "best_epoch")
    }


def test_nothing_changes(tmp_path: Path) -> None:
    _, without = train(tmp_path / "a", [])
    _, watched = train(tmp_path / "b", [Notebook()])
    assert all(torch.equal(without[name], watched[name]) for name in without)


@pytest.mark.parametrize("place", ["open", "numbers", "outcome", "close"])
def test_failure_warns_once(tmp_path: Path, caplog: pytest.LogCaptureFixture, place: str) -> None:
    with caplog.at_level(logging.WARNING):
        result, _ = train(tmp_path, [Notebook(place)])
    assert result.info["epochs"] == 4
    (message,) = caplog.messages
    assert message == (
        "Notebook fails (TimeoutError: the server sleeps); training goes on without it"
    )


def test_same_run_after_an_interruption(tmp_path: Path) -> None:
    with pytest.raises(InterruptionError):
        train(tmp_path, [Notebook()], interrupted_at=7)
    (page,) = Notebook.pages
    assert page[-1] == ("close", False)
    assert not [said for said in page if said[0] == "outcome"]
    result, _ = train(tmp_path, [Notebook()])
    assert result.info["resumed"] == 1
    (page,) = Notebook.pages
    again = page[[said[0] for said in page].index("close") + 1 :]
    assert again[0][-1] == "0", "the tracker's own name for the run"
    told = [said[1] for said in again if said[0] == "numbers"]
    assert told == [line["step"] for line in result.history], "lost records are written again"
    assert again[-1] == ("close", True)


def test_new_run_for_a_training_that_begins_anew(tmp_path: Path) -> None:
    with pytest.raises(InterruptionError):
        train(tmp_path, [Notebook()], interrupted_at=7)
    train(tmp_path, [Notebook(project="another")])
    assert len(Notebook.pages) == 2, "another project"
    Trainer.discard_checkpoints(tmp_path)
    train(tmp_path, [Notebook()])
    assert len(Notebook.pages) == 3, "no checkpoint"


@pytest.mark.parametrize("name", ["tensorboard", "wandb", "mlflow"])
def test_absent_package(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / name).mkdir()  # files of an earlier run are no package
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ConfigurationError, match=rf"pip install 'tango-ie\[{name}\]'"):
        build(Trainer, {"monitoring": {"callbacks": [name]}}, "trainer")


@pytest.mark.parametrize("cls", [TensorBoard, WandB, MLflow])
def test_can_travel(cls: type[Tracker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cls, "PACKAGE", "json")
    assert isinstance(pickle.loads(pickle.dumps(cls())), Callback)


def test_not_in_the_cache_key() -> None:
    assert "monitoring" in Trainer.SKIP_ID_ARGUMENTS
    assert not [name for name in source_closure(Trainer) if "tracking" in name]
