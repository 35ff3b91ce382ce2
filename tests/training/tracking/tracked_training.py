"""A small training that can be interrupted, for tests of trackers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from tango_ie.core.config import build
from tango_ie.training.callbacks import Callback, Monitoring
from tango_ie.training.trainer import Trainer, TrainingResult
from tests.training.tiny_model import SCHEMA, TinyEvaluation, TinyTagger, make_sentences

CONFIG = {"model": {"type": "tiny", "size": 8}, "groups": [{"pattern": "^head", "rate": 0.1}]}


class InterruptionError(Exception):
    """What ends a training too early here."""


class Interruption(Callback):
    """Ends training at a step."""

    def __init__(self, step: int) -> None:
        self.at = step

    def step(self, step: int, loss: Callable[[], float]) -> None:
        if step == self.at:
            raise InterruptionError


def train(
    folder: Path, callbacks: Sequence[Any], interrupted_at: int | None = None, seed: int = 0
) -> tuple[TrainingResult, dict[str, Any]]:
    """Train in ``folder``, or go on there; a record every second step, a checkpoint every fourth.

    Returns:
        the result, and the weights.
    """
    torch.manual_seed(seed)
    model = TinyTagger(SCHEMA)
    watchers = tuple(build(Callback, callback, "callback") for callback in callbacks)
    if interrupted_at is not None:
        watchers += (Interruption(interrupted_at),)
    monitoring = Monitoring(
        progress=False, log_every=2, callbacks=watchers, checkpoint_steps=4, checkpoint_seconds=None
    )
    batching: Any = {"token_budget": 40}
    trainer = Trainer(epochs=4, batching=batching, monitoring=monitoring)
    evaluation = TinyEvaluation(make_sentences(5))
    result = trainer.train(
        model, make_sentences(20), folder, seed, evaluation, name="tiny", config=CONFIG
    )
    return result, model.state_dict()


def curve(history: Sequence[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    """(step, value) of a score in a history; ``epoch_loss`` is the loss of whole epochs."""
    name = "loss" if key == "epoch_loss" else key
    return [
        (line["step"], line[name])
        for line in history
        if name in line and (key != "loss" or "epoch_seconds" not in line)
        if key != "epoch_loss" or "epoch_seconds" in line
    ]


def module(name: str, **content: Any) -> ModuleType:
    """A module that looks installed."""
    made = ModuleType(name)
    made.__spec__ = ModuleSpec(name, None, origin="made for a test")
    vars(made).update(content)
    return made
