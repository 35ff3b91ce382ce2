"""Metrics: counts that add, scores made of them, how sure these are, and what went wrong."""

from tango_ie.metrics.calibration import Calibration, calibrate
from tango_ie.metrics.changes import Changes, compare_runs
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts, Ratios, f1_scores, macro, total
from tango_ie.metrics.difference import Difference, measure_difference, measure_differences
from tango_ie.metrics.entities import STRICT, count_entities, entity_scores, per_label
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.errors import ENTITY_ERRORS, diagnose_entities
from tango_ie.metrics.evaluation import evaluate
from tango_ie.metrics.fold_info import FoldRatios, Folds
from tango_ie.metrics.folds import pool_folds
from tango_ie.metrics.holm import holm
from tango_ie.metrics.power import Plan, plan
from tango_ie.metrics.randomisation import approximate_randomisation
from tango_ie.metrics.relation_errors import RELATION_ERRORS, diagnose_relations
from tango_ie.metrics.rule import Rule
from tango_ie.metrics.rule_table import RuleTable
from tango_ie.metrics.scored_items import ScoredItems, scored_items
from tango_ie.metrics.scores import Scores, ScoresFormat
from tango_ie.metrics.significance import (
    BootstrapInterval,
    SeedInterval,
    paired_bootstrap,
    resampled_f1,
    seed_interval,
)
from tango_ie.metrics.standard_rules import (
    standard_entity_rules,
    standard_relation_rules,
    standard_tag_rules,
)
from tango_ie.metrics.thresholds import (
    Thresholds,
    best_threshold,
    best_thresholds_per_label,
)
from tango_ie.metrics.verdict import Verdict, judge

__all__ = [
    "ENTITY_ERRORS",
    "RELATION_ERRORS",
    "STRICT",
    "BootstrapInterval",
    "Calibration",
    "Changes",
    "CountTable",
    "Counts",
    "Difference",
    "ErrorCounts",
    "FoldRatios",
    "Folds",
    "Plan",
    "Ratios",
    "Rule",
    "RuleTable",
    "ScoredItems",
    "Scores",
    "ScoresFormat",
    "SeedInterval",
    "Thresholds",
    "Verdict",
    "approximate_randomisation",
    "best_threshold",
    "best_thresholds_per_label",
    "calibrate",
    "compare_runs",
    "count_entities",
    "diagnose_entities",
    "diagnose_relations",
    "entity_scores",
    "evaluate",
    "f1_scores",
    "holm",
    "judge",
    "macro",
    "measure_difference",
    "measure_differences",
    "paired_bootstrap",
    "per_label",
    "plan",
    "pool_folds",
    "resampled_f1",
    "scored_items",
    "seed_interval",
    "standard_entity_rules",
    "standard_relation_rules",
    "standard_tag_rules",
    "total",
]
