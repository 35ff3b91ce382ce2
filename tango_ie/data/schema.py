"""The label inventories of a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tango_ie.data.annotations import Sentence
from tango_ie.data.label_names import natural_name


@dataclass(frozen=True)
class Schema:
    """Entity types, relation types and tag layers, in a deterministic (sorted) order.

    Args:
        entity_types: labels of entities.
        relation_types: labels of relations.
        tag_layers: for each named layer of word tags, its tags.
        names: natural-language names of labels where the derived one will not do.

    >>> schema = Schema(entity_types=("RATINGS_AVERAGE",), names={})
    >>> schema.natural_name("RATINGS_AVERAGE")
    'ratings average'
    """

    entity_types: tuple[str, ...] = ()
    relation_types: tuple[str, ...] = ()
    tag_layers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_sentences(
        cls, sentences: Iterable[Sentence], names: Mapping[str, str] | None = None
    ) -> Schema:
        """Collect the labels that occur in ``sentences``."""
        entity_types: set[str] = set()
        relation_types: set[str] = set()
        layers: dict[str, set[str]] = {}
        for sentence in sentences:
            entity_types.update(entity.label for entity in sentence.entities)
            relation_types.update(relation.label for relation in sentence.relations)
            for layer, tags in sentence.tags.items():
                layers.setdefault(layer, set()).update(tags)
        return cls(
            entity_types=tuple(sorted(entity_types)),
            relation_types=tuple(sorted(relation_types)),
            tag_layers={layer: tuple(sorted(tags)) for layer, tags in sorted(layers.items())},
            names=dict(names or {}),
        )

    def merge(self, other: Schema) -> Schema:
        """The schema that holds the labels of both."""
        layers = sorted({*self.tag_layers, *other.tag_layers})
        return Schema(
            entity_types=tuple(sorted({*self.entity_types, *other.entity_types})),
            relation_types=tuple(sorted({*self.relation_types, *other.relation_types})),
            tag_layers={
                layer: tuple(
                    sorted({*self.tag_layers.get(layer, ()), *other.tag_layers.get(layer, ())})
                )
                for layer in layers
            },
            names={**self.names, **other.names},
        )

    def natural_name(self, label: str) -> str:
        """A name that can be read aloud, for models that ask for a type by its name."""
        return self.names.get(label) or natural_name(label)

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "entity_types": list(self.entity_types),
            "relation_types": list(self.relation_types),
            "tag_layers": {layer: list(tags) for layer, tags in self.tag_layers.items()},
            "names": dict(self.names),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Schema:
        """The inverse of :meth:`to_json`."""
        return cls(
            entity_types=tuple(value["entity_types"]),
            relation_types=tuple(value["relation_types"]),
            tag_layers={layer: tuple(tags) for layer, tags in value["tag_layers"].items()},
            names=dict(value["names"]),
        )
