"""Metrics: counts that add, scores made of them, and how sure these are."""

from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts, Ratios, f1_scores, macro, total
from tango_ie.metrics.entities import STRICT, count_entities, entity_scores, per_label
from tango_ie.metrics.evaluation import evaluate
from tango_ie.metrics.scores import Scores, ScoresFormat
from tango_ie.metrics.significance import (
    BootstrapInterval,
    SeedInterval,
    paired_bootstrap,
    resampled_f1,
    seed_interval,
)

__all__ = [
    "STRICT",
    "BootstrapInterval",
    "CountTable",
    "Counts",
    "Ratios",
    "Scores",
    "ScoresFormat",
    "SeedInterval",
    "count_entities",
    "entity_scores",
    "evaluate",
    "f1_scores",
    "macro",
    "paired_bootstrap",
    "per_label",
    "resampled_f1",
    "seed_interval",
    "total",
]
