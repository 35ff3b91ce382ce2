"""Progress on a terminal and elsewhere, and what callbacks see."""

from __future__ import annotations

import io
import logging
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from tango_ie.training.callbacks import Callback, Monitoring, Outline, ProgressBar
from tango_ie.training.trainer import Trainer
from tests.training.tiny_model import SCHEMA, TinyEvaluation, TinyTagger, make_sentences


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def train(folder: Path, **monitoring: Any) -> None:
    trainer = Trainer.from_params({"epochs": 2, "monitoring": monitoring})
    evaluation = TinyEvaluation(make_sentences(5))
    trainer.train(TinyTagger(SCHEMA), make_sentences(20), folder, 0, evaluation, name="tiny")


def test_bar_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    train(tmp_path)
    shown = terminal.getvalue()
    assert "loss=" in shown and "dev_accuracy=" in shown and "2/2" in shown


def test_a_line_per_epoch_elsewhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        train(tmp_path)
    lines = [message for message in caplog.messages if message.startswith("epoch")]
    assert len(lines) == 2
    assert lines[1].startswith("epoch 2 of 2: loss ") and "dev_accuracy" in lines[1]


def test_quiet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        train(tmp_path, progress=False)
    assert not [message for message in caplog.messages if message.startswith("epoch")]


def test_callbacks_see_everything(tmp_path: Path) -> None:
    seen: list[str] = []

    class Watcher(Callback):
        def start(self, outline: Outline) -> None:
            seen.append(f"start {outline.total_steps} {outline.steps_done}")

        def step(self, step: int, loss: Any) -> None:
            seen.append(f"step {step}")
            assert loss() > 0

        def record(self, record: Any) -> None:
            seen.append(f"record {record['step']}")

        def finish(self, outcome: Any) -> None:
            seen.append(f"finish {outcome}")

        def end(self) -> None:
            seen.append("end")

    trainer = Trainer(epochs=2, monitoring=Monitoring(progress=False, callbacks=(Watcher(),)))
    trainer.train(TinyTagger(SCHEMA), make_sentences(20), tmp_path, 0)
    outcome = "finish {'steps': 2, 'epochs': 2}"
    assert seen == ["start 2 0", "step 1", "record 1", "step 2", "record 2", outcome, "end"]


def test_bar_can_travel() -> None:
    assert pickle.loads(pickle.dumps(ProgressBar()))
