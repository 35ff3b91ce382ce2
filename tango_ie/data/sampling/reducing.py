"""Taking entities out of a sentence, and the relations that lose an argument with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tango_ie.data.annotations import Entity, Relation, Sentence


def with_entities(
    sentence: Sentence, places: Mapping[int, int], entities: tuple[Entity, ...]
) -> tuple[Sentence, tuple[Relation, ...]]:
    """The sentence with other entities, and its relations moved to them.

    Args:
        sentence: with all of its entities.
        places: index of an entity → where it is now; those that are gone are not in it.
        entities: the new ones.

    Returns:
        the sentence, and the relations that were dropped with an argument.
    """
    kept, dropped = [], []
    for relation in sentence.relations:
        if relation.head in places and relation.tail in places:
            head, tail = places[relation.head], places[relation.tail]
            kept.append(replace(relation, head=head, tail=tail))
        else:
            dropped.append(relation)
    return replace(sentence, entities=entities, relations=tuple(kept)), tuple(dropped)


def show(sentence: Sentence, entity: Entity) -> str:
    """An entity for a note, as ``PER 'Ada Lind'``.

    >>> show(Sentence(("Ada", "Lind", "sings")), Entity("PER", 0, 2))
    "PER 'Ada Lind'"
    """
    return f"{entity.label} {' '.join(sentence.words[entity.start : entity.end])!r}"


def show_relation(sentence: Sentence, relation: Relation) -> str:
    """A relation for a note."""
    head, tail = sentence.entities[relation.head], sentence.entities[relation.tail]
    return f"{relation.label} from {show(sentence, head)} to {show(sentence, tail)}"
