"""Weights & Biases: offline, unless the environment says otherwise."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from tango_ie.training.callbacks import Callback, Outline
from tango_ie.training.tracking.base import Tracker

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint
logger = logging.getLogger(__name__)


@Callback.register("tango_ie::wandb")
class WandB(Tracker):
    """Write the history for Weights & Biases.

    Nothing leaves the machine unless ``WANDB_MODE`` is ``online``; a config cannot say so. What
    lies in ``wandb/offline-run-…`` can be sent later with ``wandb sync``. A training that was
    continued has several such folders with one id; the last of them has everything.

    Args:
        project: to which the run belongs.
        entity: user or team; ``None`` takes that of the account.
        folder: in which W&B makes its folder ``wandb``; ``None`` takes ``WANDB_DIR``, or else the
            current one.

    Raises:
        ConfigurationError: W&B is not installed.
    """

    TITLE, PACKAGE, EXTRA = "Weights & Biases", "wandb", "wandb"

    def __init__(
        self, project: str = "tango-ie", entity: str | None = None, folder: str | None = None
    ) -> None:
        super().__init__()
        self.project, self.entity, self.folder = project, entity, folder
        self._run: Any = None

    def open_run(self, outline: Outline, known: str | None) -> str:
        """Open a run beside whatever other run this process may have."""
        mode = os.environ.get("WANDB_MODE") or "offline"
        # W&B reports its own errors to its makers, offline too, unless it is told not to.
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        import wandb

        if self.folder is not None:
            os.makedirs(self.folder, exist_ok=True)  # noqa: PTH103
        self._run = wandb.init(
            project=self.project,
            entity=self.entity,
            dir=self.folder,
            id=known,
            name=outline.name,
            mode=mode,
            # Offline there is nobody to ask what the run has.
            resume="allow" if known is not None and mode == "online" else None,
            config={"seed": outline.seed, **outline.config},
            settings=wandb.Settings(reinit="create_new", **_quiet()),
        )
        # W&B drops what has an earlier step than its last; ours is an axis that may go back.
        self._run.define_metric("step", hidden=True)
        self._run.define_metric("*", step_metric="step")
        logger.info("W&B run %s (%s) in %s", self._run.id, mode, self._run.dir)
        return str(self._run.id)

    def write_numbers(self, numbers: Mapping[str, float], step: int) -> None:
        """Write a line of the run's history."""
        self._run.log({**numbers, "step": step})

    def write_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Write the best score into the run's summary."""
        self._run.summary.update(dict(outcome))

    def has_records(self) -> bool:
        """Whether a server has them."""
        return bool(self._run.resumed)

    def close_run(self, finished: bool) -> None:
        """Close the run, as failed if training was interrupted."""
        run, self._run = self._run, None
        if run is not None:
            run.finish(exit_code=0 if finished else 1)


def _quiet() -> dict[str, Any]:
    """Keep off the terminal, which the progress bar and Tango's log share already."""
    settings: dict[str, Any] = {}
    if "WANDB_CONSOLE" not in os.environ:
        settings["console"] = "off"
    if "WANDB_SILENT" not in os.environ:
        settings["silent"] = True
    return settings
