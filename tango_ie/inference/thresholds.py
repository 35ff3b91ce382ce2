"""Thresholds of confidence for what a model predicts, found on a split whose gold is known."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Relation, Sentence
from tango_ie.metrics.diagnosis import Item
from tango_ie.metrics.relation_mentions import relation_mentions
from tango_ie.metrics.scored_items import scored_items
from tango_ie.metrics.thresholds import Thresholds, best_threshold, best_thresholds_per_label

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnnotationThresholds:
    """Thresholds for entities and for relations; ``None`` keeps all of a sort.

    >>> from tango_ie.data.annotations import Entity
    >>> sure, unsure = Entity("PER", 0, 1, score=0.9), Entity("LOC", 2, 3, score=0.2)
    >>> found = Annotations((unsure, sure), (Relation("in", 1, 0), Relation("self", 1, 1)))
    >>> AnnotationThresholds(entities=Thresholds(0.5)).apply(found).relations
    (Relation(label='self', head=0, tail=0, score=None),)
    """

    entities: Thresholds | None = None
    relations: Thresholds | None = None

    def apply(self, found: Annotations) -> Annotations:
        """What is confident enough, in its order.

        With an entity go the relations that it is an end of; a relation goes alone. Of an entity
        that was predicted twice, relations of a copy that goes move to one that stays.
        """
        entities = tuple(_kept(found.entities, self.entities))
        if len(entities) == len(found.entities):
            relations = tuple(_kept(found.relations, self.relations))
            return Annotations(entities, relations, found.tags)
        places = {entity: place for place, entity in enumerate(entities)}
        moved = []
        for relation in _kept(found.relations, self.relations):
            head, tail = found.entities[relation.head], found.entities[relation.tail]
            if head in places and tail in places:
                moved.append(Relation(relation.label, places[head], places[tail], relation.score))
        return Annotations(entities, tuple(moved), found.tags)

    def to_json(self) -> dict[str, Any]:
        """JSON-able form, as a config has it."""
        return asdict(self)


def find_thresholds(
    gold: Sequence[Sentence],
    predicted: Sequence[Annotations],
    per_label: bool = False,
    symmetric: Collection[str] = (),
) -> AnnotationThresholds:
    """The thresholds with the highest micro F1 by the strict rules.

    Those of relations are looked for among the relations whose entities stay. What is not predicted
    at all gets no threshold, nor does what has no confidences, which is logged.

    Args:
        gold: the sentences of a split.
        predicted: one for each of them, with confidences.
        per_label: one threshold for each label, instead of one for all.
        symmetric: relation types without a direction.

    Raises:
        DataError: nothing was predicted, or nothing of it has a confidence.
    """
    entities = _best(
        "entities",
        [sentence.entities for sentence in gold],
        [sentence.entities for sentence in predicted],
        per_label,
    )
    kept = map(AnnotationThresholds(entities).apply, predicted)
    relations = _best(
        "relations",
        [relation_mentions(sentence, symmetric) for sentence in gold],
        [relation_mentions(sentence, symmetric) for sentence in kept],
        per_label,
    )
    if entities is None and relations is None:
        raise DataError(
            "no prediction has a confidence, so there is nothing to find a threshold for; use a "
            "model that gives confidences, and a split in which it finds something"
        )
    return AnnotationThresholds(entities, relations)


def _best(
    things: str,
    gold: Sequence[Iterable[Item]],
    predicted: Sequence[Iterable[Item]],
    per_label: bool,
) -> Thresholds | None:
    items = scored_items(gold, predicted)
    if items.num_unscored:
        _logger.warning(
            "%s of %s predicted %s have no confidence; all are kept, whatever their confidence",
            f"{items.num_unscored:,}",
            f"{items.num_unscored + len(items):,}",
            things,
        )
        return None
    if not len(items):
        return None
    found = best_thresholds_per_label(items) if per_label else best_threshold(items)
    _logger.info(
        "thresholds for %s: F1 %.2f without, %.2f with them",
        things,
        100 * found.before.f1,
        100 * found.after.f1,
    )
    return found


def _kept(items: Sequence[Any], thresholds: Thresholds | None) -> Sequence[Any]:
    if thresholds is None:
        return items
    return [item for item in items if thresholds.keeps(item.label, item.score)]
