"""Counts of one split by all rules that fit what was predicted."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.metrics.calibration import Calibration, calibrate
from tango_ie.metrics.diagnosis import Item
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.relation_errors import RELATION_ERRORS, diagnose_relations
from tango_ie.metrics.relation_mentions import relation_mentions
from tango_ie.metrics.relation_rules import Ends
from tango_ie.metrics.rule_table import RuleTable
from tango_ie.metrics.scored_items import scored_items
from tango_ie.metrics.standard_rules import (
    standard_entity_rules,
    standard_relation_rules,
    standard_tag_rules,
)

_STRICT_RELATIONS = "relations strict"
_logger = logging.getLogger(__name__)


def entity_tables(
    gold: Sequence[Sentence],
    predicted: Sequence[Annotations],
    labels: Collection[str],
    training: Iterable[Sentence] | None = None,
    where: str = "the training data",
) -> list[RuleTable]:
    """Entities by all standard rules but the strict one.

    None where there are no entity types and none was predicted: then nobody asks about entities.

    Args:
        gold: the sentences of the split.
        predicted: one for each of them.
        labels: entity types of the corpus, in the order in which they are shown.
        training: entities in it are told apart from others; read once.
        where: what ``training`` is called.
    """
    if not labels and not any(sentence.entities for sentence in predicted):
        return []
    rules = standard_entity_rules(training, where)[1:]
    return [
        RuleTable.of(rule, gold, predicted, () if rule.grouped_by else labels) for rule in rules
    ]


def relation_tables(
    gold: Sequence[Sentence],
    predicted: Sequence[Annotations],
    labels: Iterable[str],
    symmetric: Collection[str] = (),
    ends: Ends = "strict",
) -> list[RuleTable]:
    """Relations by all standard rules; the strict one with errors and calibration.

    Args:
        gold: the sentences of the split.
        predicted: one for each of them.
        labels: relation types, in the order in which they are shown.
        symmetric: those without a direction.
        ends: what the first rule looks at of head and tail.
    """
    found = []
    for rule in standard_relation_rules(symmetric, ends):
        table = RuleTable.of(rule, gold, predicted, () if rule.grouped_by else labels)
        if rule.name == _STRICT_RELATIONS:
            table = replace(
                table,
                errors=ErrorCounts.of(
                    diagnose_relations(gold, predicted, symmetric), RELATION_ERRORS
                ),
                calibration=calibration_of(
                    [relation_mentions(sentence, symmetric) for sentence in gold],
                    [relation_mentions(sentence, symmetric) for sentence in predicted],
                ),
            )
        found.append(table)
    return found


def tag_tables(
    gold: Sequence[Sentence], predicted: Sequence[Annotations], schema: Schema
) -> Iterator[RuleTable]:
    """The layers of tags that were predicted.

    A layer that gold does not have in every sentence cannot be scored, which is logged.
    """
    layers: Mapping[str, Collection[str]] = schema.tag_layers
    given = {layer for sentence in predicted for layer, tags in sentence.tags.items() if tags}
    for layer in sorted(given):
        if layer in layers and all(layer in sentence.tags for sentence in gold):
            for rule in standard_tag_rules({layer: layers[layer]}):
                yield RuleTable.of(rule, gold, predicted)
        else:
            _logger.warning("gold lacks the predicted layer %r; its tags are not scored", layer)


def calibration_of(
    gold: Sequence[Iterable[Item]], predicted: Sequence[Iterable[Item]]
) -> Calibration | None:
    """Calibration of the predicted items; ``None`` where there are some, but none has a confidence.

    Where nothing was predicted it has no bins, so that it can be merged with that of other parts.
    """
    items = scored_items(gold, predicted)
    if items.num_unscored and not len(items):
        return None
    return calibrate(items.scores, items.correct, num_unscored=items.num_unscored)
