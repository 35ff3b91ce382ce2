"""Predicted entities under the names of another corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity
from tango_ie.inference.predictions import Predictions


def map_predictions(predictions: Predictions, entities: Mapping[str, str | None]) -> Predictions:
    """Rename predicted types and drop some, so that a corpus with other types can be scored.

    Relations of dropped entities are dropped. Entities of one span that become equal are one, with
    the higher score. How many are dropped is in the info, as ``dropped_types``.

    Args:
        predictions: of any model.
        entities: type → its new name, or ``None`` to drop it; other types stay.

    Raises:
        ConfigurationError: a type that the model does not know, or an empty name.

    >>> found = Predictions([Annotations((Entity("MISC", 0, 1), Entity("PER", 1, 2)))])
    >>> [entity.label for entity in map_predictions(found, {"MISC": None}).annotations[0].entities]
    ['PER']
    """
    if "" in entities.values():
        raise ConfigurationError("a new name is empty; null drops a type", "entities")
    known = predictions.info.get("entity_types")
    unknown = [] if known is None else sorted({*entities} - {*known})
    if unknown:
        raise ConfigurationError(
            f"the model does not predict {', '.join(unknown)}; it knows {', '.join(known or ())}",
            "entities",
        )
    dropped: Counter[str] = Counter()
    annotations = [_mapped(found, entities, dropped) for found in predictions.annotations]
    info = {**predictions.info, "dropped_types": dict(sorted(dropped.items()))}
    if known is not None:
        new = {entities.get(label, label) for label in known}
        info["entity_types"] = sorted(label for label in new if label is not None)
    return Predictions(annotations, info)


def _mapped(
    found: Annotations, types: Mapping[str, str | None], dropped: Counter[str]
) -> Annotations:
    kept: dict[Entity, float | None] = {}  # in their order, with their scores
    places: dict[int, int] = {}
    for index, entity in enumerate(found.entities):
        label = types.get(entity.label, entity.label)
        if label is None:
            dropped[entity.label] += 1
            continue
        renamed = Entity(label, entity.start, entity.end)
        before = kept.get(renamed)
        kept[renamed] = entity.score if before is None else max(before, entity.score or 0.0)
        places[index] = list(kept).index(renamed)
    relations = tuple(
        replace(relation, head=places[relation.head], tail=places[relation.tail])
        for relation in found.relations
        if relation.head in places and relation.tail in places
    )
    renamed_entities = tuple(replace(entity, score=score) for entity, score in kept.items())
    return replace(found, entities=renamed_entities, relations=relations)
