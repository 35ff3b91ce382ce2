"""Training: the trainer and its parts; importing this package registers them."""

from tango_ie.training.callbacks import Callback, Monitoring
from tango_ie.training.distributed import Hardware
from tango_ie.training.early_stopping import EarlyStopping, Evaluation
from tango_ie.training.optimisation import AdamW, Optimizer, ParameterGroup
from tango_ie.training.schedules import Schedule
from tango_ie.training.tracking import MLflow, TensorBoard, WandB
from tango_ie.training.trainer import Trainer, TrainingResult

__all__ = [
    "AdamW",
    "Callback",
    "EarlyStopping",
    "Evaluation",
    "Hardware",
    "MLflow",
    "Monitoring",
    "Optimizer",
    "ParameterGroup",
    "Schedule",
    "TensorBoard",
    "Trainer",
    "TrainingResult",
    "WandB",
]
