"""The steps of experiments: arguments, a docstring, and one call into ``tango_ie`` each.

Importing this package registers the steps and all parts that their configs can name.
"""

from steps.alphabet import Alphabet
from steps.compare import Compare
from steps.convert_dataset import ConvertDataset
from steps.downsample_types import DownsampleTypes
from steps.encode_corpus import EncodeCorpus
from steps.evaluate import Evaluate
from steps.finetune_heads import FinetuneHeads
from steps.hold_out import HoldOut
from steps.join_predictions import JoinPredictions
from steps.make_fold import MakeFold
from steps.map_labels import MapLabels
from steps.map_predictions import MapPredictions
from steps.merge_corpora import MergeCorpora
from steps.pool_folds import PoolFolds
from steps.predict import Predict
from steps.predicted_entities import PredictedEntities
from steps.remove_leakage import RemoveLeakage
from steps.remove_overlaps import RemoveOverlaps
from steps.sample_fraction import SampleFraction
from steps.sample_k_shot import SampleKShot
from steps.select_splits import SelectSplits
from steps.select_vectors import SelectVectors
from steps.train_encoder import TrainEncoder
from steps.transfer import Transfer
from steps.tune_thresholds import TuneThresholds
from steps.write_dataset import WriteDataset

__all__ = [
    "Alphabet",
    "Compare",
    "ConvertDataset",
    "DownsampleTypes",
    "EncodeCorpus",
    "Evaluate",
    "FinetuneHeads",
    "HoldOut",
    "JoinPredictions",
    "MakeFold",
    "MapLabels",
    "MapPredictions",
    "MergeCorpora",
    "PoolFolds",
    "Predict",
    "PredictedEntities",
    "RemoveLeakage",
    "RemoveOverlaps",
    "SampleFraction",
    "SampleKShot",
    "SelectSplits",
    "SelectVectors",
    "TrainEncoder",
    "Transfer",
    "TuneThresholds",
    "WriteDataset",
]
