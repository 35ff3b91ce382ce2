"""Trackers: what the history is handed to besides its file; importing this registers them.

Each needs a package of its own, which is imported when a training starts and not before.
"""

from tango_ie.training.tracking.base import Tracker
from tango_ie.training.tracking.mlflow import MLflow
from tango_ie.training.tracking.tensorboard import TensorBoard
from tango_ie.training.tracking.wandb import WandB

__all__ = ["MLflow", "TensorBoard", "Tracker", "WandB"]
