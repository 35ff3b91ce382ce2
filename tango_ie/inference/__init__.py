"""Using trained models: archives, prediction, and what was predicted."""

from tango_ie.inference.archive import Archive, ArchiveFormat
from tango_ie.inference.examples import predicted_examples
from tango_ie.inference.predictions import Predictions, PredictionsFormat
from tango_ie.inference.predictor import Predictor, predict

__all__ = [
    "Archive",
    "ArchiveFormat",
    "Predictions",
    "PredictionsFormat",
    "Predictor",
    "predict",
    "predicted_examples",
]
