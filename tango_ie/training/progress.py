"""What a training is given, and where it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from tango_ie.core.errors import TangoIEError
from tango_ie.inference.devices import Precision
from tango_ie.training.early_stopping import Best, Evaluation
from tango_ie.training.mixture import Mixture

if TYPE_CHECKING:
    from tango_ie.training.trainer import Trainer


class TrainingError(TangoIEError):
    """Training cannot go on, for example because the loss is not a number any more."""


@dataclass
class Job:
    """What a rank needs; picklable, so that it can be handed to another process.

    Args:
        trainer: all settings.
        model: to be trained in place.
        features: what the model keeps of the training sentences.
        evaluation: scores on the dev split, if there is one.
        work_dir: for checkpoints and the history; what lies there is continued.
        seed: of batches and of everything that the model draws.
        name: of the training, for people.
        device: of each rank, without the index if there are several.
        precision: of the forward pass.
        config: what the training is made from, for callbacks; decides nothing.
        mixture: which features an epoch takes; ``None`` for all.
    """

    trainer: Trainer
    model: Any
    features: Sequence[Any]
    evaluation: Evaluation | None
    work_dir: Path
    seed: int
    name: str
    device: torch.device
    precision: Precision
    config: Mapping[str, Any] = field(default_factory=dict)
    mixture: Mixture | None = None


@dataclass
class Progress:
    """Where training is; JSON-able, kept in checkpoints.

    Args:
        step: optimiser steps done.
        epoch: epochs done.
        batch: batches done of the epoch that has begun.
        over: whether nothing is left to do.
        window: sums of (loss, loss weight) since the last line of the history.
        epoch_sums: the same for the part of the epoch before that.
        seconds: all time, over interruptions.
        training_seconds: time without evaluation and checkpoints.
        epoch_seconds: likewise, of the epoch that has begun.
        sentences: number of sentences seen, over epochs.
        resumed: how often training was continued.
        best: the best epoch.
    """

    step: int = 0
    epoch: int = 0
    batch: int = 0
    over: bool = False
    window: list[float] = field(default_factory=lambda: [0.0, 0.0])
    epoch_sums: list[float] = field(default_factory=lambda: [0.0, 0.0])
    seconds: float = 0.0
    training_seconds: float = 0.0
    epoch_seconds: float = 0.0
    sentences: int = 0
    resumed: int = 0
    best: Best = field(default_factory=Best)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Progress:
        """The inverse of ``dataclasses.asdict``."""
        return cls(**{**value, "best": Best(**value["best"])})


class Stopwatch:
    """Seconds between laps."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def lap(self) -> float:
        """Seconds since the last lap; begins another."""
        now = time.monotonic()
        seconds, self._start = now - self._start, now
        return seconds

    def read(self) -> float:
        """Seconds since the last lap, which goes on."""
        return time.monotonic() - self._start
