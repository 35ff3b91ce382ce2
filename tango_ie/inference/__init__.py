"""Using trained models: archives, prediction, and what was predicted."""

from tango_ie.inference.archive import Archive, ArchiveFormat
from tango_ie.inference.examples import predicted_examples
from tango_ie.inference.predictions import Predictions, PredictionsFormat
from tango_ie.inference.predictor import Predictor, predict
from tango_ie.inference.thresholded import ThresholdedModel, save_with_thresholds
from tango_ie.inference.thresholds import AnnotationThresholds, find_thresholds

__all__ = [
    "AnnotationThresholds",
    "Archive",
    "ArchiveFormat",
    "Predictions",
    "PredictionsFormat",
    "Predictor",
    "ThresholdedModel",
    "find_thresholds",
    "predict",
    "predicted_examples",
    "save_with_thresholds",
]
