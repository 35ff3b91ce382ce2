"""TensorBoard: curves of training in a folder of event files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tango_ie.training.callbacks import Callback, Outline
from tango_ie.training.tracking.base import Tracker
from tango_ie.training.tracking.records import flatten

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint


@Callback.register("tango_ie::tensorboard")
class TensorBoard(Tracker):
    """Write the history for TensorBoard; the config is in its Text and HParams tabs.

    Args:
        folder: below which each training gets a folder of its own.

    Raises:
        ConfigurationError: TensorBoard is not installed.
    """

    TITLE, PACKAGE, EXTRA = "TensorBoard", "tensorboard", "tensorboard"

    def __init__(self, folder: str = "tensorboard") -> None:
        super().__init__()
        self.folder = folder
        self._writer: Any = None
        self._ending: Any = None  # what closes the line of this run in the HParams tab

    def open_run(self, outline: Outline, known: str | None) -> str:
        """Open an event file, which takes the place of those that lie there."""
        from torch.utils.tensorboard import SummaryWriter
        from torch.utils.tensorboard.summary import hparams

        folder = str(Path(self.folder, outline.name))
        self._writer = SummaryWriter(folder, purge_step=0)
        described = {"seed": outline.seed, **outline.config}
        shown = {"epoch_loss": 0.0, "best_score": 0.0}
        table, line, self._ending = hparams({"name": outline.name, **flatten(described)}, shown)
        text = json.dumps(described, indent=2, default=str, ensure_ascii=False)
        self._writer.add_text("config", f"```json\n{text}\n```", 0)
        self._writer.file_writer.add_summary(table)
        self._writer.file_writer.add_summary(line)
        return folder

    def write_numbers(self, numbers: Mapping[str, float], step: int) -> None:
        """Write scalars."""
        for key, value in numbers.items():
            self._writer.add_scalar(key, value, step)

    def write_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Write the best score as a scalar of the last step."""
        for key in ("best_score", "best_epoch"):
            if outcome.get(key) is not None:
                self._writer.add_scalar(key, outcome[key], outcome["steps"])
        self._writer.file_writer.add_summary(self._ending)

    def close_run(self, finished: bool) -> None:
        """Close the event file."""
        writer, self._writer, self._ending = self._writer, None, None
        if writer is not None:
            writer.close()
