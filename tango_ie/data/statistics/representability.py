"""What the designs of models cannot represent, whatever they learn."""

from __future__ import annotations

from tango_ie.data.statistics.entity_counts import EntityCounts
from tango_ie.data.statistics.relation_counts import RelationCounts

SPAN_LIMITS = (5, 8, 10, 12, 15)


def unrepresentable(entities: EntityCounts, relations: RelationCounts) -> dict[str, dict[str, int]]:
    """Gold entities and relations that each design loses at least.

    * ``flat_tags``: one tag per word, in any of our schemes; overlaps are flattened.
    * ``tags_without_begin``: tags that only say inside or outside merge an entity with the
      neighbour of the same type that it follows; beside what flat tags lose.
    * ``one_type_per_span``: one of the entities with the same span.
    * ``nested_trees``: parsers, for which spans must not cross: entities that cross another.
    * ``spans_up_to_<k>_words``: entities, and relations with an argument, that are longer.
    * ``one_relation_per_pair``: all but one of the relation types of a head and a tail.
    * ``no_self_relations``: relations whose head is their tail.
    """
    return {
        "flat_tags": _lost(entities.overlapping, relations.lost_when_flat),
        "tags_without_begin": _lost(entities.touching, 0),
        "one_type_per_span": _lost(entities.span_repeated, 0),
        "nested_trees": _lost(entities.crossed, 0),
        **{
            f"spans_up_to_{limit}_words": _lost(
                entities.longer_than(limit), relations.with_argument_longer_than(limit)
            )
            for limit in SPAN_LIMITS
        },
        "one_relation_per_pair": _lost(0, relations.beyond_one_per_pair),
        "no_self_relations": _lost(0, relations.self_relations),
    }


def _lost(entities: int, relations: int) -> dict[str, int]:
    return {"entities": entities, "relations": relations}
