"""The steps of experiments: arguments, a docstring, and one call into ``tango_ie`` each.

Importing this package registers the steps and all parts that their configs can name.
"""

from steps.compare import Compare
from steps.convert_dataset import ConvertDataset
from steps.evaluate import Evaluate
from steps.finetune_heads import FinetuneHeads
from steps.predict import Predict
from steps.train_encoder import TrainEncoder
from steps.transfer import Transfer

__all__ = [
    "Compare",
    "ConvertDataset",
    "Evaluate",
    "FinetuneHeads",
    "Predict",
    "TrainEncoder",
    "Transfer",
]
