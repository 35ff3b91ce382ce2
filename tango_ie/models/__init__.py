"""Models: one file each; importing this package registers them."""

from tango_ie.models.base import Batch, Features, Model, Output
from tango_ie.models.bigram_tagger import BigramTagger
from tango_ie.models.cascade_joint import CascadeJoint
from tango_ie.models.mrc_ner import MrcNer
from tango_ie.models.multitask_tagger import MultitaskTagger
from tango_ie.models.progressive_joint import ProgressiveJoint
from tango_ie.models.query_parallel_ner import QueryParallelNER
from tango_ie.models.relation_classifier import RelationClassifier
from tango_ie.models.span_joint import SpanJoint
from tango_ie.models.tagger import Tagger
from tango_ie.models.task_specific_joint import TaskSpecificJoint

__all__ = [
    "Batch",
    "BigramTagger",
    "CascadeJoint",
    "Features",
    "Model",
    "MrcNer",
    "MultitaskTagger",
    "Output",
    "ProgressiveJoint",
    "QueryParallelNER",
    "RelationClassifier",
    "SpanJoint",
    "Tagger",
    "TaskSpecificJoint",
]
