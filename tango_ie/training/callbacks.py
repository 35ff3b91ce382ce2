"""Watching training: the base class, and the progress bar.

Callbacks see what happens and cannot change it; they run on rank 0 only.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tango.common import Tqdm

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.registry import Registrable

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint
logger = logging.getLogger(__name__)
_SECONDS_BETWEEN_UPDATES = 1.0


@dataclass(frozen=True)
class Outline:
    """What a training is going to be.

    Args:
        name: of the training, for example the step's id.
        total_steps: optimiser steps, unless it stops early.
        steps_done: by the run that is resumed.
        epochs: at most.
        seed: of batches, dropout and all else that is drawn.
        config: what the training was made from, as far as it is known; JSON-able.
        folder: of this training; it outlives an interruption, and is removed at the end.
        records: of the history, up to where the run is resumed.
    """

    name: str
    total_steps: int
    steps_done: int
    epochs: int
    seed: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    records: Sequence[Mapping[str, Any]] = ()


class Callback(Registrable):
    """Base of what watches training; derived classes override what they need.

    A callback must be picklable before ``start``, since ranks may be processes of their own.
    """

    def start(self, outline: Outline) -> None:
        """Training begins, or goes on after an interruption."""

    def step(self, step: int, loss: Callable[[], float]) -> None:
        """A step is done. Calling ``loss`` waits for the device: do it now and then only."""

    def record(self, record: Mapping[str, Any]) -> None:
        """A line was added to the history; those with ``dev_…`` entries end an epoch."""

    def finish(self, outcome: Mapping[str, Any]) -> None:
        """Training has reached its end; ``outcome`` has steps, epochs, and the best score."""

    def end(self) -> None:
        """Training is over, in success or failure."""


class ProgressBar(Callback):
    """A bar with loss, dev score and time left; without a terminal, a log line per epoch."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._shown: dict[str, str] = {}
        self._updated = 0.0
        self._epochs = 0

    def start(self, outline: Outline) -> None:
        """Open the bar where the run begins."""
        self._epochs = outline.epochs
        if sys.stderr.isatty():
            self._bar = Tqdm.tqdm(
                total=outline.total_steps,
                initial=outline.steps_done,
                desc="training",
                unit="step",
                dynamic_ncols=True,
            )

    def step(self, step: int, loss: Callable[[], float]) -> None:
        """Move the bar about once a second."""
        if self._bar is None:
            return
        now = time.monotonic()
        if now - self._updated >= _SECONDS_BETWEEN_UPDATES:
            self._updated = now
            self._shown["loss"] = f"{loss():.4g}"
            self._bar.set_postfix(self._shown, refresh=False)
            self._bar.update(step - self._bar.n)

    def record(self, record: Mapping[str, Any]) -> None:
        """Show the dev scores of an epoch."""
        if "epoch_seconds" not in record:
            return
        scores = {key: value for key, value in record.items() if key.startswith("dev_")}
        shown = ", ".join(f"{key} {value:.4g}" for key, value in scores.items())
        logger.info(
            "epoch %d of %d: loss %.4g%s (%.1f s)",
            record["epoch"],
            self._epochs,
            record["loss"],
            f", {shown}" if shown else "",
            record["epoch_seconds"],
        )
        if self._bar is not None:
            for key, value in list(scores.items())[:1]:
                self._shown[key] = f"{value:.4g}"
            self._bar.set_postfix(self._shown, refresh=False)
            self._bar.update(record["step"] - self._bar.n)

    def end(self) -> None:
        """Close the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@dataclass(frozen=True)
class Monitoring:
    """How training is watched and kept; none of it changes the result.

    Args:
        progress: show a bar on a terminal, or log a line per epoch elsewhere.
        log_every: steps between lines of the history.
        callbacks: what else watches, for example ``["tensorboard"]``.
        checkpoint_seconds: seconds between checkpoints; ``None`` for none by time. Ends of epochs
            are kept too, as long as that costs less than a twentieth of the time.
        checkpoint_steps: steps between checkpoints; ``None`` for none by steps.

    Raises:
        ConfigurationError: a number out of range.
    """

    progress: bool = True
    log_every: int = 50
    callbacks: tuple[Callback, ...] = ()
    checkpoint_seconds: float | None = 60.0
    checkpoint_steps: int | None = None

    def __post_init__(self) -> None:
        for name in ("log_every", "checkpoint_steps"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigurationError(f"{name} must be at least 1, found {value}")
        if self.checkpoint_seconds is not None and self.checkpoint_seconds < 0:
            raise ConfigurationError(
                f"checkpoint_seconds must not be negative, found {self.checkpoint_seconds}"
            )

    def watchers(self) -> list[Callback]:
        """The callbacks, with the progress bar among them."""
        return [ProgressBar(), *self.callbacks] if self.progress else list(self.callbacks)

    def checkpoint_is_due(self, step: int, seconds: float) -> bool:
        """Whether to write one after ``step``, ``seconds`` after the last."""
        if self.checkpoint_steps is not None and step % self.checkpoint_steps == 0:
            return True
        return self.checkpoint_seconds is not None and seconds >= self.checkpoint_seconds
