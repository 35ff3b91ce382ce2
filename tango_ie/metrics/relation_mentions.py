"""Relations with their entities in place of indices, so that gold and predictions compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence


@dataclass(frozen=True, slots=True)
class RelationMention:
    """A relation between two entities; scores take no part in equality."""

    label: str
    head: Entity
    tail: Entity
    score: float | None = field(default=None, compare=False)


def relation_mentions(
    annotations: Annotations | Sentence, symmetric: Collection[str] = ()
) -> list[RelationMention]:
    """The relations of a sentence, with their entities.

    Args:
        annotations: of one sentence.
        symmetric: labels without a direction; of these, what stands first becomes the head.

    Raises:
        DataError: a relation points to an entity that is not there.

    >>> from tango_ie.data.annotations import Relation
    >>> found = Annotations((Entity("LOC", 3, 4), Entity("PER", 0, 1)), (Relation("near", 0, 1),))
    >>> relation_mentions(found, symmetric=["near"])[0].head.label
    'PER'
    """
    entities = annotations.entities
    mentions = []
    for relation in annotations.relations:
        if not (0 <= relation.head < len(entities) and 0 <= relation.tail < len(entities)):
            raise DataError(
                f"relation {relation.label} ({relation.head} → {relation.tail}) points outside the "
                f"{len(entities)} entities of its sentence"
            )
        head, tail = entities[relation.head], entities[relation.tail]
        if relation.label in symmetric and item_place(tail) < item_place(head):
            head, tail = tail, head
        mentions.append(RelationMention(relation.label, head, tail, relation.score))
    return mentions


def item_place(item: Entity | RelationMention) -> tuple[int | str, ...]:
    """Where an entity or a relation comes in the order of its sentence; equal for equal items."""
    if isinstance(item, RelationMention):
        return *item_place(item.head), *item_place(item.tail), item.label
    return item.start, item.end, item.label
